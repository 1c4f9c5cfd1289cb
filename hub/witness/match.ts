/** The other half of a witness: not only does each checkpoint extend the last, the changes that are here are the ones that stand in it. The
 *  tree grows over a log without gaps, so a change that is missing, or that does not travel, holds it where it is: nothing is then claimed. */
import { equalBytes, fromHex } from '#crypto/bytes.ts'
import { createTree, leafHash, type TreeState } from '#crypto/tree.ts'
import { decodeCanonical, encodeCanonical } from '#protocols/cbor.ts'
import { arrayOf, bytesOf } from '#protocols/cbor-read.ts'
import type { Tx } from '../store/database.ts'
import type { Quarantined } from '../store/quarantine.ts'
import { plain } from '../store/stations.ts'

/** What a leaf commits to, as the station's log writes it: change id, outcome, receive time. */
const logLeafOf = (id: string, outcome: string, receivedMs: number): Uint8Array =>
  leafHash(encodeCanonical([fromHex(id), outcome, receivedMs]))

/** Answers with an alarm when a verified checkpoint has another root than the changes that are here. */
export async function matchLog(tx: Tx, station: string): Promise<Quarantined[]> {
  const state = await load(tx, station)
  const tree = createTree(state)
  const checkpoints = await tx.query<{ epoch: string; size: number; root: string }>(
    `select epoch, size, root from checkpoint where station = $1 and state = 'verified' and size > $2 order by size`,
    [station, state.size],
  )
  for (const checkpoint of checkpoints) {
    const leaves = await leavesBetween(tx, station, tree.size, checkpoint.size)
    if (leaves.length !== checkpoint.size - tree.size) break
    for (const leaf of leaves) tree.append(leaf)
    if (!equalBytes(tree.root(), fromHex(checkpoint.root))) return [await differs(tx, station, checkpoint)]
    await save(tx, station, tree)
  }
  return []
}

async function leavesBetween(tx: Tx, station: string, after: number, upTo: number): Promise<Uint8Array[]> {
  const rows = await tx.query<{ id: string; outcome: string; received_ms: number }>(
    'select id, outcome, received_ms from change where station = $1 and seq > $2 and seq <= $3 order by seq',
    [station, after, upTo],
  )
  return rows.map((row) => logLeafOf(row.id, row.outcome, row.received_ms))
}

async function load(tx: Tx, station: string): Promise<TreeState> {
  const [row] = await tx.query<{ size: number; frontier: Uint8Array }>(
    'select size, frontier from log_tree where station = $1',
    [station],
  )
  if (!row) return { size: 0, frontier: [] }
  const frontier = arrayOf(decodeCanonical(plain(row.frontier)), 'frontier').map((node) => bytesOf(node, 'node', 32))
  return { size: row.size, frontier }
}

const save = (tx: Tx, station: string, tree: TreeState): Promise<unknown> =>
  tx.query(
    `insert into log_tree (station, size, frontier) values ($1, $2, $3)
     on conflict (station) do update set size = excluded.size, frontier = excluded.frontier`,
    [station, tree.size, Buffer.from(encodeCanonical([...tree.frontier]))],
  )

async function differs(
  tx: Tx,
  station: string,
  checkpoint: { epoch: string; size: number; root: string },
): Promise<Quarantined> {
  await tx.query(`update checkpoint set state = 'fork' where station = $1 and epoch = $2 and size = $3 and root = $4`, [
    station,
    checkpoint.epoch,
    checkpoint.size,
    checkpoint.root,
  ])
  const detail = { epoch: checkpoint.epoch, size: checkpoint.size, reason: 'unlike-changes' }
  return {
    station,
    id: checkpoint.root,
    kind: 'checkpoint',
    code: 'hub/checkpoint-fork',
    detail,
    sizeBytes: 0,
    entry: null,
  }
}
