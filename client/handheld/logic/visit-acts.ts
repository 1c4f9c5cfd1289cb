/** What this officer may do with a visit now: the declaration's states and the one table of rights, asked before a button is shown. */
import type { RecordDoc } from '#protocols/record/doc.ts'
import { type Actor, decide } from '#protocols/record/rights.ts'
import { visit } from '#protocols/records/visit.ts'

/** The four large buttons in the order of the work. */
export const mainActs = ['sign', 'begin', 'feedback', 'finish'] as const
export type MainAct = (typeof mainActs)[number]
export const otherActs = ['handBack', 'transfer', 'refer'] as const
export type OtherAct = (typeof otherActs)[number]

export type ActStanding = 'next' | 'open' | 'done' | 'notYet'

export interface VisitActs {
  readonly main: Readonly<Record<MainAct, { readonly standing: ActStanding; readonly doneAtMs: number | null }>>
  readonly other: readonly OtherAct[]
  /** False: no more acts of this officer, the row of buttons is not shown. */
  readonly any: boolean
}

const feedbackStates = ['signed', 'handling', 'handled']

export const mayDo = (record: RecordDoc, actor: Actor, transition: string): boolean => {
  const track = visit.tracks[visit.trackOf[transition] ?? '']
  const from = track?.transitions[transition]?.from ?? []
  const state = record.tracks[visit.trackOf[transition] ?? ''] ?? ''
  return from.includes(state) && decide(actor, visit, { kind: 'transition', transition }, record)
}

export const mayWriteFeedback = (record: RecordDoc, actor: Actor): boolean =>
  feedbackStates.includes(record.tracks['handling'] ?? '') &&
  decide(actor, visit, { kind: 'update', field: 'feedback' }, record)

export const mayAddPhoto = (record: RecordDoc, actor: Actor): boolean =>
  feedbackStates.includes(record.tracks['handling'] ?? '') &&
  decide(actor, visit, { kind: 'update', field: 'photos' }, record)

export const hasFeedback = (record: RecordDoc): boolean => {
  const lines = record.fields['feedback']
  return Array.isArray(lines) && lines.length > 0
}

export function visitActs(record: RecordDoc, actor: Actor): VisitActs {
  const doable: Readonly<Record<MainAct, boolean>> = {
    sign: mayDo(record, actor, 'sign'),
    begin: mayDo(record, actor, 'begin'),
    feedback: mayWriteFeedback(record, actor),
    finish: mayDo(record, actor, 'finish'),
  }
  const doneAt: Readonly<Record<MainAct, number | null>> = {
    sign: lastPressMs(record, 'do:sign'),
    begin: lastPressMs(record, 'do:begin'),
    feedback: hasFeedback(record) ? lastFeedbackMs(record) : null,
    finish: lastPressMs(record, 'do:finish'),
  }
  // Feedback is wanted before the finish; once there is some, the finish is next.
  const wanted: readonly MainAct[] = hasFeedback(record)
    ? ['sign', 'begin', 'finish']
    : ['sign', 'begin', 'feedback', 'finish']
  const state = record.tracks['handling'] ?? ''
  const next = wanted.find((act) => doable[act] && !(act === 'feedback' && state !== 'handling'))
  const standing = (act: MainAct): ActStanding => {
    if (act === next) return 'next'
    if (doable[act]) return 'open'
    return doneAt[act] !== null && isPast(act, state) ? 'done' : 'notYet'
  }
  const main = Object.fromEntries(
    mainActs.map((act) => [act, { standing: standing(act), doneAtMs: doneAt[act] }]),
  ) as unknown as VisitActs['main']
  const other = otherActs.filter((act) => mayDo(record, actor, act))
  return { main, other, any: mainActs.some((act) => doable[act]) || other.length > 0 }
}

const order = ['queued', 'assigned', 'signed', 'handling', 'handled', 'closed']
/** A visit that was handed on begins anew: an earlier officer's press is not this one's. */
const isPast = (act: MainAct, state: string): boolean =>
  order.indexOf(state) >= { sign: 2, begin: 3, feedback: 2, finish: 4 }[act] || state === 'referred'

const lastPressMs = (record: RecordDoc, kind: string): number | null =>
  record.history.findLast((line) => line.kind === kind)?.pressedMs ?? null
const lastFeedbackMs = (record: RecordDoc): number | null =>
  record.history.findLast((line) => line.fields.includes('feedback'))?.pressedMs ?? null
