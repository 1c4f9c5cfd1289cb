import { describe, expect, it } from 'vitest'
import type { StationRow } from '#protocols/http/console.ts'
import { missingCount, rangeText, shortId, stationWord } from '../../../../client/hub-console/logic/station-state.ts'
import { onlyEmpty } from '../../../../client/hub-console/logic/trusted-types.ts'

const nowMs = 1_000_000_000
const row = (more: Partial<StationRow>): StationRow => ({
  station: 'a'.repeat(32),
  name: '听潮派出所',
  nameEn: 'Tingchao',
  code: '000000010000',
  seenUpTo: { epoch: 'e', seq: 9 },
  missing: [],
  lastHeardMs: nowMs - 1000,
  bundles: 9,
  changes: 90,
  waiting: 0,
  quarantined: 0,
  partialRecords: 0,
  checkpoint: { state: 'verified', size: 90, timeMs: nowMs, matchedSize: 90 },
  fork: null,
  ...more,
})
const missing = [
  { epoch: 'e', seqFrom: 4, seqTo: 7 },
  { epoch: 'e', seqFrom: 9, seqTo: 9 },
]

describe('what a station says in one word', () => {
  it.each<[string, Partial<StationRow>, string]>([
    ['whole', {}, 'ok'],
    ['missing', { missing }, 'wait'],
    ['waiting', { waiting: 1 }, 'wait'],
    ['waiting', { partialRecords: 1 }, 'wait'],
    ['silent', { lastHeardMs: nowMs - 16 * 60_000 }, 'off'],
    ['never', { lastHeardMs: null, seenUpTo: null }, 'off'],
    ['fork', { fork: { reason: 'two-hashes', epoch: 'e', seq: 3 } }, 'bad'],
  ])('%s: %o', (word, more, tone) => {
    expect(stationWord(row(more), nowMs)).toEqual({ word, tone })
  })

  it('the worst is said: two stories before a gap, a gap before waiting', () => {
    const all = { missing, waiting: 3, lastHeardMs: 0 }
    expect(stationWord(row({ ...all, fork: { reason: 'two-hashes', epoch: 'e', seq: 3 } }), nowMs).word).toBe('fork')
    expect(stationWord(row(all), nowMs).word).toBe('missing')
  })

  it('missing bundles are named and counted, ends included', () => {
    expect(missing.map(rangeText)).toEqual(['4–7', '9'])
    expect(missingCount(row({ missing }))).toBe(5)
    expect(shortId('00000001c8ad7717')).toBe('c8ad7717')
  })
})

describe('markup from text', () => {
  it('only nothing becomes markup', () => {
    expect(onlyEmpty('')).toBe('')
    for (const text of [' ', '<b>', 'a']) expect(() => onlyEmpty(text)).toThrow(TypeError)
  })
})
