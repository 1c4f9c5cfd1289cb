/** The page store in a dedicated worker of a real browser, as on a device. Each message names a scenario; what it gives back goes to the test. */
import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb/plugins/core'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { openIndexedPageDatabase } from '../../../client/shared/data/page-store/indexed-page-database.ts'
import { openPage } from '../../../client/shared/data/page-store/page-codec.ts'
import type { PageDatabase } from '../../../client/shared/data/page-store/page-database.ts'
import { createPageStore, type PageStore } from '../../../client/shared/data/page-store/page-store.ts'
import { pageDatabaseCases, rowStores } from '../../unit/client/data/page-store/page-database-cases.ts'

interface Item {
  id: string
  title: string
  rank: number
  body: string
}
const schema: RxJsonSchema<Item> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 32 },
    title: { type: 'string', maxLength: 80 },
    rank: { type: 'integer', minimum: 0, maximum: 10_000_000, multipleOf: 1 },
    body: { type: 'string' },
  },
  required: ['id', 'title', 'rank', 'body'],
  indexes: ['rank', ['title', 'rank']],
}
const item = (n: number, body = 'x'.repeat(380)): Item => ({
  id: n.toString(16).padStart(32, '0'),
  title: `item ${n % 97}`,
  rank: n,
  body,
})
const keyOf = (name: string): Uint8Array => new Uint8Array(32).fill(1 + (name.length % 200))

interface Opened {
  readonly pages: PageDatabase
  readonly store: PageStore
  readonly officer: RxDatabase<{ items: RxCollection<Item> }>
  readonly device: RxDatabase<{ items: RxCollection<Item> }>
}
let opened: Opened | undefined

async function open(): Promise<Opened> {
  await ready
  if (opened) return opened
  const pages = await openIndexedPageDatabase({ factory: indexedDB, name: 'outpost', version: 1, rowStores })
  const store = createPageStore({ pages, keyOf, random: systemRandom })
  const database = async (name: string) => {
    const rx = await createRxDatabase<{ items: RxCollection<Item> }>({
      name,
      storage: store.storage,
      multiInstance: false,
    })
    await rx.addCollections({ items: { schema } })
    return rx
  }
  opened = { pages, store, officer: await database('officer'), device: await database('device') }
  return opened
}
async function close(): Promise<void> {
  if (!opened) return
  await opened.officer.close()
  await opened.device.close()
  await opened.store.close()
  opened.pages.close()
  opened = undefined
}
const failureOf = async (run: Promise<unknown>) =>
  run.then(
    () => 'nothing thrown',
    (cause) => ({ code: cause.code ?? cause.message, ...cause.detail }),
  )
const rankList = async ({ officer }: Opened) =>
  (await officer.items.find({ sort: [{ rank: 'asc' }] }).exec()).map(({ rank }) => rank)

/** Everything that lies in the object stores, as bytes or JSON. */
async function rawStores(): Promise<{ store: string; keys: IDBValidKey[]; values: unknown[] }[]> {
  const idb = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('outpost')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const read = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const found = []
  for (const name of idb.objectStoreNames) {
    const store = idb.transaction(name).objectStore(name)
    const [keys, values] = await Promise.all([read(store.getAllKeys()), read(store.getAll())])
    found.push({ store: name, keys, values })
  }
  idb.close()
  return found
}
const latin = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return text
}

let caseCount = 0
const scenarios = {
  caseNames: async () => Object.keys(pageDatabaseCases),
  async runCase({ law }: { law: string }) {
    const name = `case-${caseCount++}`
    const held: PageDatabase[] = []
    const openAgain = async () => {
      const db = await openIndexedPageDatabase({ factory: indexedDB, name, version: 1, rowStores })
      held.push(db)
      return db
    }
    try {
      await pageDatabaseCases[law]?.(openAgain)
      return 'held'
    } catch (cause) {
      return String((cause as Error).message)
    } finally {
      for (const db of held) db.close()
      indexedDB.deleteDatabase(name)
    }
  },
  async insert({ from, count, body }: { from: number; count: number; body?: string }) {
    const { officer } = await open()
    const { error } = await officer.items.bulkInsert(Array.from({ length: count }, (_, i) => item(from + i, body)))
    return error.length
  },
  async tryInsert({ from, count, bodyChars }: { from: number; count: number; bodyChars: number }) {
    const { officer } = await open()
    const documents = Array.from({ length: count }, (_, i) => item(from + i, randomText(bodyChars)))
    return failureOf(officer.items.bulkInsert(documents))
  },
  ranks: async () => rankList(await open()),
  deviceRanks: async () =>
    (await (await open()).device.items.find({ sort: [{ rank: 'asc' }] }).exec()).map((d) => d.rank),
  rows: async () => (await (await open()).pages.readRows('changes')).map(({ key }) => key),
  find: async ({ title }: { title: string }) =>
    (await (await open()).officer.items.find({ selector: { title }, sort: [{ rank: 'asc' }] }).exec()).map(
      (d) => d.rank,
    ),
  close,

  /** The order of: transaction begun, complete, change told, write answered. */
  async order() {
    const { officer } = await open()
    const log: string[] = []
    const original = IDBDatabase.prototype.transaction
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const transaction = original.call(this, stores, mode, options)
      log.push(`begin ${mode} ${options?.durability} ${transaction.durability}`)
      transaction.addEventListener('complete', () => log.push('complete'))
      return transaction
    }
    officer.items.internalStorageInstance.changeStream().subscribe(() => log.push('told'))
    const writing = officer.items.insert(item(1)).then(() => log.push('answered'))
    const seen: number[] = []
    while (!log.includes('answered')) {
      if (!log.includes('complete'))
        seen.push((await officer.items.internalStorageInstance.findDocumentsById([item(1).id], true)).length)
      await new Promise((resolve) => setTimeout(resolve))
    }
    await writing
    IDBDatabase.prototype.transaction = original
    return { log, seenBefore: [...new Set(seen)] }
  },

  /** A write at which IndexedDB throws, or whose transaction ends without a reason. */
  async failing({ how }: { how: 'abort' | 'throw' }) {
    const held = await open()
    await held.officer.items.insert(item(1))
    const told: unknown[] = []
    held.officer.items.internalStorageInstance.changeStream().subscribe((bulk) => told.push(bulk))
    const { add } = IDBObjectStore.prototype
    const { commit } = IDBTransaction.prototype
    if (how === 'throw')
      IDBObjectStore.prototype.add = () => {
        throw new DOMException('injected', 'DataCloneError')
      }
    else
      IDBTransaction.prototype.commit = function () {
        this.abort()
      }
    const failure = await failureOf(held.officer.items.insert(item(2)))
    IDBObjectStore.prototype.add = add
    IDBTransaction.prototype.commit = commit
    const ranks = await rankList(held)
    const next = await failureOf(held.officer.items.insert(item(3)))
    await close()
    return {
      failure,
      told: told.length > (next === 'nothing thrown' ? 1 : 0),
      ranks,
      next,
      reopened: await rankList(await open()),
    }
  },

  async takenAway() {
    const { officer } = await open()
    await officer.items.insert(item(1))
    const request = indexedDB.deleteDatabase('outpost')
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    const failure = await failureOf(officer.items.insert(item(2)))
    await close()
    return failure
  },

  async atomic({ seq, rank }: { seq: number; rank: number }) {
    const { store, officer, device } = await open()
    return failureOf(
      store.atomic((atomic) => {
        atomic.upsert(officer.items, [item(rank)])
        atomic.upsert(device.items, [item(rank)])
        atomic.row({ store: 'changes', key: seq, mode: 'add', value: Uint8Array.of(seq) })
      }),
    )
  },

  /** Writes until the window dies: single records, batches, changes of old ones and purges, each with a row. Acknowledges each step. */
  async writeForever({ from }: { from: number }) {
    const { store, officer } = await open()
    for (let n = from; ; n++) {
      await store.atomic((atomic) => {
        atomic.upsert(officer.items, [item(n), item(n % 50, `changed at ${n}`)])
        if (n % 7 === 0)
          atomic.upsert(
            officer.items,
            Array.from({ length: 150 }, (_, i) => item(1_000_000 + i, `bulk ${n}`)),
          )
        if (n % 5 === 0) atomic.purge(officer.items, [item(n - 60).id])
        atomic.row({ store: 'changes', key: n, mode: 'add', value: n })
      })
      postMessage({ acknowledged: n })
    }
  },
  async survey() {
    const { officer, pages, store } = await open()
    const ranks = await rankList({ officer } as Opened)
    const bulk = [
      ...new Set((await officer.items.find({ selector: { rank: { $gte: 1_000_000 } } }).exec()).map((d) => d.body)),
    ]
    const changed = (await officer.items.find({ selector: { rank: { $lt: 50 } } }).exec()).map((d) => d.body)
    const changedAt = Math.max(0, ...changed.map((body) => Number(body.match(/changed at (\d+)/)?.[1] ?? 0)))
    return {
      ranks,
      bulk,
      changedAt,
      rows: (await pages.readRows('changes')).map(({ key }) => key),
      counts: store.counts(officer.items),
    }
  },

  /** Raw IndexedDB values and keys that contain a text. */
  async rawHits({ text }: { text: string }) {
    const hits: string[] = []
    for (const { store, keys, values } of await rawStores())
      values.forEach((value, i) => {
        const raw = value instanceof Uint8Array ? latin(value) : JSON.stringify(value)
        if ((raw + JSON.stringify(keys[i])).includes(text)) hits.push(`${store} ${JSON.stringify(keys[i])}`)
      })
    return hits
  },
  rawKeys: async () =>
    (await rawStores()).map(({ store, keys, values }) => ({
      store,
      keys,
      kinds: [...new Set(values.map((v) => Object.prototype.toString.call(v)))],
    })),
  async plainRow({ text }: { text: string }) {
    await (await open()).pages.commit({
      pages: [],
      removals: [],
      rows: [{ store: 'state', key: 'control', mode: 'put', value: text }],
    })
  },
  /** Pages that contain a text once they are opened with the key. */
  async openedHits({ text }: { text: string }) {
    await ready
    const pages = (await rawStores()).find(({ store }) => store === 'pages')
    const hits: unknown[] = []
    pages?.keys.forEach((key, i) => {
      const [database, collection, schemaVersion, number] = key as [string, string, number, number]
      const content = openPage(
        keyOf(database),
        { database, collection, schemaVersion, number },
        pages.values[i] as Uint8Array,
      )
      if (content === null) hits.push(['does not open', key])
      if (JSON.stringify(content).includes(text)) hits.push(key)
    })
    return hits
  },
  async purge({ ranks }: { ranks: number[] }) {
    const { store, officer } = await open()
    await store.atomic((atomic) =>
      atomic.purge(
        officer.items,
        ranks.map((rank) => item(rank).id),
      ),
    )
  },
  async overwriteByte() {
    await close()
    const idb = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('outpost')
      request.onsuccess = () => resolve(request.result)
    })
    const store = idb.transaction('pages', 'readwrite').objectStore('pages')
    const number = await new Promise<number>((resolve) => {
      const request = store.openCursor(IDBKeyRange.bound(['officer', 'items'], ['officer', 'items', []]))
      request.onsuccess = () => {
        const cursor = request.result as IDBCursorWithValue
        const bytes = cursor.value as Uint8Array
        bytes[100] = (bytes[100] as number) ^ 1
        cursor.update(bytes)
        const { 3: page } = cursor.key as [string, string, number, number]
        store.transaction.oncomplete = () => resolve(page)
      }
    })
    idb.close()
    return { number, failure: await failureOf(open()) }
  },

  /** Milliseconds: a pull of `count` records in batches, then close, reopen, find all, and single writes. */
  async pull({ count, batch, bodyChars }: { count: number; batch: number; bodyChars: number }) {
    const { store, officer } = await open()
    const documents = Array.from({ length: count }, (_, i) => item(i, randomText(bodyChars)))
    const timed = async (run: () => Promise<unknown>) => {
      const start = performance.now()
      await run()
      return Math.round((performance.now() - start) * 10) / 10
    }
    const pullMs = await timed(async () => {
      for (let from = 0; from < count; from += batch)
        await store.atomic((atomic) => {
          atomic.upsert(officer.items, documents.slice(from, from + batch))
          atomic.row({ store: 'state', key: 'checkpoint', mode: 'put', value: from })
        })
    })
    await close()
    const reopenMs = await timed(open)
    const again = (opened as unknown as Opened).officer
    const findAllMs = await timed(() => again.items.find().exec())
    const singles = 50
    const singleMs = await timed(async () => {
      for (let i = 0; i < singles; i++) await again.items.insert(item(count + i))
    })
    return {
      pullMs,
      reopenMs,
      findAllMs,
      oneWriteMs: singleMs / singles,
      pages: (opened as unknown as Opened).store.counts(again.items).pages,
    }
  },
}
const randomText = (chars: number): string => {
  const bytes = systemRandom.bytes(chars / 2)
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

export type Scenarios = typeof scenarios

addEventListener('message', async (event: MessageEvent<{ id: number; name: keyof Scenarios; args: never }>) => {
  const { id, name, args } = event.data
  try {
    postMessage({ id, answer: await (scenarios[name] as (args: never) => Promise<unknown>)(args) })
  } catch (cause) {
    const error = cause as Error & { detail?: object }
    postMessage({ id, failure: `${error.stack} ${JSON.stringify(error.detail)}` })
  }
})
