/** What was not taken over, for people to see: reasons and sizes, never content. */
import type { QuarantineRow } from '#protocols/http/console.ts'
import type { Tx } from '../store/database.ts'

export async function readQuarantine(tx: Tx, station: string | null, limit: number): Promise<QuarantineRow[]> {
  const rows = await tx.query<{
    station: string
    id: string
    kind: QuarantineRow['kind']
    code: string
    detail: QuarantineRow['detail']
    size_bytes: number
    first_ms: number
    last_ms: number
    n: number
  }>(
    `select station, id, kind, code, detail, size_bytes, first_ms, last_ms, n from quarantine
     where $1::text is null or station = $1 order by last_ms desc, id limit $2`,
    [station, limit],
  )
  return rows.map(({ size_bytes: sizeBytes, first_ms: firstMs, last_ms: lastMs, ...row }) => ({
    ...row,
    sizeBytes,
    firstMs,
    lastMs,
  }))
}
