/** What this person may do with a visit now: the declaration's states and the one table of rights, asked before a button is shown. */
import type { RecordDoc } from '#protocols/record/doc.ts'
import { type Actor, decide } from '#protocols/record/rights.ts'
import { visit } from '#protocols/records/visit.ts'
import { presenceEnded } from '#protocols/records/visit-presence.ts'

/** In the order in which buttons stand: the work of the door first, endings last. */
export const deskActs = [
  'arrive',
  'identify',
  'checkIn',
  'assign',
  'checkOut',
  'comeBack',
  'stepOut',
  'transfer',
  'handBack',
  'close',
  'reopen',
  'refuseEntry',
  'leaveUnregistered',
  'cancel',
] as const
export type DeskAct = (typeof deskActs)[number]

/** Done at once: they can be undone by their twin. All others open a panel that names the person. */
type ImmediateAct = 'arrive' | 'stepOut' | 'comeBack'
export type PanelAct = Exclude<DeskAct, ImmediateAct>
const immediateActs: readonly DeskAct[] = ['arrive', 'stepOut', 'comeBack'] satisfies readonly ImmediateAct[]
export const isPanelAct = (act: DeskAct): act is PanelAct => !immediateActs.includes(act)
/** Cannot be undone: the button is marked. */
export const endingActs: readonly DeskAct[] = ['refuseEntry', 'leaveUnregistered', 'cancel']

export function mayDo(record: RecordDoc, actor: Actor, transition: string): boolean {
  const trackName = visit.trackOf[transition] ?? ''
  const from = visit.tracks[trackName]?.transitions[transition]?.from ?? []
  if (!from.includes(record.tracks[trackName] ?? '')) return false
  if (transition === 'close' && !(presenceEnded as readonly string[]).includes(record.tracks['presence'] ?? ''))
    return false
  return decide(actor, visit, { kind: 'transition', transition }, record)
}

export const actsOf = (record: RecordDoc, actor: Actor): readonly DeskAct[] =>
  deskActs.filter((act) => mayDo(record, actor, act))

const handled = ['handled', 'referred', 'closed']

/** The one next step, drawn as the main button; null while it is another's turn. */
export function nextAct(record: RecordDoc, acts: readonly DeskAct[]): DeskAct | null {
  const has = (act: DeskAct): DeskAct | null => (acts.includes(act) ? act : null)
  if (handled.includes(record.tracks['handling'] ?? '') && has('checkOut')) return 'checkOut'
  if (record.tracks['presence'] === 'steppedOut' && has('comeBack')) return 'comeBack'
  return has('arrive') ?? has('identify') ?? has('checkIn') ?? has('assign')
}
