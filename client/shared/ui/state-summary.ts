/** What the state line says of a status: pure, so that every case can be laid in a table. Worst first; each part has a word and a tone. */
import type { Status } from '../data/api.ts'
import type { Tone } from './tones.ts'

export interface StatePart {
  readonly key: string
  readonly named: Readonly<Record<string, number>>
  readonly tone: Tone
}

export const isComplete = (status: Status): boolean =>
  status.complete !== null && status.complete.have === status.complete.of

/** The parts in order of weight; the first decides the shape and colour of the line. */
export function stateParts(status: Status): readonly StatePart[] {
  const parts: StatePart[] = []
  const say = (key: string, tone: Tone, named: Record<string, number> = {}) =>
    parts.push({ key: `status.${key}`, tone, named })
  if (status.refused > 0) say('refused', 'bad', { n: status.refused })
  if (status.progress) say('progress', 'info', { ...status.progress })
  if (status.pending > 0) say('pending', 'wait', { n: status.pending })
  if (!status.progress) {
    if (isComplete(status) && status.complete)
      say('completeOf', 'ok', { have: status.complete.have, of: status.complete.of })
    else if (status.complete) say('incomplete', 'wait', { have: status.complete.have, of: status.complete.of })
    else say('notYet', 'off')
  }
  if (!status.online) say('noContact', 'off')
  if (status.persistent === false) say('unsafe', 'wait')
  return parts
}

/** Time left of a long work, measured from where it was first seen. Null until there is something to measure. */
export function paceOf(
  first: { readonly done: number; readonly atMs: number },
  now: { readonly done: number; readonly total: number; readonly atMs: number },
): { readonly perSecond: number; readonly leftSeconds: number } | null {
  const tookMs = now.atMs - first.atMs
  const did = now.done - first.done
  if (tookMs < 1000 || did <= 0) return null
  const perSecond = (did * 1000) / tookMs
  return { perSecond: Math.round(perSecond), leftSeconds: Math.ceil((now.total - now.done) / perSecond) }
}
