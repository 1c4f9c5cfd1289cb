/** Rows of imported bundles: one for each place of a lane, written with the import, kept for ever. */
import type { ImportedAt, LaneLedger, Placed } from '#protocols/lane/sequence.ts'
import { lastOfRanges } from '#protocols/lane/ranges.ts'
import type { Tx } from './database.ts'

export interface BundleRow {
  readonly station: string
  readonly lane: string
  readonly placed: Placed
  readonly type: string
  readonly entries: number
  readonly sizeBytes: number
  readonly createdMs: number
  readonly importedMs: number
}

export async function putBundle(tx: Tx, row: BundleRow): Promise<void> {
  const { placed } = row
  await tx.query(
    `insert into bundle (station, lane, epoch, seq, hash, prev_hash, type, entries, size_bytes, created_ms, imported_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.station,
      row.lane,
      placed.epoch,
      placed.seq,
      placed.bundleHash,
      placed.prevHash,
      row.type,
      row.entries,
      row.sizeBytes,
      row.createdMs,
      row.importedMs,
    ],
  )
}

/** What the judgement of a place may ask about: the place itself, its neighbours, and the newest of each epoch (an EPOCH bundle names the head
 *  of the epoch before it; a lower one than was imported is a fork by the ledger alone). */
export async function placesAround(
  tx: Tx,
  lane: { station: string; lane: string },
  ledger: LaneLedger,
  place: { epoch: string; seq: number },
): Promise<ImportedAt> {
  const wanted = [-1, 0, 1].map((step) => ({ epoch: place.epoch, seq: place.seq + step }))
  for (const { epoch, imported } of ledger.epochs) wanted.push({ epoch, seq: lastOfRanges(imported) })
  const rows = await tx.query<{ epoch: string; seq: number; hash: string; prev_hash: string }>(
    `select epoch, seq, hash, prev_hash from bundle
     where station = $1 and lane = $2 and (epoch, seq) in (select * from unnest($3::text[], $4::bigint[]))`,
    [lane.station, lane.lane, wanted.map(({ epoch }) => epoch), wanted.map(({ seq }) => seq)],
  )
  const byPlace = new Map(
    rows.map((row) => [`${row.epoch} ${row.seq}`, { bundleHash: row.hash, prevHash: row.prev_hash }]),
  )
  return (epoch, seq) => byPlace.get(`${epoch} ${seq}`)
}
