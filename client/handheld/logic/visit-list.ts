/** Which visits a list asks for, as queries over the replica. */
import type { RecordQuery } from '../../shared/data/api.ts'

export const visitFilters = ['all', 'toSign', 'inHand', 'handled'] as const
export type VisitFilter = (typeof visitFilters)[number]

const statesOf: Readonly<Record<VisitFilter, readonly string[] | null>> = {
  all: null,
  toSign: ['assigned'],
  inHand: ['signed', 'handling'],
  handled: ['handled', 'referred', 'closed'],
}

/** Visits of one officer, newest act first. */
export const visitQuery = (officer: string, filter: VisitFilter, limit: number): RecordQuery => ({
  type: 'visit',
  selector: {
    'fields.officer': officer,
    ...(statesOf[filter] ? { 'tracks.handling': { $in: statesOf[filter] } } : {}),
  },
  sort: [{ updatedMs: 'desc' }],
  limit,
})

/** Longest waiting first: who was assigned first is signed first. */
export const assignedQuery = (officer: string): RecordQuery => ({
  type: 'visit',
  selector: { 'fields.officer': officer, 'tracks.handling': 'assigned' },
  sort: [{ updatedMs: 'asc' }],
  limit: 50,
})

export const underWayQuery = (officer: string): RecordQuery => ({
  type: 'visit',
  selector: { 'fields.officer': officer, 'tracks.handling': { $in: ['signed', 'handling'] } },
  sort: [{ updatedMs: 'desc' }],
  limit: 50,
})

export const unreadQuery = (account: string): RecordQuery => ({
  type: 'notification',
  selector: { 'fields.to': account, 'tracks.delivery': { $in: ['waiting', 'shown'] } },
  sort: [{ createdMs: 'desc' }],
  limit: 50,
})
