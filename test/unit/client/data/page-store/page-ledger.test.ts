import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger, type LedgerChange } from '../../../../../client/shared/data/page-store/page-ledger.ts'

const max = { pageDocumentsMax: 4, pagePlainBytesMax: 400, pageRewriteMax: 3, pageSmallMax: 3 }
const none = { written: [], forgotten: [], scrubbed: [] }
const page = (number: number, ids: string[]) => ({ number, ids, bytes: ids.length * 100 })

describe('a page ledger', () => {
  it('takes the version in the highest page as the newest', () => {
    const ledger = createLedger([page(1, ['a', 'b']), page(2, ['a'])], max)
    expect([ledger.homeOf('a'), ledger.homeOf('b'), ledger.homeOf('c')]).toEqual([2, 1, undefined])
    expect(ledger.counts()).toEqual({ stored: 3, live: 2 })
  })
  it('removes a page of which nothing is the newest any more, and carries nothing', () => {
    const ledger = createLedger([page(1, ['a', 'b']), page(2, ['c', 'd', 'e'])], max)
    expect(ledger.plan({ ...none, written: ['a', 'b'] })).toEqual({ carried: [], removed: [1] })
  })
  it('leaves pages alone while no more than half is stale', () => {
    const ledger = createLedger([page(1, ['a', 'b', 'c', 'd'])], max)
    expect(ledger.plan({ ...none, written: ['a', 'b', 'c'] })).toEqual({ carried: [], removed: [] })
  })
  it('compacts the worst pages when more than half is stale', () => {
    const ledger = createLedger([page(1, ['a', 'b', 'c', 'd']), page(2, ['a', 'b', 'c']), page(3, ['a', 'e'])], max)
    expect(ledger.plan({ ...none, written: ['a', 'b'] })).toEqual({ carried: ['d', 'c', 'e'], removed: [1, 2, 3] })
  })
  it('writes every page anew that holds a version of a forgotten document', () => {
    const ledger = createLedger(
      [page(1, ['a', 'b', 'c', 'd']), page(2, ['a', 'e', 'f']), page(3, ['g', 'h', 'i'])],
      max,
    )
    expect(ledger.plan({ ...none, forgotten: ['a'] })).toEqual({ carried: ['b', 'c', 'd', 'e', 'f'], removed: [1, 2] })
  })
  it('carries the newest version of a scrubbed document, or none when it is written', () => {
    const pages = [page(1, ['a', 'b', 'c', 'd']), page(2, ['a', 'e', 'f']), page(3, ['g', 'h', 'i'])]
    expect(createLedger(pages, max).plan({ ...none, scrubbed: ['a'] }).carried).toEqual(['b', 'c', 'd', 'a', 'e', 'f'])
    const both = createLedger(pages, max).plan({ ...none, scrubbed: ['a'], written: ['a'] })
    expect(both).toEqual({ carried: ['b', 'c', 'd', 'e', 'f'], removed: [1, 2] })
  })
  it('merges small pages when too many have piled up', () => {
    const small = ['a', 'b', 'c', 'd'].map((id, i) => page(i + 1, [id]))
    expect(createLedger(small.slice(0, 3), max).plan({ ...none, written: ['z'] }).removed).toEqual([])
    expect(createLedger(small, max).plan({ ...none, written: ['z'] })).toEqual({
      carried: ['a', 'b', 'c'],
      removed: [1, 2, 3],
    })
  })
  it('does not take a page with one large document for a small one', () => {
    const large = ['a', 'b', 'c', 'd', 'e'].map((id, i) => ({ number: i + 1, ids: [id], bytes: 300 }))
    expect(createLedger(large, max).plan({ ...none, written: ['z'] }).removed).toEqual([])
  })
})

/** A disk of version numbers, driven through the ledger, against a plain map. */
function play(changes: readonly LedgerChange[]) {
  const ledger = createLedger([], max)
  const model = new Map<string, number>()
  const disk = new Map<number, Map<string, number>>()
  let nextPage = 1
  changes.forEach((change, step) => {
    const forgotten = change.forgotten.filter((id) => model.has(id) && !change.written.includes(id))
    const plan = ledger.plan({ ...change, forgotten })
    const rows = [
      ...plan.carried.map((id) => [id, model.get(id) as number] as const),
      ...change.written.map((id) => [id, step] as const),
    ]
    const pages: { number: number; ids: string[]; bytes: number }[] = []
    for (let i = 0; i < rows.length; i += 4) {
      const part = rows.slice(i, i + 4)
      pages.push(
        page(
          nextPage,
          part.map(([id]) => id),
        ),
      )
      disk.set(nextPage++, new Map(part))
    }
    for (const number of plan.removed) disk.delete(number)
    ledger.adopt(plan, forgotten, pages)
    for (const id of forgotten) model.delete(id)
    for (const id of change.written) model.set(id, step)
    check(step, { ...change, forgotten })
  })
  function check(step: number, change: LedgerChange): void {
    const newest = new Map<string, number>()
    for (const [, rows] of [...disk].sort(([a], [b]) => a - b))
      for (const [id, version] of rows) newest.set(id, version)
    expect([...newest].sort(), `step ${step}`).toEqual([...model].sort())
    const versionsOf = (id: string) => [...disk.values()].filter((rows) => rows.has(id)).length
    for (const id of change.forgotten) expect(versionsOf(id)).toBe(0)
    for (const id of change.scrubbed) expect(versionsOf(id)).toBeLessThanOrEqual(1)
    const stored = [...disk.values()].reduce((sum, rows) => sum + rows.size, 0)
    expect(ledger.counts()).toEqual({ stored, live: model.size })
    expect(ledger.numbers().sort((a, b) => a - b)).toEqual([...disk.keys()].sort((a, b) => a - b))
  }
  return { ledger, disk }
}

describe('over any row of changes a page ledger', () => {
  const id = fc.integer({ min: 0, max: 30 }).map((n) => `d${n}`)
  const ids = (maxLength: number) => fc.uniqueArray(id, { maxLength })
  const change = fc.record({ written: ids(9), forgotten: ids(2), scrubbed: ids(2) })

  it('keeps the newest version of each document, of the forgotten none and of the scrubbed one', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => void play(changes)),
      { numRuns: 300 },
    )
  })
  it('does not let single writes pile up pages or stale versions without bound', () => {
    const single = fc.array(id, { minLength: 200, maxLength: 400 })
    fc.assert(
      fc.property(single, (ids) => {
        const { ledger, disk } = play(ids.map((each) => ({ ...none, written: [each] })))
        const { stored, live } = ledger.counts()
        // One write may leave at most pageRewriteMax pages for the next to compact.
        expect(stored).toBeLessThanOrEqual(2 * live + max.pageRewriteMax * max.pageDocumentsMax)
        expect(disk.size).toBeLessThanOrEqual(Math.ceil(live / 2) + max.pageSmallMax + 2)
      }),
      { numRuns: 15 },
    )
  })
})
