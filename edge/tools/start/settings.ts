/** The settings file of each process, written anew at every start: ports and paths may have changed. The hub's stands first, since it needs
 *  nothing of the station; everything but the gateway stays on loopback. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transport } from '../../tls/files.ts'
import { stationFacts } from '../seed/facts.ts'
import type { StartOptions } from './options.ts'
import type { Place } from './ports.ts'
import type { PreparedStation } from './station.ts'

const loopback = '127.0.0.1'
const everywhere = '0.0.0.0'

export interface Urls {
  readonly kiosk: string
  readonly desk: string
  readonly handheld: string
  readonly hub: string
  readonly reader: string
}

const portsOf = (base: number) => ({
  gateway: base,
  hub: base + 1,
  broker: base + 2,
  control: base + 3,
  camera: base + 4,
  trust: base + 6,
})
const cameraCount = 2

/** All that one start listens on. */
export function placesOf({ ports, lan }: StartOptions): Place[] {
  const { gateway, hub, broker, control, camera, trust } = portsOf(ports)
  const inside = [hub, broker, control, ...Array.from({ length: cameraCount }, (_, index) => camera + index)]
  const open = lan === null ? [] : [gateway, trust]
  return [
    ...(lan === null ? [gateway, ...inside] : inside).map((port) => ({ host: loopback, port })),
    ...open.map((port) => ({ host: everywhere, port })),
  ]
}

export function urlsOf({ ports, lan }: StartOptions): Urls {
  const { gateway, hub, control } = portsOf(ports)
  const station = lan === null ? `http://${loopback}:${gateway}` : `https://${lan}:${gateway}`
  return {
    kiosk: `${station}/kiosk`,
    desk: `${station}/desk`,
    handheld: `${station}/h/`,
    hub: `http://${loopback}:${hub}/console`,
    reader: `http://${loopback}:${control}/`,
  }
}

/** address: of this machine on its network, or its name. */
export const trustUrlOf = ({ ports }: StartOptions, address: string): string =>
  `http://${address}:${portsOf(ports).trust}/`

const cardsOf = (data: string) => ({
  hubCard: join(data, 'cards', 'hub-card.json'),
  stationCards: join(data, 'cards', 'stations'),
  authority: join(data, 'cards', 'station-ca.crt'),
})
export const hubCardOf = (options: StartOptions): string => cardsOf(options.data).hubCard
export const authorityFileOf = (options: StartOptions): string => cardsOf(options.data).authority

/** Path of the file. */
function write({ data }: StartOptions, name: string, value: unknown): string {
  const run = join(data, 'run')
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const path = join(run, `${name}.json`)
  writeFileSync(path, JSON.stringify(value, null, 1), { mode: 0o600 })
  return path
}

export function writeHubSettings(options: StartOptions, pagesFolder: string): string {
  const { hubCard, stationCards } = cardsOf(options.data)
  return write(options, 'hub', {
    dataFolder: join(options.data, 'hub'),
    pagesFolder,
    host: loopback,
    port: portsOf(options.ports).hub,
    demo: true,
    logFile: join(options.data, 'logs', 'hub.log'),
    hubCard,
    stationCards,
    carrierFolder: join(options.data, 'lane'),
  })
}

export interface StationSettings {
  readonly station: PreparedStation
  readonly pagesFolder: string
  /** Of --lan; null: loopback alone. */
  readonly transport: Transport | null
}

export function writeStationSettings(options: StartOptions, { station, pagesFolder, transport }: StationSettings) {
  const { data, lan } = options
  const { gateway, broker, control, camera: firstCamera, trust } = portsOf(options.ports)
  const { hubCard, stationCards } = cardsOf(data)
  const cameras = station.devices
    .flatMap((device) => (device.kind === 'camera' && device.kiosk ? [device] : []))
    .slice(0, cameraCount)
  const open = transport && {
    host: everywhere,
    allowLan: true,
    tls: { certFile: transport.certFile, keyFile: transport.keyFile, name: lan },
    trustPage: { port: trust, caFile: transport.caFile },
    firstTicket: true,
  }
  return {
    broker: write(options, 'broker', {
      host: loopback,
      port: broker,
      dataDir: join(data, 'broker'),
      queueKeyPath: join(station.secrets, 'broker-queue.key'),
      credentialsPath: join(station.secrets, 'broker-credentials.json'),
    }),
    gateway: write(options, 'gateway', {
      dataFolder: station.folder,
      pagesFolder,
      host: loopback,
      port: gateway,
      ...open,
      station: stationFacts,
      demo: open === null,
      demoData: true,
      logFile: join(data, 'logs', 'gateway.log'),
      broker: { url: `mqtt://${loopback}:${broker}`, secretFile: join(station.secrets, 'gateway') },
      cameras: cameras.map((camera, index) => ({
        unit: camera.kiosk,
        url: `http://${loopback}:${firstCamera + index}/snapshot`,
        username: 'gateway',
        passwordFile: join(station.secrets, camera.id),
      })),
      lane: {
        hubCard,
        stationCard: join(stationCards, `${stationFacts.code}.json`),
        folder: join(data, 'lane'),
        everyMs: 1000,
      },
      verifyThreads: 1,
    }),
    simulators: write(options, 'simulators', {
      brokerUrl: `mqtt://${loopback}:${broker}`,
      controlPort: control,
      cameras: cameras.map((camera, index) => ({
        name: camera.id,
        port: firstCamera + index,
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
