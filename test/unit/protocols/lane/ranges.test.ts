import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addToRanges, gapsIn, hasInRanges, lastOfRanges, type Range } from '#protocols/lane/ranges.ts'

it('ranges are the set of what was added, sorted, apart and never touching', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (values) => {
      const ranges = values.reduce<readonly Range[]>(addToRanges, [])
      const set = new Set(values)
      for (let value = 1; value <= 42; value++) expect(hasInRanges(ranges, value)).toBe(set.has(value))
      for (let i = 0; i < ranges.length; i++) {
        const [from, to] = ranges[i] as Range
        expect(from).toBeLessThanOrEqual(to)
        expect(from).toBeGreaterThan(i === 0 ? 0 : (ranges[i - 1] as Range)[1] + 1)
      }
      expect(lastOfRanges(ranges)).toBe(Math.max(0, ...values))
      const missing = gapsIn(ranges, 40).flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      )
      expect(missing).toEqual(Array.from({ length: 40 }, (_, i) => i + 1).filter((value) => !set.has(value)))
    }),
    { numRuns: 500, seed: 31 },
  )
})

it('adding what is there gives the same ranges', () => {
  const ranges: readonly Range[] = [[1, 5]]
  expect(addToRanges(ranges, 3)).toBe(ranges)
})

it('gaps end where they are asked to end', () => {
  expect(
    gapsIn(
      [
        [2, 3],
        [8, 9],
      ],
      6,
    ),
  ).toEqual([
    [1, 1],
    [4, 6],
  ])
  expect(gapsIn([], 0)).toEqual([])
  expect(gapsIn([[1, 9]], 4)).toEqual([])
})
