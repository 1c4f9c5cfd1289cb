/** What the desk asks beside its replica: pictures to compare by eye (from memory, five minutes at most), tickets, refused changes. */

/** GET /api/desk/compare/:visit -> pictures as data, base64; null when gone or never there. */
export interface ComparePictures {
  readonly document: { readonly media: string; readonly base64: string } | null
  readonly camera: { readonly media: string; readonly base64: string } | null
  readonly untilMs: number
}

/** GET /api/refused -> newest first: what the gateway did not take in, kept whole. */
export interface RefusedRow {
  readonly id: string
  readonly type: string | null
  readonly record: string | null
  readonly officer: string | null
  readonly device: string | null
  readonly code: string
  readonly atMs: number
}
