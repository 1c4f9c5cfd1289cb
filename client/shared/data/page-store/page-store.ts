/** The sealed page store: RxDB's storage on a device (sync.md, "The device"; security.md, 7). Memory serves the reads; every write is sealed,
 *  committed with durability 'strict', and only then seen by anyone: by its writer, by readers, by subscribers. A commit that fails leaves memory
 *  as it was and reaches the caller. Writes take turns; there is one store per page database, one writer per device. */
import type { RxStorage } from 'rxdb/plugins/core'
import { ensureRxStorageInstanceParamsAreCorrect, RXDB_VERSION } from 'rxdb/plugins/core'
import type { Random } from '#crypto/random.ts'
import { assert } from '#protocols/errors.ts'
import { type Atomic, type Staged, stageAtomic } from './atomic.ts'
import { type CollectionWrite, type OpenCollection, openCollection } from './open-collection.ts'
import type { PageDatabase, PageSet, RowWrite } from './page-database.ts'
import type { LedgerMax } from './page-ledger.ts'
import type { CollectionRef, CreationParams, WriteError } from './rx-types.ts'
import { createStorageInstance } from './storage-instance.ts'

export interface PageStoreOptions {
  readonly pages: PageDatabase
  /** The 32-byte page key of a database. Asked for at each use and not kept; throws when the key is gone. */
  readonly keyOf: (databaseName: string) => Uint8Array
  readonly random: Random
  /** Maxima of pages; others than limits.ts only in tests. */
  readonly max?: LedgerMax
}

export interface PageStore {
  /** For createRxDatabase, with `multiInstance: false` and no password. */
  readonly storage: RxStorage<unknown, unknown>
  /** Stages writes to open collections and rows, then commits them in one transaction. `stage` runs in its turn and does not wait for anything.
   *  Throws what `stage` throws, or the Fault of the commit; then nothing was written and nothing is seen. */
  atomic<T>(stage: (atomic: Atomic) => T): Promise<T>
  /** Stored versions, the newest among them, and pages of an open collection. */
  counts(collection: CollectionRef): { readonly stored: number; readonly live: number; readonly pages: number }
  /** Waits for writes under way and takes no more. Collections are closed by RxDB, the page database by its opener. */
  close(): Promise<void>
}

const nameOf = (set: PageSet): string => JSON.stringify([set.database, set.collection, set.schemaVersion])

export function createPageStore({ pages, keyOf, random, max }: PageStoreOptions): PageStore {
  const opened = new Map<string, OpenCollection | 'opening'>()
  const inTurn = createTurns()
  let isClosed = false

  const find = ({ database, name, schema }: CollectionRef): OpenCollection => {
    const set = { database: database.name, collection: name, schemaVersion: schema.version }
    const collection = opened.get(nameOf(set))
    assert(collection && collection !== 'opening', 'A collection is open while it is written.')
    return collection
  }

  async function commit({ writes, rows }: Staged): Promise<WriteError[]> {
    assert(!isClosed, 'A closed store is not written.')
    const prepared = [...writes].map(([collection, write]) => collection.prepare(write))
    const batch = {
      pages: prepared.flatMap((each) => each.pages),
      removals: prepared.flatMap((each) => each.removals),
      rows: rows as readonly RowWrite[],
    }
    if (batch.pages.length + batch.removals.length + rows.length > 0) await pages.commit(batch)
    for (const each of prepared) each.adopt()
    return prepared.flatMap((each) => each.errors)
  }

  const commitOne = (collection: OpenCollection, write: Partial<CollectionWrite>): Promise<WriteError[]> =>
    commit({
      writes: new Map([[collection, { rows: [], context: 'purge', purged: [], scrubbed: [], ...write }]]),
      rows: [],
    })

  async function open<RxDocType>(params: CreationParams) {
    checkParams(params)
    const { databaseName: database, collectionName, schema } = params
    const set = { database, collection: collectionName, schemaVersion: schema.version }
    assert(!isClosed && !opened.has(nameOf(set)), 'A collection is opened once.')
    opened.set(nameOf(set), 'opening')
    try {
      const options = { pages, set, params, random, key32: () => keyOf(database), ...(max && { max }) }
      const collection = await openCollection(options)
      opened.set(nameOf(set), collection)
      const close = (): void => {
        collection.memory.clear()
        opened.delete(nameOf(set))
      }
      return createStorageInstance<RxDocType>(collection, params, {
        write: (rows, context) => inTurn(() => commitOne(collection, { rows, context })),
        purgeDeleted: (ageMs) =>
          inTurn(async () => void (await commitOne(collection, { purged: collection.memory.deletedIds(ageMs) }))),
        close: () => inTurn(async () => close()),
        remove: () =>
          inTurn(async () => {
            await pages.commit({ pages: [], removals: collection.keys(), rows: [] })
            close()
          }),
      })
    } catch (cause) {
      opened.delete(nameOf(set))
      throw cause
    }
  }

  return {
    storage: { name: 'sealed-pages', rxdbVersion: RXDB_VERSION, createStorageInstance: open },
    atomic: (stage) =>
      inTurn(async () => {
        const { staged, answer } = stageAtomic(find, stage)
        const errors = await commit(staged)
        assert(errors.length === 0, 'Staged documents build on what is there.')
        return answer
      }),
    counts: (ref) => find(ref).counts(),
    close() {
      isClosed = true
      return inTurn(async () => {})
    },
  }
}

/** Runs one after the other; a failed run does not hinder the next. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(run: () => Promise<T>): Promise<T> => {
    const mine = last.then(run, run)
    last = mine.catch(() => {})
    return mine
  }
}

function checkParams(params: CreationParams): void {
  ensureRxStorageInstanceParamsAreCorrect(params)
  assert(!params.multiInstance, 'One window holds the store: multiInstance is false.')
  assert(params.password === undefined, "RxDB's password is not used: it keeps an unsalted hash.")
  assert(params.schema.attachments === undefined, 'Attachments are files of their own, not parts of documents.')
}
