/** What the hub has seen of each station, and what is missing. */
import type { CheckpointStatus, StationRow } from '#protocols/http/console.ts'
import { headOf, type LaneLedger, missingOf } from '#protocols/lane/sequence.ts'
import type { Tx } from '../store/database.ts'

interface Row {
  station: string
  name: string
  name_en: string
  code: string
  heard_ms: number | null
  ledger: LaneLedger
  bundles: number
  changes: number
  waiting: number
  quarantined: number
  partial: number
  matched: number | null
  cp_state: CheckpointStatus['state'] | null
  cp_size: number | null
  cp_time: number | null
}

/** A fork outweighs everything; then the newest that was seen. */
const sql = `
  select station.station, station.name, station.name_en, station.code, station.heard_ms, lane.ledger,
    (select count(*) from bundle where bundle.station = station.station) as bundles,
    (select count(*) from change where change.station = station.station) as changes,
    (select count(*) from waiting where waiting.station = station.station) as waiting,
    (select count(*) from quarantine where quarantine.station = station.station) as quarantined,
    (select count(*) from record where record.station = station.station and not record.is_whole) as partial,
    (select size from log_tree where log_tree.station = station.station) as matched,
    cp.state as cp_state, cp.size as cp_size, cp.time_ms as cp_time
  from station
  join lane on lane.station = station.station and lane.lane = station.lane
  left join lateral (select state, size, time_ms from checkpoint where checkpoint.station = station.station
    order by state = 'fork' desc, time_ms desc limit 1) cp on true
  order by station.code, station.station`

export async function readStations(tx: Tx): Promise<StationRow[]> {
  return (await tx.query<Row>(sql)).map((row) => ({
    station: row.station,
    name: row.name,
    nameEn: row.name_en,
    code: row.code,
    seenUpTo: headOf(row.ledger),
    missing: missingOf(row.ledger),
    lastHeardMs: row.heard_ms,
    bundles: row.bundles,
    changes: row.changes,
    waiting: row.waiting,
    quarantined: row.quarantined,
    partialRecords: row.partial,
    checkpoint: {
      state: row.cp_state ?? 'none',
      size: row.cp_size ?? 0,
      timeMs: row.cp_time,
      matchedSize: row.matched ?? 0,
    },
    fork: row.ledger.fork && { reason: row.ledger.fork.reason, epoch: row.ledger.fork.epoch, seq: row.ledger.fork.seq },
  }))
}
