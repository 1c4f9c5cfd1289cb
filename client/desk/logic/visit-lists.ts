/** The four lists of the desk as queries over its replica, and what is shown of them. */
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { RecordQuery } from '../../shared/data/api.ts'
import { dateText, stationZoneMinutes } from '../../shared/i18n/time.ts'

export const lists = ['waiting', 'inside', 'inHand', 'today'] as const
export type ListName = (typeof lists)[number]

export const insideStates = ['checkedIn', 'steppedOut'] as const
const rowsMax = 2000

/** First ms of the station's day that `nowMs` lies in. */
export const dayStartMs = (nowMs: number): number =>
  Date.parse(`${dateText(nowMs)}T00:00:00Z`) - stationZoneMinutes * 60_000

/** dayStart: of today. Whoever has waited longest stands first; today's list has the newest first. */
export function listQuery(list: ListName, dayStart: number): RecordQuery {
  const oldestFirst = { type: 'visit', sort: [{ createdMs: 'asc' as const }], limit: rowsMax }
  switch (list) {
    case 'waiting':
      return {
        ...oldestFirst,
        selector: {
          'tracks.handling': 'queued',
          'tracks.presence': { $in: ['identityPending', 'identified', 'checkedIn'] },
        },
      }
    case 'inside':
      return { ...oldestFirst, selector: { 'tracks.presence': { $in: [...insideStates] } } }
    case 'inHand':
      return {
        ...oldestFirst,
        selector: { 'tracks.handling': { $in: ['assigned', 'signed', 'handling', 'handled', 'referred'] } },
      }
    case 'today':
      return {
        type: 'visit',
        selector: { createdMs: { $gte: dayStart } },
        sort: [{ createdMs: 'desc' }],
        limit: rowsMax,
      }
  }
}

export interface ListFilter {
  readonly reason: string | null
  /** Account id of the officer who handles it. */
  readonly officer: string | null
}
export const noFilter: ListFilter = { reason: null, officer: null }

export const filterVisits = <Visit extends RecordDoc>(
  visits: readonly Visit[],
  filter: ListFilter,
): readonly Visit[] =>
  filter.reason === null && filter.officer === null
    ? visits
    : visits.filter(
        ({ fields }) =>
          (filter.reason === null || fields['reason'] === filter.reason) &&
          (filter.officer === null || fields['officer'] === filter.officer),
      )

/** A visit that nobody has taken on this long after the check-in is late (domain 4: the duty leader is told). */
export const lateMs = 10 * 60_000

/** Persons in the house: visitors and those who came with them. */
export const headCount = (inside: readonly RecordDoc[]): { readonly visits: number; readonly companions: number } => ({
  visits: inside.length,
  companions: inside.reduce(
    (sum, { fields }) => sum + (typeof fields['companions'] === 'number' ? fields['companions'] : 0),
    0,
  ),
})
