/** The readable copy of an own change, kept under the officer's key until the record that contains it is here, or, when refused, until the
 *  officer has seen it (security.md, 5 and 8.4). Pure rules of its life; the stores, real and in memory, keep to them. */
import { fromBase64Url, toBase64Url, toHex } from '#crypto/bytes.ts'
import { type Change, decodeChange, encodeChange } from '#protocols/change/change.ts'
import { decodeHlc } from '#protocols/change/clock.ts'
import { valuesOfSlots } from '#protocols/change/payload.ts'
import type { ErrorCode, ErrorDetail } from '#protocols/errors.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import type { ReceiptRow } from '#protocols/sync/receipt.ts'
import type { OwnChange } from './api.ts'

/** pending: no receipt yet. admitted: by receipt, its record not here yet. */
export interface OwnDoc {
  /** Change id, 64 hex characters. */
  readonly id: string
  readonly seq: number
  readonly type: string
  readonly record: string
  readonly kind: string
  readonly values: Readonly<Record<string, Json>>
  readonly atMs: number
  readonly state: 'pending' | 'admitted' | 'refused'
  /** Log seq of the receipt; 0 without one. */
  readonly logSeq: number
  readonly code: ErrorCode | null
  readonly detail: ErrorDetail
  /** The change as it travels, base64url. */
  readonly bytes: string
}

export const ownDocOf = (change: Change, bytes: Uint8Array = encodeChange(change)): OwnDoc => ({
  id: toHex(change.id),
  seq: change.header.seq,
  type: change.header.type,
  record: toHex(change.header.record),
  kind: change.header.kind,
  values: valuesOfSlots(change.slots),
  atMs: decodeHlc(change.header.hlc).ms,
  state: 'pending',
  logSeq: 0,
  code: null,
  detail: {},
  bytes: toBase64Url(bytes),
})

export const bytesOfOwn = (own: OwnDoc): Uint8Array => fromBase64Url(own.bytes)
export const changeOfOwn = (own: OwnDoc): Change => decodeChange(bytesOfOwn(own))

/** Shown on top of the record: what the record does not contain yet. */
export const isOnTop = (own: OwnDoc): boolean => own.state !== 'refused'

/** What a receipt makes of it. `waiting` is no outcome. */
export function ownAfterReceipt(own: OwnDoc, row: ReceiptRow): OwnDoc {
  if (row.outcome === 'waiting') return own
  if (row.outcome === 'admitted') return { ...own, state: 'admitted', logSeq: row.seq, code: null, detail: {} }
  return { ...own, state: 'refused', logSeq: row.seq, code: row.outcome, detail: row.detail }
}

/** Whether this version of the record contains the change: by its history (also before its receipt came, when the answer was lost), or, for a
 *  trimmed record without history, by the log seq of the receipt. */
export const isContainedIn = (own: OwnDoc, doc: RecordDoc): boolean =>
  own.state !== 'refused' &&
  ((own.state === 'admitted' && own.logSeq > 0 && doc.seq >= own.logSeq) ||
    doc.history.some((line) => line.change === own.id))

/** As screens see it; an admitted one is no longer theirs to watch. */
export function ownForScreen(own: OwnDoc): OwnChange {
  const { bytes: _, logSeq: __, state, ...shown } = own
  return { ...shown, state: state === 'refused' ? 'refused' : 'pending' }
}
