import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeList } from '#protocols/codes.ts'
import type { VisitFigure } from '#protocols/http/console.ts'
import { barsOf, stationSigns } from '../../../../client/hub-console/logic/figures.ts'
import { daysOf, lastDays, queryOf, stateKeys, wholeFilter } from '../../../../client/hub-console/logic/filter.ts'

const days = ['2026-11-19', '2026-11-20', '2026-11-21']
const reasons = [...codeList('visit-reason').rows.map((row) => row.code), '', 'newReason']
const figure = fc.record({
  day: fc.constantFrom(...days, '2026-01-01'),
  station: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  reason: fc.constantFrom(...reasons),
  n: fc.integer({ min: 1, max: 50 }),
})

describe('bars', () => {
  it('each figure of these days stands in exactly one bar, and the sum is theirs', () => {
    fc.assert(
      fc.property(fc.array(figure, { maxLength: 60 }), (figures) => {
        const { bars, stacks, total } = barsOf(figures, days)
        const within = figures.filter((each) => days.includes(each.day))
        const sum = (rows: readonly VisitFigure[]) => rows.reduce((all, each) => all + each.n, 0)
        expect(total).toBe(sum(within))
        for (const stack of stacks) {
          expect(stack.counts).toHaveLength(bars.length)
          bars.forEach((bar, index) => {
            const own = within.filter(
              (each) =>
                each.day === bar.day &&
                (bar.station === null || each.station === bar.station) &&
                each.reason === stack.reason,
            )
            expect(stack.counts[index]).toBe(sum(own))
          })
        }
      }),
    )
  })

  it('two or three stations stand side by side, more are one bar a day', () => {
    const of = (stations: string[]) =>
      barsOf(
        stations.map((station) => ({ day: days[0] as string, station, reason: 'help', n: 1 })),
        days,
      )
    expect(of(['a']).bars).toEqual(days.map((day) => ({ day, station: null })))
    expect(of(['b', 'a']).bars.slice(0, 2)).toEqual([
      { day: days[0], station: 'a' },
      { day: days[0], station: 'b' },
    ])
    expect(of(['a', 'b', 'c']).apart).toEqual(['a', 'b', 'c'])
    expect(of(['a', 'b', 'c', 'd']).bars).toHaveLength(3)
    expect(of([])).toEqual({ apart: [], bars: days.map((day) => ({ day, station: null })), stacks: [], total: 0 })
  })

  it('a reason keeps its colour whatever else is shown', () => {
    const colourOf = (reasonsShown: string[]) =>
      new Map(
        barsOf(
          reasonsShown.map((reason) => ({ day: days[0] as string, station: 'a', reason, n: 1 })),
          days,
        ).stacks.map((stack) => [stack.reason, stack.colour]),
      )
    const all = colourOf(reasons)
    for (const reason of reasons) expect(colourOf([reason]).get(reason)).toBe(all.get(reason))
    expect(new Set(all.values()).size).toBe(reasons.length)
  })

  it('stations are told apart by one sign each', () => {
    expect(stationSigns(['听潮派出所', '望桥派出所'])).toEqual(['听', '望'])
    expect(stationSigns(['Tingchao', 'Tidewater'])).toEqual(['1', '2'])
    expect(stationSigns([''])).toEqual(['1'])
    expect(stationSigns([])).toEqual([])
  })
})

describe('filters', () => {
  const nowMs = Date.UTC(2026, 10, 21, 16, 30)

  it("the days shown first are the last fourteen of the station's calendar", () => {
    expect(lastDays(nowMs)).toEqual(['2026-11-09', '2026-11-22'])
    expect(daysOf(lastDays(nowMs))).toHaveLength(14)
    expect(daysOf(['2026-02-27', '2026-03-01'])).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(daysOf(['2026-03-01', '2026-02-27'])).toEqual([])
    expect(daysOf(['2020-01-01', '2026-01-01'])).toHaveLength(400)
  })

  it('a figure opens its rows: its day, and its station and reason unless it is of all', () => {
    const filter = { ...wholeFilter(nowMs), station: 'a', reason: 'help', state: 'presence:checkedIn' }
    expect(queryOf(filter, null)).toEqual({
      station: 'a',
      from: '2026-11-09',
      to: '2026-11-22',
      reason: 'help',
      state: 'presence:checkedIn',
    })
    expect(queryOf(filter, { day: '2026-11-20', station: null, reason: null })).toEqual({
      station: 'a',
      from: '2026-11-20',
      to: '2026-11-20',
      reason: 'help',
      state: 'presence:checkedIn',
    })
    expect(queryOf(wholeFilter(nowMs), { day: '2026-11-20', station: 'b', reason: '' })).toMatchObject({
      station: 'b',
      reason: '',
      from: '2026-11-20',
    })
  })

  it('every state of both tracks can be asked for, once', () => {
    expect(new Set(stateKeys.map(({ track, state }) => `${track}:${state}`)).size).toBe(stateKeys.length)
    expect(stateKeys).toContainEqual({ track: 'handling', state: 'referred' })
  })
})
