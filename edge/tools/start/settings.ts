/** The settings file of each process, written anew at every start: ports and paths may have changed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stationFacts } from '../seed/station.ts'
import type { StartOptions } from './options.ts'
import type { PreparedStation } from './station.ts'

const host = '127.0.0.1'

export interface Urls {
  readonly kiosk: string
  readonly desk: string
  readonly handheld: string
  readonly hub: string
  readonly reader: string
}

export function writeSettings(options: StartOptions, station: PreparedStation, pagesFolder: string) {
  const { data, ports } = options
  const run = join(data, 'run')
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const [gateway, hub, broker, control] = [ports, ports + 1, ports + 2, ports + 3]
  const lane = { folder: join(data, 'lane'), hubCard: join(data, 'cards', 'hub-card.json'), stationCard: join(data, 'cards', 'stations', `${stationFacts.code}.json`) }
  const cameras = station.devices.flatMap((device) => (device.kind === 'camera' && device.kiosk ? [device] : []))
  const write = (name: string, value: unknown): string => {
    const path = join(run, `${name}.json`)
    writeFileSync(path, JSON.stringify(value, null, 1), { mode: 0o600 })
    return path
  }
  return {
    urls: {
      kiosk: `http://${host}:${gateway}/kiosk`,
      desk: `http://${host}:${gateway}/desk`,
      handheld: `http://${host}:${gateway}/h/`,
      hub: `http://${host}:${hub}/console`,
      reader: `http://${host}:${control}/`,
    } satisfies Urls,
    hub: write('hub', {
      dataFolder: join(data, 'hub'),
      pagesFolder,
      host,
      port: hub,
      demo: true,
      logFile: join(data, 'logs', 'hub.log'),
      hubCard: lane.hubCard,
      stationCards: join(data, 'cards', 'stations'),
      carrierFolder: lane.folder,
    }),
    broker: write('broker', {
      host,
      port: broker,
      dataDir: join(data, 'broker'),
      queueKeyPath: join(station.secrets, 'broker-queue.key'),
      credentialsPath: join(station.secrets, 'broker-credentials.json'),
    }),
    gateway: write('gateway', {
      dataFolder: station.folder,
      pagesFolder,
      host,
      port: gateway,
      station: stationFacts,
      demo: true,
      logFile: join(data, 'logs', 'gateway.log'),
      broker: { url: `mqtt://${host}:${broker}`, secretFile: join(station.secrets, 'gateway') },
      cameras: cameras.map((camera, index) => ({
        unit: camera.kiosk,
        url: `http://${host}:${ports + 4 + index}/snapshot`,
        username: 'gateway',
        passwordFile: join(station.secrets, camera.id),
      })),
      lane: { ...lane, everyMs: 1000 },
      verifyThreads: 1,
    }),
    simulators: write('simulators', {
      brokerUrl: `mqtt://${host}:${broker}`,
      controlPort: control,
      cameras: cameras.map((camera, index) => ({
        name: camera.id,
        port: ports + 4 + index,
        username: 'gateway',
        passwordPath: join(station.secrets, camera.id),
      })),
      readers: station.devices
        .filter((device) => device.kind === 'reader' && device.alive)
        .map((device) => ({ deviceId: device.id, secretPath: join(station.secrets, device.id) })),
      kioskUnits: station.devices
        .filter((device) => device.kind === 'kiosk')
        .map((device) => ({
          deviceId: device.id,
          secretPath: join(station.secrets, device.id),
          camera: cameras.find((camera) => camera.kiosk === device.id)?.id ?? '',
        })),
    }),
  }
}
