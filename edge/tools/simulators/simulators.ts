/** All simulated devices of one configuration, started in order and stopped in reverse. */
import { readFile } from 'node:fs/promises'
import type { Random } from '#crypto/random.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import { createCamera } from '../../devices/camera.ts'
import { type CameraSimulator, createCameraSimulator } from './camera.ts'
import type { SimulatorsConfig } from './config.ts'
import { openControl } from './control.ts'
import { createKioskUnitSimulator, type KioskUnitSimulator } from './kiosk-unit.ts'
import { createReaderSimulator, type ReaderSimulator } from './reader.ts'

export interface Simulators {
  readonly controlPort: number
  readonly readers: readonly ReaderSimulator[]
  readonly cameras: readonly CameraSimulator[]
  readonly kioskUnits: readonly KioskUnitSimulator[]
  close(): Promise<void>
}

export interface SimulatorParts {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}

export async function startSimulators(config: SimulatorsConfig, parts: SimulatorParts): Promise<Simulators> {
  const ca = config.caPath === undefined ? {} : { ca: await readFile(config.caPath) }
  const shared = { url: config.brokerUrl, healthMs: config.healthMs, ...ca, ...parts }

  const cameras: CameraSimulator[] = []
  const logins = new Map<string, { url: string; username: string; password: string }>()
  for (const { name, port, username, passwordPath, algorithm } of config.cameras) {
    const password = await readSecret(passwordPath)
    const camera = await createCameraSimulator({ port, username, password, algorithm, ...parts })
    cameras.push(camera)
    logins.set(name, { url: camera.url, username, password })
  }
  const readers: ReaderSimulator[] = []
  for (const { deviceId, secretPath } of config.readers)
    readers.push(createReaderSimulator({ ...shared, deviceId, secret: await readSecret(secretPath) }))

  const portraitOf = (readerId: string, seq: number) =>
    readers.find(({ deviceId }) => deviceId === readerId)?.portraitOf(seq) ?? null
  const kioskUnits: KioskUnitSimulator[] = []
  for (const { deviceId, secretPath, camera: cameraName } of config.kioskUnits) {
    const login = logins.get(cameraName)
    if (!login) throw new Fault('request/invalid', { faults: `kioskUnits: no camera of that name` })
    const secret = await readSecret(secretPath)
    kioskUnits.push(
      createKioskUnitSimulator({
        ...shared,
        deviceId,
        secret,
        camera: createCamera({ ...login, ...parts }),
        portraitOf,
      }),
    )
  }
  const control = await openControl({ port: config.controlPort, readers, cameras, kioskUnits })

  return {
    controlPort: control.port,
    readers,
    cameras,
    kioskUnits,
    async close() {
      await control.close()
      await Promise.all([...kioskUnits, ...readers].map((device) => device.close()))
      await Promise.all(cameras.map((camera) => camera.close()))
    },
  }
}

const readSecret = async (path: string) => (await readFile(path, 'utf8')).trim()
