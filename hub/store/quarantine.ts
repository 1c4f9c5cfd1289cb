/** What was not taken over, with its reason, for people to see. An entry is kept whole; of a bundle only its hash and size stand here, the file
 *  itself stays with its carrier. The same thing refused again raises its count. */
import type { ErrorCode, ErrorDetail } from '#protocols/errors.ts'
import type { Tx } from './database.ts'

export interface Quarantined {
  /** '' when the sender is not known. */
  readonly station: string
  /** Change id, bundle file hash or checkpoint root, hex. */
  readonly id: string
  readonly kind: 'bundle' | 'change' | 'checkpoint'
  readonly code: ErrorCode
  readonly detail: ErrorDetail
  readonly sizeBytes: number
  readonly entry: Uint8Array | null
}

export async function putQuarantined(tx: Tx, rows: readonly Quarantined[], nowMs: number): Promise<void> {
  for (const row of rows)
    await tx.query(
      `insert into quarantine (station, id, kind, code, detail, size_bytes, entry, first_ms, last_ms, n) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)
       on conflict (station, id, code) do update set last_ms = excluded.last_ms, n = quarantine.n + 1, detail = excluded.detail`,
      [
        row.station,
        row.id,
        row.kind,
        row.code,
        JSON.stringify(row.detail),
        row.sizeBytes,
        row.entry && Buffer.from(row.entry),
        nowMs,
      ],
    )
}

/** Something was taken over after all: a bundle that waited for its card, a change that waited for its type. */
export async function clearQuarantined(tx: Tx, station: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await tx.query(`delete from quarantine where station in ($1, '') and id = any($2)`, [station, ids])
}
