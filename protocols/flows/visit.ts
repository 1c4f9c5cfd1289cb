/** What visits set off: the officer is told of an assignment, the visitor is asked to rate, a visit that is handled and left is closed. */
import { presenceEnded } from '../records/visit-presence.ts'
import type { Flow, FlowDraft } from './flow.ts'

const kindsThatAssign = ['do:assign', 'do:transfer']
const handledStates = ['handled', 'referred']

export const visitFlow: Flow = (change, _before, after, reads) => {
  if (after.type !== 'visit') return []
  const drafts: FlowDraft[] = []
  const { kind } = change.header
  const ended = (presenceEnded as readonly string[]).includes(after.tracks['presence'] ?? '')
  const handled = handledStates.includes(after.tracks['handling'] ?? '')
  const officer = after.fields['officer']
  if (kindsThatAssign.includes(kind) && typeof officer === 'string') {
    drafts.push({
      type: 'notification',
      record: null,
      kind: 'create',
      values: {
        unit: after.fields['unit'] ?? null,
        label: 'internal',
        drill: after.fields['drill'] ?? false,
        to: officer,
        reason: 'visitAssigned',
        matterType: 'visit',
        matter: after.id,
        matterNumber: after.fields['number'] ?? null,
        urgent: false,
        // Off duty is left alone: the notification waits until the next shift.
        ...(reads.onDuty().includes(officer) ? {} : { born: { delivery: 'held' } }),
      },
    })
  }
  if ((kind === 'do:finish' || kind === 'do:refer' || kind === 'do:checkOut') && reads.related('rating', 'matter', after.id).length === 0)
    drafts.push({
      type: 'rating',
      record: null,
      kind: 'create',
      values: {
        unit: after.fields['unit'] ?? null,
        label: 'internal',
        drill: after.fields['drill'] ?? false,
        matter: after.id,
        matterNumber: after.fields['number'] ?? null,
        key: reads.randomHex(16),
      },
    })
  if (ended && handled) drafts.push({ type: 'visit', record: after.id, kind: 'do:close', values: {} })
  return drafts
}
