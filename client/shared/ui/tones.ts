/** Which status colour a state of a track has. A colour never stands alone: the badge shows the state's word and the tone's shape too. */
import { recordDefs } from '#protocols/records/index.ts'

/** ok: done or as it should be. wait: somebody must act. info: under way. bad: went wrong. off: over, or not counted. */
export const tones = ['ok', 'wait', 'info', 'bad', 'off'] as const
export type Tone = (typeof tones)[number]

/** Only what differs from the rule below; keys are type, track, state. */
const exceptions: Readonly<Record<string, Readonly<Record<string, Tone>>>> = {
  'visit presence': {
    planned: 'off',
    checkedIn: 'ok',
    leftWithoutCheckout: 'wait',
    refusedEntry: 'bad',
  },
  'visit handling': { assigned: 'wait', handled: 'ok', referred: 'ok', closed: 'off' },
  'intake intake': { accepted: 'wait', closed: 'ok' },
  'handling-record handling': { fedBack: 'ok', returned: 'wait', closedHandling: 'ok' },
  'task task': {
    pendingApproval: 'wait',
    issued: 'wait',
    draft: 'off',
    feedbackAccepted: 'ok',
    closed: 'ok',
    failed: 'bad',
  },
  'notification delivery': { held: 'off', shown: 'info' },
  'device presence': { enrolled: 'off', active: 'ok', silent: 'bad', disabled: 'off' },
  'account account': { active: 'ok', disabled: 'bad' },
  'shift duty': { planned: 'off', running: 'ok' },
  'code-list publishing': { draft: 'off', published: 'ok' },
  'rating rating': { invited: 'wait', rated: 'ok' },
  'invitation use': { used: 'ok', sent: 'info' },
}
export const toneExceptions: Readonly<Record<string, Readonly<Record<string, Tone>>>> = exceptions

/** Rule: where a track begins somebody must act, where it ends it is over, between the two it is under way. */
export function toneOf(type: string, track: string, state: string): Tone {
  const named = exceptions[`${type} ${track}`]?.[state]
  if (named) return named
  const def = recordDefs.get(type)?.tracks[track]
  if (!def) return 'off'
  if (def.states.length <= 2 && def.initial === state) return 'ok'
  if (def.initial === state) return 'wait'
  return def.final.includes(state) ? 'off' : 'info'
}
