import { describe, expect, it } from 'vitest'
import { createEdgeTime } from '../../../../client/shared/data/edge-time.ts'

const createClock = (ms: number) => {
  const clock = { ms, nowMs: () => clock.ms }
  return clock
}

describe('edge time', () => {
  it('is the device’s own before any contact', () => {
    expect(createEdgeTime(createClock(1000), null).nowMs()).toBe(1000)
  })

  it('follows the signed time and goes on with the device’s clock', () => {
    const clock = createClock(1000)
    const time = createEdgeTime(clock, null)
    time.observe(500_000)
    clock.ms += 250
    expect(time.nowMs()).toBe(500_250)
  })

  it('a clock set back never takes it below the last signed time', () => {
    const clock = createClock(1_000_000)
    const time = createEdgeTime(clock, null)
    time.observe(1_000_000)
    clock.ms = 5
    expect(time.nowMs()).toBe(1_000_000)
    const again = createEdgeTime(clock, time.state())
    expect(again.nowMs()).toBe(1_000_000)
  })

  it('a clock that jumped is put right by the next signed time, in both directions', () => {
    const clock = createClock(1_000_000)
    const time = createEdgeTime(clock, null)
    time.observe(1_000_000)
    clock.ms += 365 * 86_400_000
    time.observe(1_000_500)
    expect(time.nowMs()).toBe(1_000_500)
  })

  it('is worth writing down when it moved by a second or a minute has passed, not at each contact', () => {
    const clock = createClock(1_000_000)
    const time = createEdgeTime(clock, null)
    expect(time.observe(1_000_000)).toBe(true)
    clock.ms += 900
    expect(time.observe(1_000_900)).toBe(false)
    clock.ms += 10
    expect(time.observe(1_002_000)).toBe(true)
    clock.ms += 60_000
    expect(time.observe(1_062_000)).toBe(true)
  })
})
