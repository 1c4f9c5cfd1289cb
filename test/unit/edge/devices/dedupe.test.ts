import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '#protocols/limits.ts'
import { createDedupe, firstSeqState, judgeSeq, rememberSeq, type SeqState } from '../../../../edge/devices/dedupe.ts'

const windowMax = limits.deviceSeqWindowMax

function memoryStore() {
  const states = new Map<string, SeqState>()
  return {
    states,
    load: (deviceId: string) => states.get(deviceId),
    save: (deviceId: string, state: SeqState) => void states.set(deviceId, state),
  }
}

describe('repeats', () => {
  test('a number is new once, then repeated', () => {
    const dedupe = createDedupe(memoryStore())
    expect(dedupe.judge('a', 5)).toBe('new')
    expect(dedupe.judge('a', 5)).toBe('new')
    dedupe.remember('a', 5)
    expect(dedupe.judge('a', 5)).toBe('repeated')
    expect(dedupe.judge('b', 5)).toBe('new')
  })

  test('a message that was overtaken is new, not a repeat', () => {
    const dedupe = createDedupe(memoryStore())
    for (const seq of [10, 12, 11]) {
      expect(dedupe.judge('a', seq)).toBe('new')
      dedupe.remember('a', seq)
    }
    for (const seq of [10, 11, 12]) expect(dedupe.judge('a', seq)).toBe('repeated')
  })

  test('a device that lost its counter is noticed: its numbers are stale, not new', () => {
    let state = firstSeqState
    for (let seq = 1000; seq < 1000 + windowMax + 1; seq++) state = rememberSeq(state, seq)
    expect(judgeSeq(state, 1)).toBe('stale')
    expect(judgeSeq(state, 1000)).toBe('stale')
    expect(judgeSeq(state, 1001)).toBe('repeated')
  })

  test('any order of delivery with any repeats within the window takes each message exactly once', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: windowMax })
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { maxLength: 300 }), (seqs, repeats) => {
        let state = firstSeqState
        const taken: number[] = []
        const deliver = (seq: number) => {
          if (judgeSeq(state, seq) !== 'new') return
          taken.push(seq)
          state = rememberSeq(state, seq)
        }
        for (const [index, seq] of seqs.entries()) {
          deliver(seq)
          deliver(seqs[(repeats[index] ?? 0) % (index + 1)] ?? seq)
        }
        expect(taken).toEqual(seqs)
        expect(state.recent).toEqual(seqs.toSorted((a, b) => a - b))
      }),
      { seed: 20_261_121 },
    )
  })

  test('the state never grows beyond its window, and its floor never falls', () => {
    let state = firstSeqState
    let floor = 0
    for (let n = 1; n <= 3 * windowMax; n++) {
      state = rememberSeq(state, n * 7)
      expect(state.recent.length).toBeLessThanOrEqual(windowMax)
      expect(state.floor).toBeGreaterThanOrEqual(floor)
      floor = state.floor
    }
    expect(floor).toBe(2 * windowMax * 7)
  })
})
