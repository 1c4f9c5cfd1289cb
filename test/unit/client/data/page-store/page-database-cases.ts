/** What every page database must do: one body of cases, run on the memory one in Node and on the IndexedDB one in a browser. No test library here,
 *  so that it runs in a page; a broken case throws. */
import type {
  CommitBatch,
  PageDatabase,
  PageKey,
  RowWrite,
} from '../../../../../client/shared/data/page-store/page-database.ts'

export const rowStores = { changes: 'insert-only', state: 'replaceable' } as const

/** Opens the same database again and again; a fresh one for each case. */
export type OpenAgain = () => Promise<PageDatabase>

const set = { database: 'officer', collection: 'matters', schemaVersion: 0 }
const page = (number: number, byte: number, key: Partial<PageKey> = {}) => ({
  ...set,
  ...key,
  number,
  bytes: Uint8Array.of(byte, byte),
})
const batch = (part: Partial<CommitBatch>): CommitBatch => ({ pages: [], removals: [], rows: [], ...part })
const row = (store: string, key: number | string, mode: RowWrite['mode'], value?: unknown): RowWrite => ({
  store,
  key,
  mode,
  value,
})

function same(found: unknown, wanted: unknown): void {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? `bytes ${[...each]}` : each))
  if (text(found) !== text(wanted)) throw new Error(`found ${text(found)}, wanted ${text(wanted)}`)
}
async function fails(
  code: string,
  run: Promise<unknown>,
): Promise<{ code?: string; detail?: object; message: string }> {
  const error = await run.then(
    () => undefined,
    (cause) => cause as { code?: string; detail?: object; message: string },
  )
  if (!error) throw new Error(`did not fail with ${code}`)
  if (error.code !== code && !error.message.includes(code)) throw new Error(`failed with ${error.message}, not ${code}`)
  return error
}
const pagesOf = async (db: PageDatabase) => (await db.readPages(set)).map(({ number, bytes }) => [number, bytes[0]])

export const pageDatabaseCases: Record<string, (open: OpenAgain) => Promise<void>> = {
  'gives back pages by rising number, of their own set only': async (open) => {
    const db = await open()
    await db.commit(
      batch({
        pages: [
          page(10, 1),
          page(9, 2),
          page(9, 3, { schemaVersion: 1 }),
          page(9, 4, { collection: 'matter' }),
          page(9, 5, { collection: 'matters2' }),
          page(9, 6, { database: 'office' }),
        ],
      }),
    )
    same(await pagesOf(db), [
      [9, 2],
      [10, 1],
    ])
    same((await db.listPages('office')).length, 1)
    same((await db.listPages('officer')).map((key) => [key.collection, key.schemaVersion, key.number]).sort(), [
      ['matter', 0, 9],
      ['matters', 0, 10],
      ['matters', 0, 9],
      ['matters', 1, 9],
      ['matters2', 0, 9],
    ])
  },
  'keeps pages and rows when it is closed and opened': async (open) => {
    const first = await open()
    await first.commit(batch({ pages: [page(1, 1)], rows: [row('changes', 1, 'add', { a: Uint8Array.of(9) })] }))
    first.close()
    const db = await open()
    same(await pagesOf(db), [[1, 1]])
    same(await db.readRow('changes', 1), { a: Uint8Array.of(9) })
    same(await db.readRow('changes', 2), undefined)
  },
  'writes pages, removals and rows together': async (open) => {
    const db = await open()
    await db.commit(batch({ pages: [page(1, 1), page(2, 2)] }))
    await db.commit(
      batch({
        pages: [page(3, 3)],
        removals: [{ ...set, number: 1 }],
        rows: [row('state', 'head', 'put', 5), row('changes', 1, 'add', 6)],
      }),
    )
    same(await pagesOf(db), [
      [2, 2],
      [3, 3],
    ])
    same([await db.readRow('state', 'head'), await db.readRow('changes', 1)], [5, 6])
  },
  'writes nothing of a batch whose added row exists': async (open) => {
    const db = await open()
    await db.commit(batch({ pages: [page(1, 1)], rows: [row('changes', 1, 'add', 'first')] }))
    const failed = db.commit(
      batch({
        pages: [page(2, 2)],
        removals: [{ ...set, number: 1 }],
        rows: [row('state', 'head', 'put', 5), row('changes', 1, 'add', 'second')],
      }),
    )
    same((await fails('store/key-taken', failed)).detail, { store: 'changes' })
    same(await pagesOf(db), [[1, 1]])
    same([await db.readRow('state', 'head'), await db.readRow('changes', 1)], [undefined, 'first'])
    await db.commit(batch({ rows: [row('changes', 2, 'add', 'next')] }))
  },
  'writes nothing of a batch whose page number is used': async (open) => {
    const db = await open()
    await db.commit(batch({ pages: [page(1, 1)] }))
    const failed = db.commit(batch({ pages: [page(1, 2)], rows: [row('changes', 1, 'add', 1)] }))
    same((await fails('store/key-taken', failed)).detail, { store: 'pages' })
    same([await pagesOf(db), await db.readRow('changes', 1)], [[[1, 1]], undefined])
  },
  'of two writers of one number lets one fail': async (open) => {
    const [a, b] = [await open(), await open()]
    const results = await Promise.allSettled([
      a.commit(batch({ rows: [row('changes', 7, 'add', 'a')] })),
      b.commit(batch({ rows: [row('changes', 7, 'add', 'b')] })),
    ])
    same(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  },
  'reads rows by rising key, from a key on, up to a limit': async (open) => {
    const db = await open()
    await db.commit(batch({ rows: [10, 9, 2, 100].map((n) => row('changes', n, 'add', n)) }))
    same(
      (await db.readRows('changes')).map(({ key }) => key),
      [2, 9, 10, 100],
    )
    same(
      (await db.readRows('changes', { from: 9, limit: 2 })).map(({ value }) => value),
      [9, 10],
    )
  },
  'deletes rows, and does not mind a missing one': async (open) => {
    const db = await open()
    await db.commit(batch({ rows: [row('changes', 1, 'add', 1)] }))
    await db.commit(batch({ rows: [row('changes', 1, 'delete'), row('changes', 2, 'delete')] }))
    same(await db.readRows('changes'), [])
  },
  'never replaces an insert-only row': async (open) => {
    const db = await open()
    await fails('insert-only', db.commit(batch({ rows: [row('changes', 1, 'put', 1)] })))
  },
  'refuses a store that was not declared': async (open) => {
    const db = await open()
    await fails('declared store', db.commit(batch({ rows: [row('pages', 1, 'add', 1)] })))
  },
  'writes nothing of a batch with a value that cannot be stored, and goes on': async (open) => {
    const db = await open()
    const failed = db.commit(batch({ rows: [row('changes', 1, 'add', 1), row('changes', 2, 'add', () => {})] }))
    await failed.then(
      () => same('stored', 'failed'),
      () => {},
    )
    same(await db.readRows('changes'), [])
    await db.commit(batch({ rows: [row('changes', 1, 'add', 1)] }))
  },
  'takes an empty batch': async (open) => (await open()).commit(batch({})),
  'says so when it is closed': async (open) => {
    const db = await open()
    db.close()
    await fails('store/read-only', db.commit(batch({ rows: [row('changes', 1, 'add', 1)] })))
    await fails('store/read-only', db.readPages(set))
  },
}
