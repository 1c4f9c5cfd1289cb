import { getChangedDocumentsSince, type RxCollection, type RxStorageInstance } from 'rxdb/plugins/core'
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { createMemoryDisk, type MemoryDisk } from '../../../../../client/shared/data/page-store/memory-page-database.ts'
import {
  type Device,
  idOf,
  type Matter,
  matter,
  matterSchema,
  mattersOf,
  pagesOf,
  startDevice,
} from './page-store-world.ts'

const devices: Device[] = []
const start = (disk?: MemoryDisk, keyOf?: (name: string) => Uint8Array): Device => {
  const device = startDevice(disk, keyOf)
  devices.push(device)
  return device
}
const stop = async (device: Device): Promise<MemoryDisk> => {
  devices.splice(devices.indexOf(device), 1)
  await device.close()
  return device.disk
}
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

const all = async (matters: RxCollection<Matter>): Promise<Matter[]> =>
  (await matters.find({ sort: [{ rank: 'asc' }] }).exec()).map((document) => document.toJSON() as Matter)
const many = (count: number, from = 0, more: Partial<Matter> = {}) =>
  Array.from({ length: count }, (_, i) => matter(from + i, more))
const instanceOf = (matters: RxCollection<Matter>) =>
  matters.internalStorageInstance as RxStorageInstance<Matter, unknown, unknown>
const codeOf = async (run: Promise<unknown>): Promise<string> => {
  const cause = await run.then(
    () => 'nothing thrown',
    (error) => error,
  )
  return cause instanceof Fault ? cause.code : String(cause)
}
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

describe('what was written', () => {
  it('is there after a restart: new, changed, deleted', async () => {
    const first = start()
    const matters = await mattersOf(first)
    await matters.bulkInsert(many(250))
    await (await matters.findOne(idOf(3)).exec(true)).patch({ title: 'changed' })
    await (await matters.findOne(idOf(4)).exec(true)).remove()
    const before = await all(matters)
    const again = await mattersOf(start(await stop(first)))
    expect(await all(again)).toEqual(before)
    expect(before).toHaveLength(249)
    expect(before[3]).toEqual(matter(3, { title: 'changed' }))
    const withDeleted = await instanceOf(again).findDocumentsById([idOf(4)], true)
    expect(withDeleted.map((document) => document._deleted)).toEqual([true])
  })
  it('is there after many restarts and changes, whatever was compacted', async () => {
    let disk = createMemoryDisk()
    const model = new Map<string, Matter>()
    for (let round = 0; round < 6; round++) {
      const device = start(disk)
      const matters = await mattersOf(device)
      for (let step = 0; step < 25; step++) {
        const changed = many(40, (round * 97 + step * 31) % 300, { title: `round ${round} step ${step}` })
        await matters.bulkUpsert(changed)
        for (const each of changed) model.set(each.id, each)
      }
      expect(await all(matters)).toEqual([...model.values()].sort((a, b) => a.rank - b.rank))
      const { stored, live } = device.store.counts(matters)
      expect(live).toBe(model.size)
      expect(stored).toBeLessThanOrEqual(2 * live + 40)
      disk = await stop(device)
    }
    expect(await all(await mattersOf(start(disk)))).toEqual([...model.values()].sort((a, b) => a.rank - b.rank))
  })
  it('of 100 small documents fills one page, besides the directory', async () => {
    const device = start()
    await (await mattersOf(device)).bulkInsert(many(1000))
    expect(pagesOf(device.disk)).toHaveLength(11)
  })
  it('in Chinese stays below the size at which Chromium moves a value into a file of its own', async () => {
    const device = start()
    await (await mattersOf(device)).bulkInsert(many(500, 0, { note: '来访人反映楼上住户夜间施工'.repeat(20) }))
    const pages = pagesOf(device.disk)
    expect(pages.length).toBeGreaterThan(7)
    for (const { bytes } of pages) expect(bytes.length).toBeLessThan(64 * 1024)
  })
  it('by single writes does not grow into as many pages', async () => {
    const device = start()
    const matters = await mattersOf(device)
    for (const each of many(300)) await matters.insert(each)
    expect(pagesOf(device.disk).length).toBeLessThan(45)
    expect(await all(await mattersOf(start(await stop(device))))).toEqual(many(300))
  })
})

describe('a write', () => {
  it('is neither seen, nor told, nor answered before it is on disk', async () => {
    const device = start()
    const matters = await mattersOf(device)
    const instance = instanceOf(matters)
    const told: string[] = []
    instance.changeStream().subscribe((bulk) => {
      told.push(...bulk.events.map(({ operation, documentId }) => `${operation} ${documentId}`))
      expect(pagesOf(device.disk).length).toBeGreaterThan(0)
    })
    const [reached, held] = [gate(), gate()]
    device.hook = async () => {
      reached.open()
      await held.passed
    }
    let isAnswered = false
    const writing = matters.insert(matter(1)).then(() => {
      isAnswered = true
    })
    await reached.passed
    expect([told, isAnswered, pagesOf(device.disk)]).toEqual([[], false, []])
    expect(await instance.findDocumentsById([idOf(1)], true)).toEqual([])
    held.open()
    await writing
    expect(told).toEqual([`INSERT ${idOf(1)}`])
    expect(await instance.findDocumentsById([idOf(1)], true)).toHaveLength(1)
  })
  it('that cannot be made durable fails, leaves memory and disk as they were, and tells no one', async () => {
    const device = start()
    const matters = await mattersOf(device)
    await matters.insert(matter(1))
    const before = structuredClone([...device.disk.pages.keys()])
    const told: unknown[] = []
    instanceOf(matters)
      .changeStream()
      .subscribe((bulk) => told.push(bulk))
    device.hook = () => {
      throw new Fault('store/disk-full')
    }
    const one = await matters.findOne(idOf(1)).exec(true)
    expect(await codeOf(matters.insert(matter(2)))).toBe('store/disk-full')
    expect(await codeOf(one.patch({ title: 'lost' }))).toBe('store/disk-full')
    expect(await codeOf(one.remove())).toBe('store/disk-full')
    expect([told, await all(matters), [...device.disk.pages.keys()]]).toEqual([[], [matter(1)], before])
    device.hook = undefined
    await matters.bulkUpsert([matter(1, { title: 'kept' }), matter(2)])
    const after = [matter(1, { title: 'kept' }), matter(2)]
    expect(await all(matters)).toEqual(after)
    expect(await all(await mattersOf(start(await stop(device))))).toEqual(after)
  })
  it('of a document that an index cannot take fails before it reaches the disk', async () => {
    const device = start()
    const matters = await mattersOf(device)
    const before = [...device.disk.pages.keys()]
    await expect(matters.insert({ ...matter(1), title: 5 as never })).rejects.toThrow()
    expect([...device.disk.pages.keys()]).toEqual(before)
    await matters.insert(matter(2))
    expect(await all(matters)).toEqual([matter(2)])
  })
  it('waits for its turn and builds on the one before', async () => {
    const device = start()
    const matters = await mattersOf(device)
    const one = await matters.insert(matter(1, { rank: 0 }))
    await Promise.all(
      Array.from({ length: 20 }, () => one.incrementalModify((data) => ({ ...data, rank: data.rank + 1 }))),
    )
    expect((await all(matters))[0]?.rank).toBe(20)
  })
  it('by a second writer on the same disk fails instead of mixing with the first', async () => {
    const a = start()
    const inA = await mattersOf(a, 'officer')
    await inA.insert(matter(1))
    const b = startDevice(a.disk)
    devices.push(b)
    // RxDB takes the two stores for one by their name; so the thawed window writes below RxDB.
    const second = await b.store.storage.createStorageInstance<Matter>({
      databaseInstanceToken: 'b',
      databaseName: 'officer',
      collectionName: 'matters',
      schema: instanceOf(inA).schema,
      options: {},
      multiInstance: false,
      devMode: false,
    })
    await inA.insert(matter(2))
    const row = { ...matter(3), _deleted: false, _attachments: {}, _rev: '1-b', _meta: { lwt: 1 } }
    expect(await codeOf(second.bulkWrite([{ document: row }], 'test'))).toBe('store/key-taken')
    expect(await second.findDocumentsById([idOf(3)], true)).toEqual([])
    await stop(b)
    expect(await all(await mattersOf(start(await stop(a))))).toEqual([matter(1), matter(2)])
  })
})

describe('as a storage of RxDB', () => {
  const row = (each: Matter, rev: string, lwt: number, deleted = false) => ({
    ...each,
    _deleted: deleted,
    _attachments: {},
    _rev: rev,
    _meta: { lwt },
  })

  it('a write on a stale revision or of an existing document is answered with the document in the way', async () => {
    const device = start()
    const instance = instanceOf(await mattersOf(device))
    const first = row(matter(1), '1-a', 10)
    expect(await instance.bulkWrite([{ document: first }], 'test')).toEqual({ error: [] })
    const events: unknown[] = []
    instance.changeStream().subscribe((bulk) => events.push(...bulk.events.map((event) => event.documentId)))
    const good = row(matter(2), '1-a', 11)
    const { error } = await instance.bulkWrite(
      [{ document: row(matter(1), '1-b', 12) }, { document: good }, { document: row(matter(3), '1-a', 11) }],
      'test',
    )
    expect(error).toMatchObject([{ status: 409, documentId: idOf(1), documentInDb: first, isError: true }])
    expect(events).toEqual([idOf(2), idOf(3)])
    const stale = { previous: row(matter(1), '1-x', 10), document: row(matter(1), '2-x', 13) }
    const commits = device.commits.length
    expect((await instance.bulkWrite([stale], 'test')).error).toMatchObject([{ status: 409, documentInDb: first }])
    expect(device.commits.length).toBe(commits)
    const update = { previous: first, document: row(matter(1, { title: 'new' }), '2-a', 14) }
    expect(await instance.bulkWrite([update], 'test')).toEqual({ error: [] })
  })
  it('queries, counts, deletes and finds deleted documents as memory does, after a restart too', async () => {
    const first = start()
    await (await mattersOf(first)).bulkInsert(many(120))
    const matters = await mattersOf(start(await stop(first)))
    const query = {
      selector: { rank: { $gte: 20, $lt: 60 }, title: { $regex: '5$' } },
      sort: [{ rank: 'desc' as const }],
    }
    expect((await matters.find(query).exec()).map(({ rank }) => rank)).toEqual([55, 45, 35, 25])
    expect(await matters.count({ selector: { rank: { $gte: 100 } } }).exec()).toBe(20)
    await matters.find({ selector: { rank: { $gte: 110 } } }).remove()
    expect(await matters.count().exec()).toBe(110)
    const instance = instanceOf(matters)
    expect(await instance.findDocumentsById([idOf(1), idOf(115), idOf(999)], false)).toHaveLength(1)
    expect(await instance.findDocumentsById([idOf(1), idOf(115), idOf(999)], true)).toHaveLength(2)
  })
  it('tells each change once, with what was before, in order, under its context', async () => {
    const instance = instanceOf(await mattersOf(start()))
    const told: unknown[] = []
    instance.changeStream().subscribe(({ context, checkpoint, events }) => {
      for (const each of events)
        told.push([context, checkpoint.lwt, each.operation, each.documentData._rev, each.previousDocumentData?._rev])
    })
    const at = (n: number) => row(matter(1), `${n}-a`, n, n === 3)
    await instance.bulkWrite([{ document: at(1) }], 'one')
    await instance.bulkWrite([{ previous: at(1), document: at(2) }], 'two')
    await instance.bulkWrite([{ previous: at(2), document: at(3) }], 'three')
    await instance.bulkWrite([{ previous: at(3), document: at(4) }], 'four')
    expect(told).toEqual([
      ['one', 1, 'INSERT', '1-a', undefined],
      ['two', 2, 'UPDATE', '2-a', '1-a'],
      ['three', 3, 'DELETE', '3-a', '2-a'],
      ['four', 4, 'INSERT', '4-a', undefined],
    ])
  })
  it('lists what changed since a checkpoint', async () => {
    const instance = instanceOf(await mattersOf(start()))
    await instance.bulkWrite(
      many(5).map((each) => ({ document: row(each, '1-a', 100 + each.rank) })),
      'test',
    )
    const first = await getChangedDocumentsSince(instance, 3)
    expect(first.documents.map(({ rank }) => rank)).toEqual([0, 1, 2])
    const rest = await getChangedDocumentsSince(instance, 10, first.checkpoint)
    expect(rest.documents.map(({ rank }) => rank)).toEqual([3, 4])
  })
  it('keeps live queries up to date', async () => {
    const matters = await mattersOf(start())
    const seen: number[] = []
    const subscription = matters
      .find({ selector: { rank: { $gt: 1 } } })
      .$.subscribe((found) => seen.push(found.length))
    await matters.bulkInsert(many(4))
    await matters.find({ selector: { rank: 3 } }).exec()
    await expect.poll(() => seen.at(-1)).toBe(2)
    subscription.unsubscribe()
  })
  it('keeps schema versions apart', async () => {
    const device = start()
    const instance = (version: number) =>
      device.store.storage.createStorageInstance<Matter>({
        databaseInstanceToken: 't',
        databaseName: 'officer',
        collectionName: 'matters',
        schema: { ...instanceSchema, version },
        options: {},
        multiInstance: false,
        devMode: false,
      })
    const instanceSchema = instanceOf(await mattersOf(start(), 'other')).schema
    const [zero, one] = [await instance(0), await instance(1)]
    await zero.bulkWrite([{ document: row(matter(1), '1-a', 1) }], 'test')
    await one.bulkWrite([{ document: row(matter(2), '1-a', 1) }], 'test')
    await zero.remove()
    expect(pagesOf(device.disk).map(({ schemaVersion }) => schemaVersion)).toEqual([1, 1])
    await one.close()
  })
  it('takes a collection away with its pages, and gives a new one under the name', async () => {
    const device = start()
    const matters = await mattersOf(device)
    await matters.bulkInsert(many(10))
    const { database } = matters
    await matters.remove()
    expect(pagesOf(device.disk)).toEqual([])
    const again = await database.addCollections({ matters: { schema: matterSchema } })
    await again.matters.insert(matter(1))
    expect(await all(again.matters)).toEqual([matter(1)])
  })
  it('takes a database away with its pages', async () => {
    const device = start()
    const matters = await mattersOf(device)
    await matters.bulkInsert(many(10))
    await matters.database.remove()
    expect(device.disk.pages.size).toBe(0)
  })
  it('is not read or written once it is closed, and lets go of its documents', async () => {
    const device = start()
    const matters = await mattersOf(device)
    await matters.insert(matter(1))
    const instance = instanceOf(matters)
    await matters.database.close()
    await expect(instance.findDocumentsById([idOf(1)], true)).rejects.toThrow('closed collection')
    await expect(instance.bulkWrite([], 'test')).rejects.toThrow('closed collection')
    expect(() => device.store.counts(matters)).toThrow('is open')
  })
  it('refuses attachments, passwords and several instances', async () => {
    const { storage } = start().store
    const params = {
      databaseInstanceToken: 't',
      databaseName: 'officer',
      collectionName: 'matters',
      schema: { ...instanceOf(await mattersOf(start(), 'other')).schema },
      options: {},
      multiInstance: false,
      devMode: false,
    }
    const attachments = { ...params, schema: { ...params.schema, attachments: {} } }
    await expect(storage.createStorageInstance(attachments)).rejects.toThrow('Attachments are files')
    await expect(storage.createStorageInstance({ ...params, multiInstance: true })).rejects.toThrow('multiInstance')
    await expect(storage.createStorageInstance({ ...params, password: 'secret word' })).rejects.toThrow('password')
    await storage.createStorageInstance(params)
    await expect(storage.createStorageInstance(params)).rejects.toThrow('opened once')
  })
})
