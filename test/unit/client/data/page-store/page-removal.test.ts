import { afterEach, describe, expect, it } from 'vitest'
import { type Device, idOf, matter, mattersOf, pagesOf, plainOf, startDevice } from './page-store-world.ts'

let device: Device | undefined
afterEach(async () => device?.close())
const begin = async () => {
  device = startDevice()
  return { device, matters: await mattersOf(device) }
}
const marked = (n: number) => matter(n, { title: `MARKER-${n}-END` })
const held = (d: Device, n: number): boolean => plainOf(d.disk).includes(`MARKER-${n}-END`)

describe('removal from pages', () => {
  it('a purged document stands in no page any more, in none of its versions; all others stay', async () => {
    const { device, matters } = await begin()
    await matters.bulkInsert(Array.from({ length: 300 }, (_, i) => marked(i)))
    await matters.upsert(matter(7, { title: 'newer', note: 'MARKER-7-END as a note' }))
    expect(held(device, 7)).toBe(true)
    await device.store.atomic((atomic) => atomic.purge(matters, [idOf(7), idOf(150), idOf(9999)]))
    for (let n = 0; n < 300; n++) expect(held(device, n)).toBe(n !== 7 && n !== 150)
    expect(plainOf(device.disk)).not.toContain(idOf(7))
    expect(await matters.count().exec()).toBe(298)
    expect(await matters.findOne(idOf(7)).exec()).toBeNull()
    const disk = device.disk
    await device.close()
    const again = startDevice(disk)
    const reopened = await mattersOf(again)
    expect(await reopened.count().exec()).toBe(298)
    await again.close()
  })
  it('a purge is told to live queries as a deletion', async () => {
    const { device, matters } = await begin()
    await matters.bulkInsert([marked(1), marked(2)])
    const seen: string[][] = []
    matters.find().$.subscribe((found) => seen.push(found.map(({ id }) => id)))
    await matters.find().exec()
    await device.store.atomic((atomic) => atomic.purge(matters, [idOf(1)]))
    await expect.poll(() => seen.at(-1)).toEqual([idOf(2)])
  })
  it('a deleted document leaves with cleanup, its tombstone and its text too', async () => {
    const { device, matters } = await begin()
    await matters.bulkInsert([marked(1), marked(2)])
    await (await matters.findOne(idOf(1)).exec(true)).remove()
    expect(held(device, 1)).toBe(true)
    await matters.internalStorageInstance.cleanup(1_000_000)
    expect(held(device, 1)).toBe(true)
    await matters.internalStorageInstance.cleanup(-1_000)
    expect([held(device, 1), held(device, 2)]).toEqual([false, true])
    expect(await matters.internalStorageInstance.findDocumentsById([idOf(1)], true)).toEqual([])
    await matters.insert(marked(1))
    expect(held(device, 1)).toBe(true)
  })
  it('after a scrub only the newest version stands in the pages', async () => {
    const { device, matters } = await begin()
    await matters.bulkInsert(Array.from({ length: 120 }, (_, i) => marked(i)))
    await matters.upsert(matter(3, { title: 'the rest' }))
    expect(held(device, 3)).toBe(true)
    await device.store.atomic((atomic) => atomic.scrub(matters, [idOf(3)]))
    expect(held(device, 3)).toBe(false)
    await device.store.atomic((atomic) => {
      atomic.upsert(matters, [matter(4, { title: 'the rest of 4' })])
      atomic.scrub(matters, [idOf(4)])
    })
    expect(held(device, 4)).toBe(false)
    expect((await matters.findByIds([idOf(3), idOf(4)]).exec()).size).toBe(2)
    expect(plainOf(device.disk)).toContain('the rest of 4')
  })
  it('a purge of everything leaves a directory and nothing else', async () => {
    const { device, matters } = await begin()
    await matters.bulkInsert(Array.from({ length: 250 }, (_, i) => marked(i)))
    await device.store.atomic((atomic) =>
      atomic.purge(
        matters,
        Array.from({ length: 250 }, (_, i) => idOf(i)),
      ),
    )
    expect(pagesOf(device.disk)).toHaveLength(1)
    expect(plainOf(device.disk, 'officer', 'matters')).toBe('{"directory":[]}')
  })
  it('a purge that cannot be made durable leaves the document where it was', async () => {
    const { device, matters } = await begin()
    await matters.insert(marked(1))
    device.hook = () => {
      throw new Error('no disk')
    }
    await expect(device.store.atomic((atomic) => atomic.purge(matters, [idOf(1)]))).rejects.toThrow('no disk')
    device.hook = undefined
    expect(await matters.count().exec()).toBe(1)
    expect(held(device, 1)).toBe(true)
  })
  it('page numbers are never used twice', async () => {
    const { device, matters } = await begin()
    for (let round = 0; round < 30; round++) {
      await matters.bulkUpsert(Array.from({ length: 30 }, (_, i) => marked((round * 7 + i) % 60)))
      await device.store.atomic((atomic) => atomic.purge(matters, [idOf(round)]))
    }
    const numbers = device.commits
      .flatMap(({ pages }) => pages)
      .filter(({ collection }) => collection === 'matters')
      .map(({ number }) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeGreaterThan(60)
  })
})
