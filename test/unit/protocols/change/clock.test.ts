import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareHlc, decodeHlc, encodeHlc, hlcZero, orderKeyOf, tickHlc } from '#protocols/change/clock.ts'

describe('the hybrid clock', () => {
  it('only rises, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 50 }), (walls) => {
        let last = hlcZero
        for (const wall of walls) {
          const next = tickHlc(last, wall)
          expect(compareHlc(next, last)).toBeGreaterThan(0)
          expect(decodeHlc(encodeHlc(next))).toEqual(next)
          last = next
        }
      }),
    )
  })
  it('runs over its counter into the next millisecond', () => {
    expect(tickHlc({ ms: 5, counter: 0xffff }, 5)).toEqual({ ms: 6, counter: 0 })
  })
  it('orders by bytes as it orders by value', () => {
    const key = (ms: number, counter: number) => orderKeyOf({ ms, counter }, null, 0)
    expect([key(2, 0), key(1, 5), key(1, 4)].sort()).toEqual([key(1, 4), key(1, 5), key(2, 0)])
    expect(orderKeyOf({ ms: 100, counter: 3 }, 10, 5)).toBe(orderKeyOf({ ms: 15, counter: 0 }, 10, 5))
  })
})
