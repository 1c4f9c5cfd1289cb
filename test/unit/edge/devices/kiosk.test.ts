import { describe, expect, test } from 'vitest'
import type { Compare, Match } from '#protocols/device/kiosk.ts'
import { readHealth, readMatch } from '../../../../edge/devices/kiosk.ts'

const session = 'd1'.repeat(16)
const asked: Compare = { v: 1, session, reader: 'a1'.repeat(16), seq: 1, threshold: 860, validUntil: 1000 }
const report: Match = { v: 1, seq: 1, at: 0, session, score: 900, threshold: 860, model: 'm1', decision: 'match' }

describe('report of a comparison', () => {
  test('one that agrees with what was asked and with itself has no findings', () => {
    expect(readMatch(report, asked, 1000)).toEqual({
      ...{ session, score: 900, threshold: 860, model: 'm1', decision: 'match', failed: [] },
    })
  })

  const cases: [string, Partial<Match>, Compare | undefined, number, string[]][] = [
    ['nobody asked', {}, undefined, 0, ['match/not-asked']],
    ['another session', { session: 'd2'.repeat(16) }, asked, 0, ['match/not-asked']],
    ['too late', {}, asked, 1001, ['match/not-asked']],
    ['another threshold', { threshold: 500 }, asked, 0, ['match/threshold']],
    ['a match below its threshold', { score: 859 }, asked, 0, ['match/contradiction']],
    ['a mismatch above it', { decision: 'mismatch' }, asked, 0, ['match/contradiction']],
    ['nobody there', { score: 0, decision: 'noFace' }, asked, 0, []],
    ['no portrait', { score: 0, decision: 'noPortrait' }, asked, 0, []],
  ]
  test.each(cases)('%s', (_title, change, question, nowMs, failed) => {
    expect(readMatch({ ...report, ...change }, question, nowMs).failed).toEqual(failed)
  })
})

test('a kiosk without paper or with a fault of its own needs hands', () => {
  const health = { v: 1, seq: 1, at: 0, firmware: '1' } as const
  expect(readHealth(health)).toEqual({ firmware: '1', paper: 'unknown', needsHands: false })
  expect(readHealth({ ...health, paper: 'low' }).needsHands).toBe(false)
  expect(readHealth({ ...health, paper: 'out' }).needsHands).toBe(true)
  expect(readHealth({ ...health, faults: ['E1'] }).needsHands).toBe(true)
})
