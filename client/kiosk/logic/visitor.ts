/** All that the page knows of the visitor who stands here: one object, made anew for each visitor. It is never written anywhere. */
import type { KioskFound, MaskedReading, Slip } from '#protocols/http/kiosk.ts'

export const screenNames = [
  'start',
  'card',
  'typedDocument',
  'typedPerson',
  'reading',
  'consent',
  'comparing',
  'matched',
  'desk',
  'window',
  'reason',
  'slip',
  'leave',
  'leaveNumber',
  'found',
  'rating',
  'thanks',
] as const
export type ScreenName = (typeof screenNames)[number]

/** Why a person at the desk compares. */
export type DeskWhy = 'typed' | 'noCamera' | 'notMatched' | 'noFace' | 'late'
export type Ending = 'rated' | 'declined' | 'left' | 'byDesk'

export interface Typed {
  documentType: string
  documentNumber: string
  name: string
  phone: string
}

export interface Likeness {
  /** 0..1000 */
  readonly score: number
  readonly threshold: number
}

export interface Visitor {
  screen: ScreenName
  /** When this screen came up. */
  sinceMs: number
  /** Code of the document that the reader could not take; shown until the next one. */
  refused: string | null
  reading: MaskedReading | null
  typed: Typed
  visit: { readonly visit: string; readonly number: string } | null
  likeness: Likeness | null
  compared: number
  deskWhy: DeskWhy
  reason: string | null
  host: string | null
  companions: number
  slip: Slip | null
  found: KioskFound | null
  ending: Ending
}

export const freshVisitor = (nowMs: number): Visitor => ({
  screen: 'start',
  sinceMs: nowMs,
  refused: null,
  reading: null,
  typed: { documentType: '', documentNumber: '', name: '', phone: '' },
  visit: null,
  likeness: null,
  compared: 0,
  deskWhy: 'typed',
  reason: null,
  host: null,
  companions: 0,
  slip: null,
  found: null,
  ending: 'left',
})

/** Has this visitor given the page anything that could be lost? */
export const hasInput = (visitor: Visitor): boolean =>
  visitor.reading !== null ||
  visitor.visit !== null ||
  visitor.found !== null ||
  visitor.reason !== null ||
  Object.values(visitor.typed).some((text) => text !== '')

/** Screens on which a document on the reader means "this is me"; elsewhere it is left unread. */
export const takesDocument = (visitor: Visitor): boolean =>
  visitor.visit === null &&
  ['start', 'card', 'typedDocument', 'typedPerson', 'reading', 'consent', 'leave', 'leaveNumber'].includes(visitor.screen)

/** Screens that end by themselves: nothing is left to do there. */
export const endsByItself = (screen: ScreenName): boolean => ['slip', 'thanks', 'window'].includes(screen)

/** Where "back" leads; null where there is no way back: something was decided already. */
export function backFrom(visitor: Visitor): ScreenName | null {
  const { screen } = visitor
  if (visitor.visit !== null) return null
  if (screen === 'card' || screen === 'leave') return 'start'
  if (screen === 'typedDocument' || screen === 'reading') return 'card'
  if (screen === 'typedPerson') return 'typedDocument'
  if (screen === 'consent') return 'reading'
  if (screen === 'leaveNumber' || screen === 'found') return 'leave'
  return null
}

export const stages = ['card', 'you', 'match', 'desk', 'reason', 'slip', 'find', 'leave', 'rate'] as const
export type Stage = (typeof stages)[number]

const stageOf: Readonly<Partial<Record<ScreenName, Stage>>> = {
  card: 'card',
  typedDocument: 'card',
  typedPerson: 'you',
  reading: 'you',
  consent: 'match',
  comparing: 'match',
  matched: 'match',
  desk: 'desk',
  reason: 'reason',
  slip: 'slip',
  leave: 'find',
  leaveNumber: 'find',
  found: 'leave',
  rating: 'rate',
}

/** The stations of the way this visitor is on, and where they stand; null where no way was begun. */
export function wayOf(visitor: Visitor): { readonly stages: readonly Stage[]; readonly at: number } | null {
  const stage = stageOf[visitor.screen]
  if (!stage) return null
  if (['find', 'leave', 'rate'].includes(stage)) {
    const way = ['find', 'leave', 'rate'] as const
    return { stages: way, at: way.indexOf(stage as 'find') }
  }
  const check: Stage = visitor.screen === 'desk' || (visitor.typed.name !== '' && !visitor.reading) ? 'desk' : 'match'
  const way: readonly Stage[] = ['card', 'you', check, 'reason', 'slip']
  return { stages: way, at: way.indexOf(stage) }
}
