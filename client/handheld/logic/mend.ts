/** How a refused change can be mended: which form opens with its values, or that it can only be sent once more as it is. */
import type { Json } from '#protocols/record/value.ts'
import type { OwnChange } from '../../shared/data/api.ts'

export type Mend =
  /** The feedback editor, with or without the finish. */
  | { readonly form: 'feedback'; readonly text: string; readonly finish: boolean }
  /** A transition that carries one text of the officer's. */
  | { readonly form: 'text'; readonly transition: string; readonly field: string; readonly text: string }
  | { readonly form: 'repeat' }

const textFields: Readonly<Record<string, string>> = {
  handBack: 'backReason',
  transfer: 'backReason',
  refer: 'referredTo',
  returnDispatch: 'moveReason',
  handBackTask: 'moveReason',
}

export function mendOf(change: Pick<OwnChange, 'type' | 'kind' | 'values'>): Mend {
  const lines = linesOf(change.values['feedback'])
  if (change.type === 'visit' && lines !== null && (change.kind === 'update' || change.kind === 'do:finish'))
    return { form: 'feedback', text: lines, finish: change.kind === 'do:finish' }
  const transition = change.kind.startsWith('do:') ? change.kind.slice(3) : ''
  const field = textFields[transition]
  const text = field === undefined ? undefined : change.values[field]
  if (field !== undefined && typeof text === 'string') return { form: 'text', transition, field, text }
  return { form: 'repeat' }
}

/** The texts of an append slot, or null when it is none. */
export function linesOf(slot: Json | undefined): string | null {
  if (!Array.isArray(slot)) return null
  return slot.map((entry) => (Array.isArray(entry) && typeof entry[1] === 'string' ? entry[1] : '')).join('\n')
}
