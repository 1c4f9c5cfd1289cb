/** A flow: what one admitted change sets off elsewhere. Pure; runs in the same transaction; its drafts are signed by the gateway. */
import type { Change } from '../change/change.ts'
import type { RecordDoc } from '../record/doc.ts'
import type { Json } from '../record/value.ts'

export interface FlowDraft {
  readonly type: string
  /** Null: a new record, its id minted by commit. A create may name the id itself. */
  readonly record: string | null
  readonly kind: string
  readonly values: Readonly<Record<string, Json>>
}

export interface FlowReads {
  record(type: string, id: string): RecordDoc | null
  /** Records of `type` whose ref field `field` points to `id`. */
  related(type: string, field: string, id: string): readonly RecordDoc[]
  /** Accounts on a running shift at the change's time. */
  onDuty(): readonly string[]
  /** Random hex of so many bytes, from the gateway's chance. */
  randomHex(bytes: number): string
}

export type Flow = (change: Change, before: RecordDoc | null, after: RecordDoc, reads: FlowReads) => readonly FlowDraft[]
