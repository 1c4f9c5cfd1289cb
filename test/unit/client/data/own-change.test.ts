import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { isContainedIn, type OwnDoc, ownAfterReceipt, ownForScreen } from '../../../../client/shared/data/own-change.ts'
import { ownOnTop } from '../../../../client/shared/data/own-on-top.ts'
import { openMemoryTables, createTableDisk } from '../../../fixtures/memory-tables.ts'
import { actor, committerOf, createOfficer, openStore, recordAfter, row, taskDraft, update } from './store-world.ts'

const task = recordDefs.get('task') as RecordDef

/** One created task and what else was written to it, as readable copies. */
async function written(...titles: readonly string[]): Promise<OwnDoc[]> {
  const disk = createTableDisk()
  const officer = createOfficer()
  const committer = committerOf(await openStore(openMemoryTables({ disk }), officer), officer)
  const first = await committer.commit(taskDraft())
  if (!first.ok) throw new Error(first.code)
  for (const title of titles) await committer.commit(update(first.record, { title }))
  return [...disk.tables.own.values()].map((text) => JSON.parse(text) as OwnDoc).sort((a, b) => a.seq - b.seq)
}
const admittedBy = (own: OwnDoc, logSeq: number): OwnDoc => ownAfterReceipt(own, row(own.id, 'admitted', logSeq))
const onTop = (admitted: RecordDoc | null, own: readonly OwnDoc[], who: typeof actor | null = actor) =>
  ownOnTop(admitted, own, who, {}, task)

describe('an own change', () => {
  beforeAll(() => ready)

  it('follows its receipt: pending, admitted, refused, and waits as it was', async () => {
    const [own] = (await written()) as [OwnDoc]
    expect(own.state).toBe('pending')
    expect(ownAfterReceipt(own, row(own.id, 'waiting', 0))).toBe(own)
    expect(admittedBy(own, 7)).toMatchObject({ state: 'admitted', logSeq: 7, code: null })
    expect(ownAfterReceipt(own, row(own.id, 'change/denied', 8, { act: 'x' }))).toMatchObject({
      state: 'refused',
      code: 'change/denied',
      detail: { act: 'x' },
    })
  })

  it('stands in a record by its history, or by the log seq where that is trimmed', async () => {
    const [own] = (await written()) as [OwnDoc]
    const record = recordAfter([own], 50)
    expect(isContainedIn(own, record)).toBe(true)
    expect(isContainedIn(own, { ...record, history: [] })).toBe(false)
    expect(isContainedIn(admittedBy(own, 50), { ...record, history: [] })).toBe(true)
    expect(isContainedIn(admittedBy(own, 51), { ...record, history: [] })).toBe(false)
    expect(isContainedIn(ownAfterReceipt(own, row(own.id, 'change/denied')), record)).toBe(false)
  })

  it('crosses to the screen without its bytes; an admitted one is still on its way there', async () => {
    const [own] = (await written()) as [OwnDoc]
    expect(Object.keys(ownForScreen(own))).not.toContain('bytes')
    expect(ownForScreen(admittedBy(own, 7)).state).toBe('pending')
  })
})

describe('own changes on top of a record', () => {
  beforeAll(() => ready)

  it('are applied in the order of their numbers, whatever order they come in', async () => {
    const own = await written('b', 'c')
    expect(onTop(null, [...own].reverse())).toMatchObject({ count: 3, shown: { fields: { title: 'c' } } })
  })

  it('leave out what the record contains', async () => {
    const own = await written('b', 'c')
    const record = recordAfter(own.slice(0, 2))
    expect(onTop(record, own)).toMatchObject({ count: 1, shown: { fields: { title: 'c' } } })
    expect(onTop(recordAfter(own), own)).toEqual({ count: 0, shown: recordAfter(own) })
  })

  it('show nothing of a refused one', async () => {
    const own = await written('b')
    const refused = own.map((each) => ownAfterReceipt(each, row(each.id, 'change/denied')))
    expect(onTop(null, refused)).toEqual({ count: 0, shown: null })
  })

  it('pass over one that no longer fits, and go on with the next', async () => {
    const own = await written('b')
    const record = recordAfter(own.slice(0, 1))
    const [, change] = own as [OwnDoc, OwnDoc]
    const twice = recordAfter(own.slice(0, 1))
    // A create on a record that is here already.
    expect(onTop({ ...twice, history: [] }, [own[0] as OwnDoc, change])).toMatchObject({
      count: 2,
      shown: { fields: { title: 'b' } },
    })
    expect(onTop(record, [change], { ...actor, posts: [] })).toMatchObject({ count: 1, shown: record })
  })

  it('do not ask again for what was admitted', async () => {
    const own = await written('b')
    const record = recordAfter(own.slice(0, 1))
    const admitted = admittedBy(own[1] as OwnDoc, record.seq + 1)
    expect(onTop(record, [admitted], { ...actor, posts: [] }).shown?.fields['title']).toBe('b')
    expect(onTop(record, [admitted], null).shown?.fields['title']).toBe('b')
    expect(onTop(null, [admitted])).toEqual({ count: 1, shown: null })
  })
})
