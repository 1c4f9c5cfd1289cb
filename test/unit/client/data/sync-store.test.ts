import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { decodeChange } from '#protocols/change/change.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { addToSum, emptySum } from '#protocols/sync/manifest.ts'
import type { PullRow } from '#protocols/sync/pull.ts'
import { openItem, type PushItem } from '#protocols/sync/push.ts'
import type { Committer } from '../../../../client/shared/data/commit.ts'
import type { SyncStore } from '../../../../client/shared/data/sync-store.ts'
import type { Tables } from '../../../../client/shared/data/tables.ts'
import {
  committerOf,
  createOfficer,
  epoch,
  foreignRecord,
  grounds,
  type Officer,
  openStore,
  receiptOf,
  recordAfter,
  row,
  type TableGround,
  taskDraft,
  update,
} from './store-world.ts'

const otherEpoch = '00000000000000e2'
const rowIn = (doc: RecordDoc): PullRow => ({ seq: doc.seq, dir: 'in', doc })
const rowOut = (doc: RecordDoc): PullRow => ({ seq: doc.seq, dir: 'out', type: doc.type, id: doc.id })
const page = (rows: readonly PullRow[], more: Partial<Parameters<SyncStore['apply']>[0]> = {}) => ({
  rows,
  checkpoint: { epoch, seq: 1 },
  keepOnly: null,
  isEnd: true,
  ...more,
})
const sumOf = (docs: readonly RecordDoc[]) => docs.reduce((sum, doc) => addToSum(sum, doc.id, doc.version), emptySum)

describe.each(['memory', 'rx'] as const)('the sync store over %s tables', (kind) => {
  let ground: TableGround
  let officer: Officer
  let tables: Tables
  let store: SyncStore
  let committer: Committer

  beforeAll(() => ready)
  beforeEach(async () => {
    ground = await grounds[kind]()
    officer = createOfficer()
    await reopen()
  })
  afterEach(() => ground.close())

  async function reopen(): Promise<void> {
    await ground.close()
    tables = await ground.open()
    store = await openStore(tables, officer)
    committer = committerOf(store, officer)
  }
  async function write(
    draft: Parameters<Committer['commit']>[0] = taskDraft(),
  ): Promise<{ record: string; change: string }> {
    const result = await committer.commit(draft)
    if (!result.ok) throw new Error(result.code)
    return result
  }
  const own = () => tables.own.all()
  const pending = async (): Promise<number[]> => (await store.unsettled(1000, 1e9)).map((change) => change.seq)

  it('a written change is a row that only the station opens, and a readable copy beside it', async () => {
    const { change } = await write()
    const sealed = (await tables.change(1)) as Uint8Array
    expect(() => decodeChange(sealed)).toThrow()
    const opened = decodeChange(openItem({ sealed }, officer.box))
    const [copy] = await own()
    expect([opened.header.seq, copy?.id, copy?.state]).toEqual([1, change, 'pending'])
    expect(() => openItem({ sealed }, { ...officer.box, secretKey: new Uint8Array(32).fill(1) })).toThrow(CannotOpen)
  })

  it('after a restart the chain goes on where it was', async () => {
    await write()
    const { change } = await write()
    await reopen()
    expect(store.head()).toMatchObject({ seq: 2 })
    await write()
    const third = decodeChange(openItem({ sealed: (await tables.change(3)) as Uint8Array }, officer.box))
    expect(Buffer.from(third.header.prev).toString('hex')).toBe(change)
  })

  it('hands out what has no receipt in order, within count and bytes, and one change whatever its size', async () => {
    for (let count = 0; count < 5; count++) await write()
    expect((await store.unsettled(3, 1e9)).map((change) => change.seq)).toEqual([1, 2, 3])
    const [first] = await store.unsettled(1, 1)
    expect(first?.seq).toBe(1)
    const size = (first?.item as { plain: Uint8Array }).plain.length
    expect((await store.unsettled(10, size * 2 + 50)).map((change) => change.seq)).toEqual([1, 2])
  })

  it('hands a change out sealed when its readable copy is not here', async () => {
    const { change } = await write()
    await tables.write((stage) => stage.purge('own', [change]))
    const [found] = await store.unsettled(10, 1e9)
    const item = found?.item as PushItem
    expect('sealed' in item).toBe(true)
    expect(decodeChange(openItem(item, officer.box)).header.seq).toBe(1)
  })

  it('an admitted change leaves the queue, and its copy stays until its record is here', async () => {
    const { change, record } = await write()
    const copies = await own()
    await store.settle(receiptOf([row(change)]))
    expect(await pending()).toEqual([])
    expect((await own())[0]).toMatchObject({ state: 'admitted', logSeq: 100 })
    expect((await store.shown('task', record)).shown?.fields['title']).toBe('巡逻')
    await store.start()
    await store.apply(page([rowIn(recordAfter(copies))]))
    expect(await own()).toEqual([])
    expect((await store.shown('task', record)).count).toBe(0)
  })

  it('a record that came before its receipt shows the change once, and the receipt drops the copy', async () => {
    const { change, record } = await write()
    const copies = await own()
    await store.start()
    await store.apply(page([rowIn(recordAfter(copies))]))
    expect(await store.shown('task', record)).toMatchObject({ count: 0, shown: { seq: 100 } })
    await store.settle(receiptOf([row(change)]))
    expect(await own()).toEqual([])
  })

  it('a trimmed record without history speaks by its log seq', async () => {
    const { change } = await write()
    const copies = await own()
    await store.settle(receiptOf([row(change)]))
    await store.start()
    const trimmed = { ...recordAfter(copies), history: [] }
    await store.apply(page([rowIn({ ...trimmed, seq: 99 })], { isEnd: false }))
    expect(await own()).toHaveLength(1)
    await store.apply(page([rowIn({ ...trimmed, seq: 100 })], { isEnd: false }))
    expect(await own()).toEqual([])
  })

  it('an admitted change whose record never comes is let go at the end of a run that began after its receipt', async () => {
    const { change } = await write()
    await store.start()
    await store.settle(receiptOf([row(change)]))
    await store.apply(page([]))
    expect(await own()).toHaveLength(1)
    await store.start()
    await store.apply(page([], { isEnd: false }))
    expect(await own()).toHaveLength(1)
    await store.apply(page([]))
    expect(await own()).toEqual([])
  })

  it('a refused change leaves the queue, stays visible with its reason, and is shown on nothing', async () => {
    const { change, record } = await write()
    await store.settle(receiptOf([row(change, 'change/denied', 101, { act: 'create' })]))
    expect(await pending()).toEqual([])
    expect((await own())[0]).toMatchObject({ state: 'refused', code: 'change/denied', detail: { act: 'create' } })
    expect((await store.shown('task', record)).shown).toBeNull()
    await store.start()
    await store.apply(page([]))
    expect(await own()).toHaveLength(1)
  })

  it('a change that waits keeps its place', async () => {
    const { change } = await write()
    await store.settle(receiptOf([row(change, 'waiting', 0, { from: 1 })]))
    expect(await pending()).toEqual([1])
  })

  it('the same receipt twice has no second effect', async () => {
    const { change } = await write()
    const receipt = receiptOf([row(change, 'change/denied', 101)])
    await store.settle(receipt)
    await tables.write((stage) => stage.purge('own', [change]))
    await store.settle(receipt)
    expect(await own()).toEqual([])
  })

  it('a receipt of a new epoch makes what an older one settled unsettled again', async () => {
    const changes = [await write(), await write(), await write()]
    await store.settle(receiptOf(changes.slice(0, 2).map((each) => row(each.change))))
    expect(await pending()).toEqual([3])
    await store.settle(receiptOf([row(changes[2]?.change ?? '')], otherEpoch))
    expect(await pending()).toEqual([1, 2])
  })

  it('a page of a new epoch does so too', async () => {
    const { change } = await write()
    await store.settle(receiptOf([row(change)]))
    await store.start()
    await store.apply(page([], { checkpoint: { epoch: otherEpoch, seq: 1 } }))
    expect(await pending()).toEqual([1])
  })

  it('asked for, everything from a number on is offered again', async () => {
    const changes = [await write(), await write(), await write()]
    await store.settle(receiptOf(changes.map((each) => row(each.change))))
    await store.offerAgain(2)
    expect(await pending()).toEqual([2, 3])
  })

  it('the sum follows rows that come, change and leave', async () => {
    const [a, b] = [foreignRecord(1), foreignRecord(2)]
    await store.start()
    expect(await store.apply(page([rowIn(a), rowIn(b)]))).toEqual(sumOf([a, b]))
    const newer = foreignRecord(1, 2)
    expect(await store.apply(page([rowIn(newer)]))).toEqual(sumOf([newer, b]))
    expect(await store.apply(page([rowOut(b), rowOut(foreignRecord(9))]))).toEqual(sumOf([newer]))
    await reopen()
    expect((await store.start()).checkpoint).toEqual({ epoch, seq: 1 })
    expect(await store.apply(page([]))).toEqual(sumOf([newer]))
  })

  it('of a record that stands twice in a page the later row counts', async () => {
    const [first, second] = [foreignRecord(1, 1), foreignRecord(1, 2)]
    await store.start()
    expect(await store.apply(page([rowIn(first), rowIn(second)]))).toEqual(sumOf([second]))
    expect(await store.apply(page([rowIn(first), rowOut(first)]))).toEqual(emptySum)
  })

  it('starting over keeps the records until the sweep, which keeps only what came again', async () => {
    const [a, b, c] = [foreignRecord(1), foreignRecord(2), foreignRecord(3)]
    await store.start()
    await store.apply(page([rowIn(a), rowIn(b), rowIn(c)]))
    await store.startOver()
    expect(await store.start()).toEqual({ checkpoint: null, isSweeping: true })
    await store.apply(page([rowIn(a)], { isEnd: false, checkpoint: { epoch, seq: 7 } }))
    expect(await tables.records.all()).toHaveLength(3)
    await reopen()
    expect(await store.start()).toEqual({ checkpoint: { epoch, seq: 7 }, isSweeping: true })
    const sum = await store.apply(page([rowIn(c)], { keepOnly: new Set([a.id, c.id]) }))
    expect(sum).toEqual(sumOf([a, c]))
    expect((await tables.records.all()).map((doc) => doc.id).sort()).toEqual([a.id, c.id])
    expect((await store.start()).isSweeping).toBe(false)
  })

  it('a page that cannot be written leaves rows, checkpoint and sum as they were', async () => {
    const [a, b] = [foreignRecord(1), foreignRecord(2)]
    await store.start()
    await store.apply(page([rowIn(a)]))
    let isFull = false
    await ground.close()
    tables = await ground.open({
      beforeWrite: async () => {
        if (isFull) throw new Error('full')
      },
    })
    store = await openStore(tables, officer)
    await store.start()
    isFull = true
    await expect(store.apply(page([rowIn(b)], { checkpoint: { epoch, seq: 9 } }))).rejects.toThrow('full')
    isFull = false
    expect((await tables.records.all()).map((doc) => doc.id)).toEqual([a.id])
    expect((await store.start()).checkpoint).toEqual({ epoch, seq: 1 })
    expect(await store.apply(page([rowIn(b)]))).toEqual(sumOf([a, b]))
  })

  it('a pull, a conflict and a record that leaves touch no own change', async () => {
    const { record } = await write()
    const copies = await own()
    await store.start()
    await store.apply(page([rowIn({ ...recordAfter(copies), history: [], seq: 5 })], { isEnd: false }))
    await write(update(record, { title: 'mine' }))
    await store.apply(page([rowOut({ ...recordAfter(copies), history: [] })]))
    expect((await own()).map((each) => each.state)).toEqual(['pending', 'pending'])
    expect(await pending()).toEqual([1, 2])
  })

  it('own changes are shown on top in their order', async () => {
    const { record } = await write()
    await write(update(record, { title: 'second' }))
    await write(update(record, { text: 'third' }))
    const { shown, count } = await store.shown('task', record)
    expect([count, shown?.fields['title'], shown?.fields['text'], shown?.seq]).toEqual([3, 'second', 'third', 0])
  })

  it('finds related records, also those that point here by an own change alone', async () => {
    const { record } = await write()
    const related = await store.related('task', 'responsible', '0a'.repeat(16))
    expect(related.map((doc) => doc.id)).toEqual([record])
    expect(await store.related('task', 'responsible', '0f'.repeat(16))).toEqual([])
  })
})
