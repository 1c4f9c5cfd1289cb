/** Pulling the scope feed. A checkpoint is {epoch, seq}: only the gateway's sequence orders; a new epoch means a restored gateway. */
import type { RecordDoc } from '../record/doc.ts'

export interface Checkpoint {
  /** 16 hex characters. */
  readonly epoch: string
  readonly seq: number
}

export interface PullRequest {
  readonly checkpoint: Checkpoint | null
  /** At most limits.pullRowsMax. */
  readonly limit: number
}

/** `in`: the record as this replica may hold it. `out`: it left the scope and must leave every store. */
export type PullRow =
  | { readonly seq: number; readonly dir: 'in'; readonly doc: RecordDoc }
  | { readonly seq: number; readonly dir: 'out'; readonly type: string; readonly id: string }

export interface PullAnswer {
  readonly rows: readonly PullRow[]
  /** Where the next pull goes on. Never short before the end: `more` says whether there is more now. */
  readonly checkpoint: Checkpoint
  readonly more: boolean
  /** Records this replica should hold at this checkpoint: count and 128-bit sum, signed (sync/manifest.ts), base64url. Present at the end. */
  readonly manifest: string | null
  /** Edge time, ms. */
  readonly timeMs: number
}

/** Sent over the live socket. `poke`: something in your scope changed, pull. The rest is for faces that hold no replica (kiosk). */
export type LiveMessage =
  | { readonly kind: 'poke'; readonly seq: number }
  | { readonly kind: 'kiosk'; readonly event: import('../http/kiosk.ts').KioskEvent }
  | { readonly kind: 'bye'; readonly code: string }
