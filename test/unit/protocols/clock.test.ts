import { describe, expect, it } from 'vitest'
import { longTimers } from '#protocols/clock.ts'
import { createFakeClock } from '../../fixtures/fake-clock.ts'

const dayMs = 24 * 3600 * 1000

describe('long timers', () => {
  it('a delay beyond 31 bits is waited for whole, in pieces that fit', () => {
    const clock = createFakeClock()
    const pieces: number[] = []
    const timers = longTimers({
      ...clock,
      after: (delayMs, run) => {
        pieces.push(delayMs)
        return clock.after(delayMs, run)
      },
    })
    let ran = 0
    timers.after(90 * dayMs, () => ran++)
    clock.advance(90 * dayMs - 1)
    expect(ran).toBe(0)
    clock.advance(1)
    expect(ran).toBe(1)
    expect(Math.max(...pieces)).toBeLessThan(2 ** 31)
    expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(90 * dayMs)
  })

  it('a long delay is cancelled in any of its pieces', () => {
    const clock = createFakeClock()
    const cancel = longTimers(clock).after(90 * dayMs, () => expect.unreachable())
    clock.advance(50 * dayMs)
    cancel()
    clock.advance(90 * dayMs)
    expect(clock.pending()).toBe(0)
  })
})

describe('the clock moved by hand', () => {
  it('runs what is due in order of its time, what it starts on the way included', () => {
    const clock = createFakeClock(1000)
    const seen: [string, number][] = []
    clock.after(20, () => seen.push(['b', clock.nowMs()]))
    clock.after(10, () => {
      seen.push(['a', clock.nowMs()])
      clock.after(5, () => seen.push(['a2', clock.nowMs()]))
    })
    clock.after(31, () => seen.push(['late', clock.nowMs()]))
    clock.advance(30)
    expect(seen).toEqual([
      ['a', 1010],
      ['a2', 1015],
      ['b', 1020],
    ])
    expect(clock.nowMs()).toBe(1030)
  })

  it('a period runs until it is cancelled', () => {
    const clock = createFakeClock()
    let ran = 0
    const cancel = clock.every(10, () => ran++)
    clock.advance(35)
    cancel()
    clock.advance(100)
    expect(ran).toBe(3)
  })

  it('setting the clock runs nothing and delays nothing', () => {
    const clock = createFakeClock(1_000_000)
    let ran = 0
    clock.after(10, () => ran++)
    clock.setMs(5)
    expect([clock.nowMs(), ran]).toEqual([5, 0])
    clock.advance(10)
    expect([clock.nowMs(), ran]).toEqual([15, 1])
  })

  it('time that passes lets promises settle between two timers', async () => {
    const clock = createFakeClock()
    const seen: string[] = []
    clock.after(1, () => void Promise.resolve().then(() => clock.after(1, () => seen.push('second'))))
    await clock.advanceAsync(2)
    expect(seen).toEqual(['second'])
  })
})
