/** Seeds the demo station: database, people with PINs, and a secret for each machine. Only a first start loads this. */
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64Url } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { hashSecret, writeCredentials } from '../../broker/credentials.ts'
import { openStation } from '../../gateway.ts'
import { stationFacts } from '../seed/facts.ts'
import { type DemoDevice, type SeededStation, seedStation } from '../seed/station.ts'

export interface SeedingParts {
  readonly random: Random
  readonly nowMs: number
  readonly onProgress: (done: number, total: number) => void
}

export interface SeedingPlaces {
  readonly folder: string
  readonly secrets: string
  /** Written last: it says that all else is there. */
  readonly seeded: string
}

export async function seedFolder({ folder, secrets, seeded }: SeedingPlaces, parts: SeedingParts): Promise<void> {
  await ready
  rmSync(folder, { recursive: true, force: true })
  const station = await seed(folder, parts)
  await writeMachineSecrets(secrets, station.devices, parts.random)
  writePrivate(join(folder, 'demo-people.json'), JSON.stringify(station.people))
  writePrivate(seeded, JSON.stringify(station))
}

async function seed(folder: string, parts: SeedingParts): Promise<SeededStation> {
  const { keys, store } = openStation(folder, stationFacts.name, parts.random, parts.nowMs)
  try {
    return await seedStation({
      store,
      keys,
      random: parts.random,
      nowMs: parts.nowMs,
      seed: 'demo',
      onProgress: parts.onProgress,
    })
  } finally {
    store.close()
  }
}

/** 32 random bytes for each machine and for the gateway's own client; the broker is told their hashes. */
async function writeMachineSecrets(folder: string, devices: readonly DemoDevice[], random: Random): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secretOf = (name: string): string => {
    const secret = toBase64Url(random.bytes(32))
    writePrivate(join(folder, name), secret)
    return secret
  }
  const gateway = secretOf('gateway')
  const speakers = devices.flatMap((device) =>
    device.kind === 'camera' ? [] : [{ deviceId: device.id, kind: device.kind }],
  )
  for (const device of devices) if (device.kind === 'camera') secretOf(device.id)
  await writeCredentials(join(folder, 'broker-credentials.json'), {
    version: 1,
    gateway: { secretHash: hashSecret('gateway', gateway) },
    devices: speakers.map(({ deviceId, kind }) => ({
      deviceId,
      kind,
      secretHash: hashSecret(deviceId, secretOf(deviceId)),
    })),
  })
  const queueKey = join(folder, 'broker-queue.key')
  writeFileSync(queueKey, random.bytes(32), { mode: 0o600 })
  chmodSync(queueKey, 0o600)
}

function writePrivate(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600 })
  renameSync(`${path}.part`, path)
}
