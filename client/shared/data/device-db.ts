/** The device's storage: one page database with its row stores, the page store over it, and the RxDB database `device`, which opens without a PIN
 *  and holds no content: upload queue, chain head, wrapped keys. Changes themselves are sealed to the station (security.md, 5). */
import { createRxDatabase } from 'rxdb/plugins/core'
import { subKey } from '#crypto/keys.ts'
import type { Random } from '#crypto/random.ts'
import { assert } from '#protocols/errors.ts'
import { type DeviceKeyRow, type DeviceKeys, openDeviceKeys } from './device-keys.ts'
import type { OfficerDoc } from './keyring.ts'
import type { PageDatabase, RowStores } from './page-store/page-database.ts'
import { createPageStore, type PageStore } from './page-store/page-store.ts'
import { changeStore, refOf, tableOf } from './rx-tables.ts'
import { type DeviceCollections, type DeviceRx, deviceSchemas } from './schemas.ts'
import type { DeviceState, Table } from './tables.ts'

export const fileStore = 'files'
const keyStore = 'keys'
const keyName = 'device'

/** Given to whoever opens the page database. */
export const deviceRowStores: RowStores = {
  [changeStore]: 'insert-only',
  [fileStore]: 'replaceable',
  [keyStore]: 'replaceable',
}
export const deviceStorageVersion = 1

const deviceName = 'device'

export interface DeviceDb {
  readonly pages: PageDatabase
  readonly store: PageStore
  readonly rx: DeviceRx
  readonly keys: DeviceKeys
  readonly state: Table<DeviceState>
  readonly officers: Table<OfficerDoc>
  putState(...docs: readonly DeviceState[]): Promise<void>
  dropState(...ids: readonly string[]): Promise<void>
  putOfficer(doc: OfficerDoc): Promise<void>
  /** From now on pages of this database are sealed under this key; null takes it away. */
  setKey(database: string, key32: Uint8Array | null): void
  close(): Promise<void>
}

export async function readDeviceKeys(pages: PageDatabase): Promise<DeviceKeyRow | null> {
  return ((await pages.readRow(keyStore, keyName)) as DeviceKeyRow | undefined) ?? null
}

export const writeDeviceKeys = (pages: PageDatabase, row: DeviceKeyRow): Promise<void> =>
  pages.commit({ pages: [], removals: [], rows: [{ store: keyStore, key: keyName, mode: 'put', value: row }] })

/** Two devices in one realm (tests) must not be taken for one by RxDB, which tells databases apart by name and storage. */
let opened = 0

export interface DeviceDbOptions {
  readonly pages: PageDatabase
  readonly subtle: SubtleCrypto
  readonly keyRow: DeviceKeyRow
  readonly random: Random
}

export async function openDeviceDb({ pages, subtle, keyRow, random }: DeviceDbOptions): Promise<DeviceDb> {
  const keys = openDeviceKeys(subtle, keyRow)
  const secret = await keys.secret()
  const pageKeys = new Map<string, Uint8Array>([[deviceName, subKey(secret, 1, 'page')]])
  secret.fill(0)
  const keyOf = (database: string): Uint8Array => {
    const key = pageKeys.get(database)
    assert(key, 'A database is used while its key is here.')
    return key
  }
  const inner = createPageStore({ pages, keyOf, random })
  const store: PageStore = { ...inner, storage: { ...inner.storage, name: `${inner.storage.name}-${++opened}` } }
  const rx = await createRxDatabase<DeviceCollections>({
    name: deviceName,
    storage: store.storage,
    multiInstance: false,
  })
  await rx.addCollections(deviceSchemas)
  const upsert = (collection: 'state' | 'officers', docs: readonly object[]): Promise<void> =>
    store.atomic((atomic) => atomic.upsert(refOf(rx[collection] as never), docs as never))

  return {
    pages,
    store,
    rx,
    keys,
    state: tableOf(rx.state),
    officers: tableOf(rx.officers),
    putState: (...docs) => upsert('state', docs),
    dropState: (...ids) => store.atomic((atomic) => atomic.purge(refOf(rx.state), ids)),
    putOfficer: (doc) => upsert('officers', [doc]),
    setKey(database, key32) {
      if (key32) pageKeys.set(database, key32)
      else pageKeys.delete(database)
    },
    async close() {
      await rx.close()
      await store.close()
      for (const key of pageKeys.values()) key.fill(0)
      pageKeys.clear()
    },
  }
}
