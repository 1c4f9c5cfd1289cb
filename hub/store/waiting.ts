/** Changes whose author's grant or certificate has not arrived: kept whole until it does. */
import { decodeCanonical } from '#protocols/cbor.ts'
import { arrayOf } from '#protocols/cbor-read.ts'
import { changeIdOf } from '#protocols/change/change.ts'
import { type ChangeEntry, encodeEntry, parseEntry } from '#protocols/lane/entry.ts'
import { assert } from '#protocols/errors.ts'
import { toHex } from '#crypto/bytes.ts'
import type { Tx } from './database.ts'
import { plain } from './stations.ts'

export interface WaitingChange {
  readonly entry: ChangeEntry
  readonly epoch: string
  readonly bundleSeq: number
}

export async function putWaiting(
  tx: Tx,
  station: string,
  changes: readonly WaitingChange[],
  nowMs: number,
): Promise<void> {
  for (const { entry, epoch, bundleSeq } of changes)
    await tx.query(
      `insert into waiting (station, id, seq, entry, epoch, bundle_seq, since_ms) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [
        station,
        toHex(changeIdOf(entry.headerBytes)),
        entry.logSeq,
        Buffer.from(encodeEntry(entry)),
        epoch,
        bundleSeq,
        nowMs,
      ],
    )
}

/** In the order of the log; takes them out. */
export async function takeWaiting(tx: Tx, station: string): Promise<WaitingChange[]> {
  const rows = await tx.query<{ entry: Uint8Array; epoch: string; bundle_seq: number; seq: number }>(
    'delete from waiting where station = $1 returning entry, epoch, bundle_seq, seq',
    [station],
  )
  return rows
    .sort((a, b) => a.seq - b.seq)
    .map((row) => {
      const entry = parseEntry(arrayOf(decodeCanonical(plain(row.entry)), 'entry'))
      assert(entry.kind === 1, 'only changes wait')
      return { entry, epoch: row.epoch, bundleSeq: row.bundle_seq }
    })
}
