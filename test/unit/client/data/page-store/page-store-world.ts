/** A device for these tests: a disk that survives, page stores opened on it, RxDB databases over them, keys by database name. */
import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb/plugins/core'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import {
  createMemoryDisk,
  type MemoryDisk,
  openMemoryPageDatabase,
} from '../../../../../client/shared/data/page-store/memory-page-database.ts'
import { openPage } from '../../../../../client/shared/data/page-store/page-codec.ts'
import type { CommitBatch } from '../../../../../client/shared/data/page-store/page-database.ts'
import { createPageStore } from '../../../../../client/shared/data/page-store/page-store.ts'

await ready

export interface Matter {
  id: string
  title: string
  rank: number
  note?: string
}
export const matterSchema: RxJsonSchema<Matter> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 32 },
    title: { type: 'string', maxLength: 200 },
    rank: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
    note: { type: 'string' },
  },
  required: ['id', 'title', 'rank'],
  indexes: ['rank', ['title', 'rank']],
}

export const matter = (n: number, more: Partial<Matter> = {}): Matter => ({
  id: n.toString(16).padStart(32, '0'),
  title: `matter ${n}`,
  rank: n,
  ...more,
})
export const idOf = (n: number): string => matter(n).id

export const keyNamed = (name: string, wrong = 0): Uint8Array => {
  const key = new Uint8Array(32).fill(7 + wrong)
  key.set(new TextEncoder().encode(name).subarray(0, 31))
  return key
}

export interface Device {
  readonly disk: MemoryDisk
  readonly store: ReturnType<typeof createPageStore>
  readonly pages: ReturnType<typeof openMemoryPageDatabase>
  readonly commits: CommitBatch[]
  /** Throw here to fail the next commits; wait here to hold them. */
  hook: ((batch: CommitBatch) => void | Promise<void>) | undefined
  database(name?: string): Promise<RxDatabase>
  close(): Promise<void>
}

let seed = 0
export function startDevice(disk: MemoryDisk = createMemoryDisk(), keyOf = (name: string) => keyNamed(name)): Device {
  const databases: RxDatabase[] = []
  const commits: CommitBatch[] = []
  const pages = openMemoryPageDatabase({
    disk,
    rowStores: { changes: 'insert-only', state: 'replaceable' },
    async beforeCommit(batch) {
      await device.hook?.(batch)
      commits.push(batch)
    },
  })
  const store = createPageStore({ pages, keyOf, random: createSeededRandom(seed++) })
  const device: Device = {
    disk,
    store,
    pages,
    commits,
    hook: undefined,
    async database(name = 'officer') {
      const database = await createRxDatabase({ name, storage: store.storage, multiInstance: false })
      databases.push(database)
      return database
    },
    async close() {
      for (const database of databases) await database.close()
      await store.close()
      pages.close()
    },
  }
  return device
}

export async function mattersOf(device: Device, name = 'officer'): Promise<RxCollection<Matter>> {
  const database = await device.database(name)
  const { matters } = await database.addCollections({ matters: { schema: matterSchema } })
  return matters as RxCollection<Matter>
}

/** What a thief with the key would read: the plaintext of every page of a database, stale versions too. */
export function plainOf(disk: MemoryDisk, database = 'officer', collection?: string): string {
  return [...disk.pages.values()]
    .filter((page) => page.database === database && (collection === undefined || page.collection === collection))
    .map((page) => JSON.stringify(openPage(keyNamed(database), page, page.bytes)))
    .join('\n')
}

export const pagesOf = (disk: MemoryDisk, collection = 'matters', database = 'officer') =>
  [...disk.pages.values()]
    .filter((page) => page.database === database && page.collection === collection)
    .sort((a, b) => a.number - b.number)
