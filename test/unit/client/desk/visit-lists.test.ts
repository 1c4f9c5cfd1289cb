import { describe, expect, it } from 'vitest'
import { visit } from '#protocols/records/visit.ts'
import {
  dayStartMs,
  filterVisits,
  headCount,
  listQuery,
  lists,
  noFilter,
} from '../../../../client/desk/logic/visit-lists.ts'
import { idOf, visitOf } from './records.ts'

const minuteMs = 60_000

describe('the lists of the desk', () => {
  it("the day begins at the station's midnight, whatever zone the browser has", () => {
    const midnight = Date.UTC(2026, 10, 20, 16)
    expect(dayStartMs(midnight)).toBe(midnight)
    expect(dayStartMs(midnight - 1)).toBe(midnight - 24 * 60 * minuteMs)
    expect(dayStartMs(midnight + 24 * 60 * minuteMs - 1)).toBe(midnight)
  })

  it('every state that a query names is one of the declaration', () => {
    const statesOf = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : ((value as { $in?: string[] } | undefined)?.$in ?? [])
    let named = 0
    for (const list of lists)
      for (const track of ['presence', 'handling'])
        for (const state of statesOf(listQuery(list, 0).selector?.[`tracks.${track}`])) {
          expect(visit.tracks[track]?.states, state).toContain(state)
          named += 1
        }
    expect(named).toBeGreaterThan(8)
  })

  it('each list says how it is sorted and where it ends', () => {
    for (const list of lists)
      expect(listQuery(list, 0)).toMatchObject({ type: 'visit', limit: expect.any(Number), sort: [expect.anything()] })
    expect(listQuery('today', 5).selector).toEqual({ createdMs: { $gte: 5 } })
  })

  it('a filter leaves what fits both of its parts', () => {
    const a = visitOf('checkedIn', 'queued', { reason: 'help', officer: idOf('a') })
    const b = visitOf('checkedIn', 'signed', { reason: 'help', officer: idOf('b') })
    expect(filterVisits([a, b], noFilter)).toEqual([a, b])
    expect(filterVisits([a, b], { reason: 'help', officer: null })).toEqual([a, b])
    expect(filterVisits([a, b], { reason: 'help', officer: idOf('b') })).toEqual([b])
    expect(filterVisits([a, b], { reason: 'advice', officer: null })).toEqual([])
  })

  it('who is inside counts those who came along', () => {
    const rows = [
      visitOf('checkedIn', 'queued', { companions: 2 }),
      visitOf('steppedOut', 'queued', { companions: 1 }),
      visitOf('checkedIn', 'signed'),
    ]
    expect(headCount(rows)).toEqual({ visits: 3, companions: 3 })
    expect(headCount([])).toEqual({ visits: 0, companions: 0 })
  })
})
