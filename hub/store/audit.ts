/** Who read what at the hub, and who decided what. Written before the answer goes out. */
import type { ErrorDetail } from '#protocols/errors.ts'
import type { Tx } from './database.ts'

export interface AuditLine {
  readonly atMs: number
  readonly account: string
  readonly act: string
  readonly station: string | null
  readonly record: string | null
  readonly detail: ErrorDetail
}

export async function noteAudit(tx: Tx, line: AuditLine): Promise<void> {
  await tx.query('insert into audit (at_ms, account, act, station, record, detail) values ($1, $2, $3, $4, $5, $6)', [
    line.atMs,
    line.account,
    line.act,
    line.station,
    line.record,
    JSON.stringify(line.detail),
  ])
}
