import type { RxCollection } from 'rxdb/plugins/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Device,
  idOf,
  keyNamed,
  type Matter,
  matter,
  mattersOf,
  plainOf,
  startDevice,
} from './page-store-world.ts'

let device: Device
let records: RxCollection<Matter>
let queue: RxCollection<Matter>
beforeEach(async () => {
  device = startDevice()
  records = await mattersOf(device, 'officer')
  queue = await mattersOf(device, 'device')
})
afterEach(async () => device.close())
const change = (seq: number) => ({ store: 'changes', key: seq, mode: 'add' as const, value: Uint8Array.of(seq) })

describe('an atomic commit', () => {
  it('brings documents of two databases and rows to the disk in one transaction', async () => {
    const before = device.commits.length
    const answer = await device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(1), matter(2)])
      atomic.upsert(queue, [matter(9)])
      atomic.row(change(1))
      atomic.row({ store: 'state', key: 'checkpoint', mode: 'put', value: 77 })
      return 'done'
    })
    expect([answer, device.commits.length - before]).toEqual(['done', 1])
    const commit = device.commits.at(-1)
    expect(commit?.pages.map(({ database }) => database)).toEqual(['officer', 'officer', 'device', 'device'])
    expect(commit?.rows.map(({ store }) => store)).toEqual(['changes', 'state'])
    const { disk } = device
    expect(plainOf(disk, 'officer')).not.toContain('matter 9')
    await device.close()
    device = startDevice(disk)
    expect(await (await mattersOf(device, 'officer')).count().exec()).toBe(2)
    expect(await (await mattersOf(device, 'device')).count().exec()).toBe(1)
    expect(await device.pages.readRow('state', 'checkpoint')).toBe(77)
  })
  it('of which one row exists already writes nothing, shows nothing and tells no one', async () => {
    await device.store.atomic((atomic) => atomic.row(change(1)))
    const told: unknown[] = []
    for (const { internalStorageInstance } of [records, queue])
      internalStorageInstance.changeStream().subscribe((bulk) => told.push(bulk))
    const pages = [...device.disk.pages.keys()]
    const failing = device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(1)])
      atomic.upsert(queue, [matter(1)])
      atomic.row(change(1))
    })
    await expect(failing).rejects.toMatchObject({ code: 'store/key-taken', detail: { store: 'changes' } })
    expect([told, [...device.disk.pages.keys()]]).toEqual([[], pages])
    expect(await records.count().exec()).toBe(0)
    await device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(1)])
      atomic.row(change(2))
    })
    expect(await records.count().exec()).toBe(1)
  })
  it('that throws while it is staged has no effect', async () => {
    const before = device.commits.length
    const failing = device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(1)])
      throw new Error('changed its mind')
    })
    await expect(failing).rejects.toThrow('changed its mind')
    expect(device.commits.length).toBe(before)
    await records.insert(matter(1))
  })
  it('builds on what is there at its turn', async () => {
    const bump = () =>
      device.store.atomic((atomic) => {
        const rank = (atomic.current(records, idOf(1))?.['rank'] as number | undefined) ?? 0
        atomic.upsert(records, [matter(1, { rank: rank + 1 })])
        return rank
      })
    expect(await Promise.all([bump(), bump(), bump()])).toEqual([0, 1, 2])
    await (await records.findOne(idOf(1)).exec(true)).remove()
    expect(await bump()).toBe(0)
    expect((await records.findOne(idOf(1)).exec(true)).rank).toBe(1)
  })
  it('is seen by RxDB documents and by later writes through RxDB', async () => {
    const document = await records.insert(matter(1))
    await device.store.atomic((atomic) => atomic.upsert(records, [matter(1, { title: 'from below' })]))
    expect((await records.findOne(idOf(1)).exec(true)).title).toBe('from below')
    const patched = await document.getLatest().patch({ rank: 5 })
    expect([patched.title, patched.rank]).toEqual(['from below', 5])
  })
  it('keeps the databases under their own keys', async () => {
    await device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(1)])
      atomic.upsert(queue, [matter(2)])
    })
    expect(keyNamed('officer')).not.toEqual(keyNamed('device'))
    expect(plainOf(device.disk, 'officer')).toContain('matter 1')
    expect(plainOf(device.disk, 'device')).toContain('matter 2')
  })
  it('does not wait inside, nor stage after its end, nor name a document twice', async () => {
    await expect(device.store.atomic(async () => {})).rejects.toThrow('does not wait')
    let escaped: { row(write: ReturnType<typeof change>): void } | undefined
    await device.store.atomic((atomic) => {
      escaped = atomic
    })
    expect(() => escaped?.row(change(3))).toThrow('Staging ends')
    const twice = device.store.atomic((atomic) => atomic.upsert(records, [matter(1), matter(1)]))
    await expect(twice).rejects.toThrow('once')
    const both = device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(3)])
      atomic.purge(records, [idOf(3)])
    })
    await records.insert(matter(3)).catch(() => {})
    await both.catch(() => {})
    const clash = device.store.atomic((atomic) => {
      atomic.upsert(records, [matter(3)])
      atomic.purge(records, [idOf(3)])
    })
    await expect(clash).rejects.toThrow('purged document')
  })
  it('is not taken after the store was closed', async () => {
    await device.store.close()
    await expect(device.store.atomic((atomic) => atomic.row(change(1)))).rejects.toThrow('closed store')
  })
  it('fails when the key is gone, and writes nothing', async () => {
    let isLocked = false
    const { disk } = device
    await device.close()
    device = startDevice(disk, (name) => {
      if (isLocked) throw new Error('locked')
      return keyNamed(name)
    })
    records = await mattersOf(device, 'officer')
    isLocked = true
    await expect(records.insert(matter(1))).rejects.toThrow('locked')
    isLocked = false
    expect(await records.count().exec()).toBe(0)
  })
})
