/** A page database in memory, with the promises of the real one: for tests in Node and for the simulation. What it keeps survives `close`
 *  in its `disk`, so that a crash and a restart can be played; bytes are copied on the way in and out. Never used by a page. */
import { Fault } from '#protocols/errors.ts'
import { checkBatch, checkRowStores, pageStoreName } from './batch-rules.ts'
import type { CommitBatch, PageDatabase, PageKey, PageSet, Row, RowKey, RowStores, RowWrite } from './page-database.ts'

/** What lies on the disk. A test may look at it, alter it or throw it away. */
export interface MemoryDisk {
  readonly pages: Map<string, PageKey & { bytes: Uint8Array }>
  readonly rows: Map<string, Map<RowKey, unknown>>
}
export const createMemoryDisk = (): MemoryDisk => ({ pages: new Map(), rows: new Map() })

export interface MemoryOptions {
  readonly disk: MemoryDisk
  readonly rowStores: RowStores
  /** Runs before a batch is written. What it throws fails the commit with nothing written. */
  readonly beforeCommit?: (batch: CommitBatch) => void | Promise<void>
}

const nameOf = (set: PageSet): string => JSON.stringify([set.database, set.collection, set.schemaVersion])
const pageName = (key: PageKey): string => `${nameOf(key)}${key.number}`

/** The order of IndexedDB: all numbers, then all texts. */
const compareKeys = (a: RowKey, b: RowKey): number => {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

export function openMemoryPageDatabase({ disk, rowStores, beforeCommit }: MemoryOptions): PageDatabase {
  checkRowStores(rowStores)
  let isClosed = false
  const keepOpen = (): void => {
    if (isClosed) throw new Fault('store/read-only', { reason: 'closed' })
  }
  const rowsOf = (store: string): Map<RowKey, unknown> => {
    const rows = disk.rows.get(store) ?? new Map<RowKey, unknown>()
    disk.rows.set(store, rows)
    return rows
  }
  const pagesOf = (wanted: (key: PageKey) => boolean) =>
    [...disk.pages.values()].filter(wanted).sort((a, b) => a.number - b.number)

  function writeRow({ store, key, mode, value }: RowWrite, rows: Map<RowKey, unknown>): void {
    if (mode === 'delete') rows.delete(key)
    else if (mode === 'add' && rows.has(key)) throw new Fault('store/key-taken', { store })
    else rows.set(key, structuredClone(value))
  }

  return {
    async commit(batch) {
      keepOpen()
      checkBatch(batch, rowStores)
      await beforeCommit?.(batch)
      const stores = new Set(batch.rows.map((row) => row.store))
      const drafts = new Map([...stores].map((store) => [store, new Map(rowsOf(store))]))
      for (const row of batch.rows) writeRow(row, drafts.get(row.store) as Map<RowKey, unknown>)
      for (const page of batch.pages)
        if (disk.pages.has(pageName(page))) throw new Fault('store/key-taken', { store: pageStoreName })
      for (const key of batch.removals) disk.pages.delete(pageName(key))
      for (const page of batch.pages) disk.pages.set(pageName(page), { ...page, bytes: page.bytes.slice() })
      for (const [store, rows] of drafts) disk.rows.set(store, rows)
    },
    async readPages(set) {
      keepOpen()
      return pagesOf((key) => nameOf(key) === nameOf(set)).map(({ number, bytes }) => ({
        number,
        bytes: bytes.slice(),
      }))
    },
    async listPages(database) {
      keepOpen()
      return pagesOf((key) => key.database === database).map(({ bytes: _, ...key }) => key)
    },
    async readRow(store, key) {
      keepOpen()
      return structuredClone(rowsOf(store).get(key))
    },
    async readRows(store, { from, limit = Number.POSITIVE_INFINITY } = {}): Promise<Row[]> {
      keepOpen()
      return [...rowsOf(store)]
        .map(([key, value]) => ({ key, value: structuredClone(value) }))
        .filter(({ key }) => from === undefined || compareKeys(key, from) >= 0)
        .sort((a, b) => compareKeys(a.key, b.key))
        .slice(0, limit)
    },
    close() {
      isClosed = true
    },
  }
}
