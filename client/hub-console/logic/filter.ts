/** What the visits are filtered by, and the part of it that a figure of the chart adds: each figure opens its rows. */
import { visit } from '#protocols/records/visit.ts'
import { dateText } from '../../shared/i18n/time.ts'
import type { VisitsQuery } from './hub.ts'

export interface VisitsFilter {
  readonly station: string | null
  /** Both ends, 'YYYY-MM-DD'. */
  readonly days: readonly [string, string]
  readonly reason: string | null
  readonly state: string | null
}

/** One figure of the chart. Null: all of them. */
export interface Figure {
  readonly day: string
  readonly station: string | null
  readonly reason: string | null
}

const dayMs = 86_400_000
const daysShown = 14

export const lastDays = (nowMs: number, days = daysShown): [string, string] => [
  dateText(nowMs - (days - 1) * dayMs),
  dateText(nowMs),
]
export const wholeFilter = (nowMs: number): VisitsFilter => ({
  station: null,
  days: lastDays(nowMs),
  reason: null,
  state: null,
})

/** Every day from the first to the last. */
export function daysOf([from, to]: readonly [string, string]): readonly string[] {
  const days: string[] = []
  for (let ms = Date.parse(from); ms <= Date.parse(to) && days.length < 400; ms += dayMs)
    days.push(new Date(ms).toISOString().slice(0, 10))
  return days
}

export function queryOf(filter: VisitsFilter, figure: Figure | null): VisitsQuery {
  const { station, days, reason, state } = filter
  if (!figure) return { station, from: days[0], to: days[1], reason, state }
  return {
    station: figure.station ?? station,
    from: figure.day,
    to: figure.day,
    reason: figure.reason ?? reason,
    state,
  }
}

/** States of both tracks as the hub takes them: 'presence:checkedIn'. */
export const stateKeys: readonly { readonly track: 'presence' | 'handling'; readonly state: string }[] = (
  ['presence', 'handling'] as const
).flatMap((track) => (visit.tracks[track]?.states ?? []).map((state) => ({ track, state })))
