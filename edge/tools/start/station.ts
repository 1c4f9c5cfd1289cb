/** The demo station of a data folder: seeded once, read from then on. A folder that was left half-way is seeded anew. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoPerson } from '#protocols/http/session.ts'
import type { DemoDevice, SeededStation } from '../seed/station.ts'
import type { StartOptions } from './options.ts'
import type { SeedingParts } from './seeding.ts'

export interface PreparedStation {
  readonly people: readonly DemoPerson[]
  readonly devices: readonly DemoDevice[]
  readonly folder: string
  readonly secrets: string
}

const placesIn = ({ data }: StartOptions) => ({
  folder: join(data, 'station'),
  secrets: join(data, 'secrets'),
  seeded: join(data, 'station', 'demo-station.json'),
})

export const isSeeded = (options: StartOptions): boolean => existsSync(placesIn(options).seeded)

export async function prepareStation(options: StartOptions, parts: SeedingParts): Promise<PreparedStation> {
  const places = placesIn(options)
  if (!isSeeded(options)) {
    const { seedFolder } = await import('./seeding.ts')
    await seedFolder(places, parts)
  }
  const { people, devices } = JSON.parse(readFileSync(places.seeded, 'utf8')) as SeededStation
  return { people, devices, folder: places.folder, secrets: places.secrets }
}
