/** An enrolled device: its storage open, its station pinned, its officers' wrapped keys at hand. Nothing here can read a record. */
import { Fault } from '#protocols/errors.ts'
import type { DeviceDb } from './device-db.ts'
import { openDeviceDb, readDeviceKeys, writeDeviceKeys } from './device-db.ts'
import { makeDeviceKeys, openDeviceKeys } from './device-keys.ts'
import { createEdgeTime, type EdgeTime } from './edge-time.ts'
import { type EnrolmentDoc, enrolDevice, type PinnedStation, pinnedStation } from './enrolment.ts'
import type { Http } from './http.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { officerDatabase } from './officer.ts'
import type { PageDatabase } from './page-store/page-database.ts'
import type { Platform } from './platform.ts'
import { tableOf } from './rx-tables.ts'
import type { TimeDoc } from './tables.ts'

export interface Device {
  readonly db: DeviceDb
  readonly enrolment: EnrolmentDoc
  readonly station: PinnedStation
  readonly time: EdgeTime
  readonly keyring: Keyring
  /** Changes of all officers without a receipt. */
  pending(): Promise<number>
  /** Every page of this officer's database. */
  removeOfficer(account: string): Promise<void>
  close(): Promise<void>
}

/** Null: not enrolled, or an enrolment was cut off before the answer was kept. */
export async function openDevice(platform: Platform, pages: PageDatabase): Promise<Device | null> {
  const { subtle, random, clock, timers } = platform
  const keyRow = await readDeviceKeys(pages)
  if (!keyRow) return null
  const db = await openDeviceDb({ pages, subtle, keyRow, random })
  const enrolment = (await db.state.get('enrolment')) as EnrolmentDoc | null
  if (!enrolment) {
    await db.close()
    return null
  }
  const queue = tableOf(db.rx.queue)
  return {
    db,
    enrolment,
    station: pinnedStation(enrolment.stationCertificate),
    time: createEdgeTime(clock, (await db.state.get('time')) as TimeDoc | null),
    keyring: createKeyring({
      device: enrolment.device,
      secret: db.keys.secret,
      random,
      timers,
      ...(platform.pinCost && { cost: platform.pinCost }),
      save: db.putOfficer,
    }),
    pending: async () => (await queue.where({ state: 'pending' })).length,
    async removeOfficer(account) {
      const removals = await pages.listPages(officerDatabase(account))
      if (removals.length > 0) await pages.commit({ pages: [], removals, rows: [] })
    },
    close: () => db.close(),
  }
}

/** Enrols over the network, then writes down. What this device held before is deleted: `before` closes and clears it, once the station has agreed. */
export async function enrol(
  platform: Platform,
  http: Http,
  ticket: string,
  before: () => Promise<PageDatabase>,
): Promise<Device> {
  const { subtle, random, face } = platform
  const keyRow = await makeDeviceKeys(subtle, random)
  const enrolment = await enrolDevice(http, openDeviceKeys(subtle, keyRow), face, ticket)
  const pages = await before()
  await writeDeviceKeys(pages, keyRow)
  const db = await openDeviceDb({ pages, subtle, keyRow, random })
  await db.putState(enrolment)
  await db.close()
  const device = await openDevice(platform, pages)
  if (!device) throw new Fault('store/corrupt', { what: 'enrolment' })
  return device
}
