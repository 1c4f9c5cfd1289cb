/** The page database of browsers: one IndexedDB database, all pages in one object store, rows in stores beside it. Every commit is one
 *  transaction of durability 'strict' and counts only with its `complete` event: IndexedDB's default is flushed every couple of seconds
 *  (security.md, 8.6 i). It must never retry by itself. */
import { Fault } from '#protocols/errors.ts'
import { checkBatch, checkRowStores, pageStoreName } from './batch-rules.ts'
import { toFault } from './indexed-fault.ts'
import type { CommitBatch, PageDatabase, PageKey, PageSet, RowKey, RowStores, RowWrite } from './page-database.ts'

export interface IndexedOptions {
  readonly factory: IDBFactory
  readonly name: string
  /** Rises whenever `rowStores` gains a store. */
  readonly version: number
  readonly rowStores: RowStores
}

type IndexedKey = [database: string, collection: string, schemaVersion: number, number: number]
const keyOf = (key: PageKey): IndexedKey => [key.database, key.collection, key.schemaVersion, key.number]
/** An empty list sorts behind every number and text. */
const setRange = (set: PageSet): IDBKeyRange =>
  IDBKeyRange.bound(
    [set.database, set.collection, set.schemaVersion],
    [set.database, set.collection, set.schemaVersion, []],
  )

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(toFault(request.error))
  })

/** Throws Fault 'store/read-only' { reason }: 'VersionError' when a newer version of the app was here, 'blocked' when another window holds
 *  an older version open and does not let go. */
export async function openIndexedPageDatabase(options: IndexedOptions): Promise<PageDatabase> {
  checkRowStores(options.rowStores)
  const connection = await connect(options)
  let lost: string | undefined
  const lose = (reason: string): void => {
    lost ??= reason
    connection.close()
  }
  connection.onversionchange = () => lose('version-change')
  connection.onclose = () => lose('closed')
  const keepOpen = (): void => {
    if (lost !== undefined) throw new Fault('store/read-only', { reason: lost })
  }
  const readonly = (store: string): IDBObjectStore => {
    keepOpen()
    return connection.transaction(store, 'readonly').objectStore(store)
  }

  return {
    async commit(batch) {
      keepOpen()
      checkBatch(batch, options.rowStores)
      try {
        await write(connection, batch)
      } catch (cause) {
        if (cause instanceof Fault && cause.code === 'store/read-only') lose(String(cause.detail['reason']))
        throw cause
      }
    },
    async readPages(set) {
      const store = readonly(pageStoreName)
      const range = setRange(set)
      const [keys, values] = await Promise.all([answerOf(store.getAllKeys(range)), answerOf(store.getAll(range))])
      return keys.map((key, i) => ({ number: (key as IndexedKey)[3], bytes: values[i] as Uint8Array }))
    },
    async listPages(database) {
      const keys = await answerOf(readonly(pageStoreName).getAllKeys(IDBKeyRange.bound([database], [database, []])))
      return (keys as IndexedKey[]).map(([, collection, schemaVersion, number]) => {
        return { database, collection, schemaVersion, number }
      })
    },
    readRow: async (store, key) => answerOf(readonly(store).get(key)),
    async readRows(name, { from, limit } = {}) {
      const store = readonly(name)
      const range = from === undefined ? null : IDBKeyRange.lowerBound(from)
      const [keys, values] = await Promise.all([
        answerOf(store.getAllKeys(range, limit)),
        answerOf(store.getAll(range, limit)),
      ])
      return keys.map((key, i) => ({ key: key as RowKey, value: values[i] }))
    },
    close: () => lose('closed'),
  }
}

function connect({ factory, name, version, rowStores }: IndexedOptions): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, version)
    request.onupgradeneeded = () => {
      for (const store of [pageStoreName, ...Object.keys(rowStores)])
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store)
    }
    let isRefused = false
    request.onblocked = () => {
      isRefused = true
      reject(new Fault('store/read-only', { reason: 'blocked' }))
    }
    request.onerror = () => reject(toFault(request.error))
    request.onsuccess = () => (isRefused ? request.result.close() : resolve(request.result))
  })
}

function write(connection: IDBDatabase, { pages, removals, rows }: CommitBatch): Promise<void> {
  return new Promise((resolve, reject) => {
    const names = new Set(rows.map((row) => row.store))
    if (pages.length + removals.length > 0) names.add(pageStoreName)
    if (names.size === 0) return resolve()
    const transaction = begin(connection, [...names])
    let store = ''
    transaction.oncomplete = () => resolve()
    transaction.onerror = (event) => {
      store = ((event.target as IDBRequest).source as IDBObjectStore).name
    }
    transaction.onabort = () => reject(toFault(transaction.error, { store }))
    try {
      for (const key of removals) transaction.objectStore(pageStoreName).delete(keyOf(key))
      for (const page of pages) transaction.objectStore(pageStoreName).add(page.bytes, keyOf(page))
      for (const row of rows) writeRow(transaction.objectStore(row.store), row)
      transaction.commit()
    } catch (cause) {
      reject(isUnstorable(cause) ? cause : toFault(cause))
      if (transaction.error === null) transaction.abort()
    }
  })
}

/** A value or key that IndexedDB cannot take: a bug of ours, met before anything was written. */
const isUnstorable = (cause: unknown): boolean =>
  ['DataCloneError', 'DataError'].includes((cause as { name?: string } | null)?.name ?? '')

function begin(connection: IDBDatabase, stores: string[]): IDBTransaction {
  try {
    return connection.transaction(stores, 'readwrite', { durability: 'strict' })
  } catch (cause) {
    throw toFault(cause)
  }
}

function writeRow(store: IDBObjectStore, { mode, key, value }: RowWrite): void {
  if (mode === 'delete') store.delete(key)
  else store[mode](value, key)
}
