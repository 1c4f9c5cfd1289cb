/** What the gateway makes of a swipe: one form for every document, with what was checked and what did not fit. A reading is a finding about a
 *  document, never about who presents it. */
import type { DocumentType } from './reader.ts'

export const documentChecks = [
  /** The check character of the number or of a machine-readable line fits. */
  'document/check-digit',
  /** The number has the form of its kind of document. */
  'document/form',
  /** The dates in it exist. */
  'document/date',
  /** Birth and sex as printed agree with those in the number. */
  'document/contradiction',
  /** Not expired on the day of the reading. */
  'document/expired',
  /** Valid already. */
  'document/not-yet-valid',
] as const
export type DocumentCheck = (typeof documentChecks)[number]

export interface DocumentReading {
  readonly ok: true
  readonly documentType: DocumentType
  readonly number: string
  /** `110***********002X`: the only form a list or a kiosk shows. */
  readonly numberMasked: string
  readonly name: string
  /** Always false: neither a chip read by a bridge nor a machine-readable line proves the name. */
  readonly nameVerified: false
  readonly sex: 'm' | 'f' | 'x' | null
  /** 'YYYY-MM-DD' or null where the document leaves it open. */
  readonly birth: string | null
  readonly address: string | null
  readonly nationality: string | null
  readonly validFrom: string | null
  readonly validUntil: string | 'longTerm' | null
  /** Each check stands in at most one of the two; one that does not apply to the document stands in neither. */
  readonly passed: readonly DocumentCheck[]
  readonly failed: readonly DocumentCheck[]
}

export interface UnreadableReading {
  readonly ok: false
  readonly code: 'document/unreadable'
  /** A reader's own reason, or what was wrong with its machine-readable lines. */
  readonly reason: string
}
