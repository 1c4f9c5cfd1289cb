/** Lists of visits over all stations, newest first, by key and never by offset. */
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import type { VisitPage, VisitRow } from '#protocols/http/console.ts'
import type { Tx } from '../store/database.ts'

export interface VisitFilter {
  readonly station: string | null
  /** 'YYYY-MM-DD' at the station, ends included. */
  readonly from: string | null
  readonly to: string | null
  /** '': not known. */
  readonly reason: string | null
  readonly presence: string | null
  readonly handling: string | null
}

interface VisitsRow {
  station: string
  id: string
  is_whole: boolean
  created_ms: number
  updated_ms: number
  t_presence: string | null
  t_handling: string | null
  f_number: string | null
  f_reason: string | null
  f_officer: string | null
  f_checked_in_at: number | null
  f_left_at: number | null
  f_drill: boolean | null
  officer_name: string | null
  by_officer: number
  by_gateway: number
}

const dayMs = 24 * 3600 * 1000
const startOfDay = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)

const select = `
  select v.*, account.doc -> 'fields' ->> 'name' as officer_name, signed.by_officer, signed.by_gateway
  from (select * from p_visit where WHERE order by created_ms desc, station desc, id desc limit LIMIT) v
  left join record account on account.station = v.station and account.id = v.f_officer and account.type = 'account'
  left join lateral (
    select count(*) filter (where granted is not null) as by_officer, count(*) filter (where granted is null) as by_gateway
    from change where change.station = v.station and change.record = v.id
  ) signed on true
  order by v.created_ms desc, v.station desc, v.id desc`

/** Throws Fault 'request/invalid' for a cursor that is none. */
export async function readVisits(
  tx: Tx,
  filter: VisitFilter,
  cursor: string | null,
  limit: number,
): Promise<VisitPage> {
  const values: unknown[] = []
  const value = (each: unknown): string => `$${values.push(each)}`
  const parts = ['true']
  if (filter.station !== null) parts.push(`station = ${value(filter.station)}`)
  if (filter.from !== null) parts.push(`created_ms >= ${value(startOfDay(filter.from))}`)
  if (filter.to !== null) parts.push(`created_ms < ${value(startOfDay(filter.to) + dayMs)}`)
  if (filter.reason !== null) parts.push(`coalesce(f_reason, '') = ${value(filter.reason)}`)
  if (filter.presence !== null) parts.push(`t_presence = ${value(filter.presence)}`)
  if (filter.handling !== null) parts.push(`t_handling = ${value(filter.handling)}`)
  if (cursor !== null) parts.push(`(created_ms, station, id) < (${decodeCursor(cursor).map(value).join(', ')})`)
  const rows = await tx.query<VisitsRow>(
    select.replace('WHERE', parts.join(' and ')).replace('LIMIT', value(limit + 1)),
    values,
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { visits: page.map(visitRowOf), cursor: rows.length > limit && last ? encodeCursor(last) : null }
}

export async function readVisit(tx: Tx, station: string, id: string): Promise<VisitRow | null> {
  const [row] = await tx.query<VisitsRow>(select.replace('WHERE', 'station = $1 and id = $2').replace('LIMIT', '1'), [
    station,
    id,
  ])
  return row ? visitRowOf(row) : null
}

const visitRowOf = (row: VisitsRow): VisitRow => ({
  station: row.station,
  id: row.id,
  number: row.f_number,
  reason: row.f_reason,
  presence: row.t_presence ?? '',
  handling: row.t_handling ?? '',
  officer: row.f_officer === null ? null : { id: row.f_officer, name: row.officer_name },
  createdMs: row.created_ms,
  updatedMs: row.updated_ms,
  checkedInMs: row.f_checked_in_at,
  leftMs: row.f_left_at,
  drill: row.f_drill ?? false,
  isWhole: row.is_whole,
  signatures: { byOfficer: row.by_officer, byGateway: row.by_gateway },
})

const encodeCursor = (row: VisitsRow): string => toBase64Url(utf8(`${row.created_ms} ${row.station} ${row.id}`))

function decodeCursor(cursor: string): [number, string, string] {
  try {
    const parts = /^(\d{1,16}) ([0-9a-f]{32}) ([0-9a-f]{32})$/.exec(fromUtf8(fromBase64Url(cursor)))
    if (parts?.[1] && parts[2] && parts[3]) return [Number(parts[1]), parts[2], parts[3]]
  } catch {
    // said below
  }
  throw new Fault('request/invalid', { field: 'cursor' })
}
