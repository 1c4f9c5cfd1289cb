/** Witness of each station's log: a checkpoint counts when it is proved to extend the ones before. Bundles come in any order, so one whose proof
 *  starts from a checkpoint that is not here yet waits, unproved. Two that cannot both be true are a fork: kept, both, and an alarm. */
import { equalBytes, fromHex, toHex } from '#crypto/bytes.ts'
import { verifyConsistency } from '#crypto/tree.ts'
import { decodeCanonical, encodeCanonical } from '#protocols/cbor.ts'
import { arrayOf, bytesOf } from '#protocols/cbor-read.ts'
import { openCertificate } from '#protocols/identity/certificate.ts'
import type { CheckpointEntry } from '#protocols/lane/entry.ts'
import { type LogCheckpoint, openLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import type { Tx } from '../store/database.ts'
import type { Quarantined } from '../store/quarantine.ts'
import { plain, type StoredStation } from '../store/stations.ts'

/** How many verified checkpoints below are tried as the start of a proof: the nearest is nearly always the one. */
const startsMax = 32

export async function witnessCheckpoints(
  tx: Tx,
  station: StoredStation,
  entries: readonly CheckpointEntry[],
  nowMs: number,
): Promise<Quarantined[]> {
  if (entries.length === 0) return []
  const stationKey = openCertificate(station.certificate, station.root).signKey
  const forks: Quarantined[] = []
  for (const entry of entries) {
    const checkpoint = openLogCheckpoint(entry.bytes, stationKey)
    const state = (await contradicts(tx, station.station, checkpoint)) ? 'fork' : 'unproved'
    await put(tx, station.station, checkpoint, entry, state, nowMs)
    if (state === 'fork') forks.push(forkOf(station.station, checkpoint, entry))
  }
  for (const epoch of new Set(entries.map((entry) => openLogCheckpoint(entry.bytes, stationKey).epochHex)))
    await proveWhatCanBe(tx, station.station, epoch)
  return forks
}

async function put(
  tx: Tx,
  station: string,
  checkpoint: LogCheckpoint,
  entry: CheckpointEntry,
  state: string,
  nowMs: number,
): Promise<void> {
  await tx.query(
    `insert into checkpoint (station, epoch, size, root, time_ms, bytes, proof, state, seen_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing`,
    [
      station,
      toHex(checkpoint.epoch),
      checkpoint.size,
      toHex(checkpoint.root),
      checkpoint.timeMs,
      entry.bytes,
      Buffer.from(encodeCanonical([...entry.proof])),
      state,
      nowMs,
    ],
  )
}

/** One size, one root. And a log only grows: at a later time of one epoch it is not shorter. */
async function contradicts(tx: Tx, station: string, checkpoint: LogCheckpoint): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from checkpoint where station = $1 and epoch = $2 and (
       (size = $3 and root <> $4) or (size > $3 and time_ms < $5) or (size < $3 and time_ms > $5)) limit 1`,
    [station, toHex(checkpoint.epoch), checkpoint.size, toHex(checkpoint.root), checkpoint.timeMs],
  )
  return rows.length > 0
}

interface Stored {
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** From the smallest on: each one that was proved may be the start of the next. */
async function proveWhatCanBe(tx: Tx, station: string, epoch: string): Promise<void> {
  const read = async (state: string, order: string): Promise<Stored[]> => {
    const rows = await tx.query<{ size: number; root: string; proof: Uint8Array }>(
      `select size, root, proof from checkpoint where station = $1 and epoch = $2 and state = $3 ${order}`,
      [station, epoch, state],
    )
    return rows.map((row) => ({ size: row.size, root: fromHex(row.root), proof: proofOf(plain(row.proof)) }))
  }
  const proved = await read('verified', `order by size desc limit ${startsMax}`)
  for (const next of await read('unproved', 'order by size')) {
    const isFirst = next.proof.length === 0 && proved.length === 0
    const extendsOne = proved.some(
      (start) =>
        (start.size === next.size && equalBytes(start.root, next.root)) ||
        (start.size < next.size &&
          verifyConsistency({
            oldSize: start.size,
            oldRoot: start.root,
            newSize: next.size,
            newRoot: next.root,
            proof: next.proof,
          })),
    )
    if (!isFirst && !extendsOne) continue
    await tx.query(
      `update checkpoint set state = 'verified' where station = $1 and epoch = $2 and size = $3 and root = $4`,
      [station, epoch, next.size, toHex(next.root)],
    )
    proved.unshift(next)
  }
}

const proofOf = (bytes: Uint8Array): Uint8Array[] =>
  arrayOf(decodeCanonical(bytes), 'proof').map((node) => bytesOf(node, 'proof', 32))

const forkOf = (station: string, checkpoint: LogCheckpoint, entry: CheckpointEntry): Quarantined => ({
  station,
  id: toHex(checkpoint.root),
  kind: 'checkpoint',
  code: 'hub/checkpoint-fork',
  detail: { epoch: toHex(checkpoint.epoch), size: checkpoint.size },
  sizeBytes: entry.bytes.length,
  entry: entry.bytes,
})
