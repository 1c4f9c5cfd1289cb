import { describe, expect, it } from 'vitest'
import { utf8 } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import type { Fault } from '#protocols/errors.ts'
import { readPageSet } from '../../../../../client/shared/data/page-store/load-pages.ts'
import {
  createMemoryDisk,
  type MemoryDisk,
  openMemoryPageDatabase,
} from '../../../../../client/shared/data/page-store/memory-page-database.ts'
import { sealDocuments } from '../../../../../client/shared/data/page-store/page-codec.ts'
import { rowStores } from './page-database-cases.ts'
import { idOf, keyNamed, matter, mattersOf, pagesOf, startDevice } from './page-store-world.ts'

const set = { database: 'officer', collection: 'matters', schemaVersion: 0 }

async function written(): Promise<MemoryDisk> {
  const device = startDevice()
  const matters = await mattersOf(device)
  for (let from = 0; from < 300; from += 100)
    await matters.bulkInsert(Array.from({ length: 100 }, (_, i) => matter(from + i)))
  await device.close()
  return device.disk
}
async function opening(disk: MemoryDisk, keyOf = (name: string) => keyNamed(name)) {
  const device = startDevice(disk, keyOf)
  try {
    await mattersOf(device)
    return 'opened'
  } catch (cause) {
    const { code, detail } = cause as Fault
    return { code, ...detail }
  } finally {
    await device.close()
  }
}
const pageAt = (disk: MemoryDisk, index: number): { number: number; bytes: Uint8Array } => {
  const page = pagesOf(disk)[index]
  if (!page) throw new Error('no such page')
  return page
}
const flip = (page: { bytes: Uint8Array }, at: number): void => {
  page.bytes[at] = (page.bytes[at] as number) ^ 1
}

describe('a damaged store', () => {
  it('opens when nothing is wrong', async () => {
    expect(await opening(await written())).toBe('opened')
  })
  it('says that the key is wrong when nothing of the database opens', async () => {
    expect(await opening(await written(), (name) => keyNamed(name, 1))).toEqual({
      code: 'store/wrong-key',
      database: 'officer',
    })
  })
  it('names the page in which one byte was changed', async () => {
    for (const at of [0, 30, -1]) {
      const disk = await written()
      const page = pageAt(disk, 1)
      flip(page, at < 0 ? page.bytes.length + at : at)
      const found = {
        code: 'store/corrupt',
        database: 'officer',
        collection: 'matters',
        page: page.number,
        badPages: 1,
      }
      expect(await opening(disk)).toEqual(found)
    }
  })
  it('calls a store corrupt, not foreign, when all pages of one collection are damaged', async () => {
    const disk = await written()
    for (const page of pagesOf(disk)) flip(page, 40)
    expect(await opening(disk)).toMatchObject({ code: 'store/corrupt', collection: 'matters', badPages: 4 })
    const other = await written()
    for (const page of pagesOf(other, '_rxdb_internal')) flip(page, 40)
    expect(await opening(other)).toMatchObject({ code: 'store/corrupt', collection: '_rxdb_internal' })
  })
  it('misses a page that is gone', async () => {
    for (const index of [0, 1, 2, 3]) {
      const disk = await written()
      const [key] = [...disk.pages].find(([, page]) => page === pagesOf(disk)[index]) as [string, unknown]
      const { number } = pageAt(disk, index)
      disk.pages.delete(key)
      // Without the directory, the page that is now the last one is the one that should be it.
      const named = index === 3 ? pageAt(disk, 2).number : number
      expect(await opening(disk)).toMatchObject({ code: 'store/corrupt', page: named })
    }
  })
  it('refuses a page that was put back after it was removed', async () => {
    const device = startDevice()
    const matters = await mattersOf(device)
    await matters.insert(matter(1))
    const [old] = pagesOf(device.disk)
    const name = [...device.disk.pages].find(([, page]) => page === old)?.[0] as string
    await device.store.atomic((atomic) => atomic.purge(matters, [idOf(1)]))
    await device.close()
    expect(await opening(device.disk)).toBe('opened')
    device.disk.pages.set(name, old as never)
    expect(await opening(device.disk)).toMatchObject({ code: 'store/corrupt', page: old?.number })
  })
  it('refuses two pages that changed places', async () => {
    const disk = await written()
    const [a, b] = [pageAt(disk, 0), pageAt(disk, 1)]
    ;[a.bytes, b.bytes] = [b.bytes, a.bytes]
    expect(await opening(disk)).toMatchObject({ code: 'store/corrupt', badPages: 2 })
  })
  it('refuses a page of another collection, database or schema version', async () => {
    for (const other of [{ collection: 'matter' }, { database: 'device' }, { schemaVersion: 1 }]) {
      const disk = await written()
      const page = pageAt(disk, 0)
      const place = { ...set, ...other, number: page.number }
      page.bytes = sealDocuments(keyNamed('officer'), place, [utf8('{"id":"1"}')], createSeededRandom(1))
      expect(await opening(disk)).toMatchObject({ code: 'store/corrupt', page: page.number })
    }
  })
  it('still hands out what opens, with the numbers of what does not, to a rescue by hand', async () => {
    const disk = await written()
    const damaged = pageAt(disk, 1)
    flip(damaged, 50)
    const pages = openMemoryPageDatabase({ disk, rowStores })
    const reading = await readPageSet(pages, keyNamed('officer'), set)
    expect(reading.bad).toEqual([damaged.number])
    expect(reading.pages.flatMap(({ documents }) => documents)).toHaveLength(200)
  })
  it('is an empty one when it was never written', async () => {
    const pages = openMemoryPageDatabase({ disk: createMemoryDisk(), rowStores })
    expect(await readPageSet(pages, keyNamed('officer'), set)).toEqual({
      pages: [],
      lastNumber: 0,
      bad: [],
      openedCount: 0,
    })
  })
})
