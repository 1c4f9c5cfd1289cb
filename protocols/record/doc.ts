/** A record as it stands: the projection of its admitted changes. JSON-safe; ids and hashes are hex. The same form is stored by the
 *  gateway, pulled by replicas and shown by screens. */
import type { Json } from './value.ts'

/** Where the value of a field comes from, so that "concurrent with base" and the order of writes can be computed. */
export interface FieldMeta {
  /** Log seq at the home; 0 while provisional. */
  readonly seq: number
  readonly change: string
  /** Merge order key (change/clock.ts). */
  readonly order: string
  /** Concurrent values of an `evidence` field, kept until a person decides. */
  readonly others?: readonly { readonly value: Json; readonly change: string; readonly officer: string | null }[]
}

/** One act, added and never edited. Times: the press (hybrid clock) and the taking in, ms; the latter null while provisional. */
export interface HistoryLine {
  readonly change: string
  readonly kind: string
  readonly track?: string
  readonly from?: string
  readonly to?: string
  readonly fields: readonly string[]
  readonly officer: string | null
  readonly device: string
  readonly via: string | null
  readonly pressedMs: number
  readonly takenMs: number | null
  readonly seq: number
}

export interface RecordDoc {
  readonly id: string
  readonly type: string
  /** Home. */
  readonly station: string
  readonly schema: number
  /** H⟨version⟩(record, version before, change id). */
  readonly version: string
  /** Log seq of the last admitted change; 0 while provisional. */
  readonly seq: number
  readonly createdBy: string | null
  /** Device, or the device on whose behalf the gateway signed. */
  readonly createdVia: string
  readonly createdMs: number
  readonly updatedMs: number
  readonly tracks: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, Json>>
  readonly meta: Readonly<Record<string, FieldMeta>>
  readonly history: readonly HistoryLine[]
}

/** One entry of an `append` field, in order of admission. */
export interface LineEntry {
  readonly id: string
  readonly text: string
  readonly officer: string | null
  readonly atMs: number
}
