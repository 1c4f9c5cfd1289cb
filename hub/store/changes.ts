/** The stations' logs as far as they came here: one row a change, with the bytes that were signed. */
import { toHex } from '#crypto/bytes.ts'
import { decodeCanonical, encodeCanonical } from '#protocols/cbor.ts'
import { arrayOf, textOf } from '#protocols/cbor-read.ts'
import { type Change, changeIdOf, slotsFromCbor, slotsToCbor } from '#protocols/change/change.ts'
import { decodeHlc } from '#protocols/change/clock.ts'
import { decodeHeader } from '#protocols/change/header.ts'
import type { ErrorDetail } from '#protocols/errors.ts'
import type { Reason } from '#protocols/lane/entry.ts'
import type { Tx } from './database.ts'
import { plain } from './stations.ts'

export interface StoredChange {
  readonly change: Change
  readonly seq: number
  /** 'admitted' or the code with which the station refused it. */
  readonly outcome: string
  readonly detail: ErrorDetail
  readonly reasons: readonly Reason[]
  readonly receivedMs: number
  readonly epoch: string
  readonly bundleSeq: number
}

interface Row {
  seq: number
  header: Uint8Array
  signature: Uint8Array
  slots: Uint8Array
  reasons: Uint8Array
  outcome: string
  detail: ErrorDetail
  received_ms: number
  epoch: string
  bundle_seq: number
}

const columns = 'seq, header, signature, slots, reasons, outcome, detail, received_ms, epoch, bundle_seq'

export async function putChanges(tx: Tx, station: string, changes: readonly StoredChange[]): Promise<void> {
  const batchRows = 500
  for (let from = 0; from < changes.length; from += batchRows)
    await putBatch(tx, station, changes.slice(from, from + batchRows))
}

async function putBatch(tx: Tx, station: string, changes: readonly StoredChange[]): Promise<void> {
  const column = <T>(read: (stored: StoredChange) => T): T[] => changes.map(read)
  const hexOrNull = (bytes: Uint8Array | null): string | null => bytes && toHex(bytes)
  await tx.query(
    `insert into change (station, seq, id, device, device_seq, record, type, kind, officer, via, granted,
       header, signature, slots, reasons, outcome, detail, pressed_ms, received_ms, epoch, bundle_seq)
     select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[], $16::text[], $17::jsonb[], $18::bigint[], $19::bigint[],
       $20::text[], $21::bigint[])`,
    [
      station,
      column(({ seq }) => seq),
      column(({ change }) => toHex(change.id)),
      column(({ change }) => toHex(change.header.device)),
      column(({ change }) => change.header.seq),
      column(({ change }) => toHex(change.header.record)),
      column(({ change }) => change.header.type),
      column(({ change }) => change.header.kind),
      column(({ change }) => hexOrNull(change.header.officer)),
      column(({ change }) => change.header.via?.kind ?? null),
      column(({ change }) => hexOrNull(change.header.grant)),
      column(({ change }) => Buffer.from(change.headerBytes)),
      column(({ change }) => Buffer.from(change.signature)),
      column(({ change }) => Buffer.from(encodeCanonical(slotsToCbor(change.slots)))),
      column(({ reasons }) => Buffer.from(encodeCanonical(reasons.map(({ field, why }) => [field, why])))),
      column(({ outcome }) => outcome),
      column(({ detail }) => JSON.stringify(detail)),
      column(({ change }) => decodeHlc(change.header.hlc).ms),
      column(({ receivedMs }) => receivedMs),
      column(({ epoch }) => epoch),
      column(({ bundleSeq }) => bundleSeq),
    ],
  )
}

/** What stands already under one of these names: the same change, or one that contradicts it. */
export interface KnownChange {
  readonly id: string
  readonly seq: number
  readonly device: string
  readonly deviceSeq: number
  readonly outcome: string
}

export async function findKnown(
  tx: Tx,
  station: string,
  changes: readonly { readonly change: Change; readonly seq: number }[],
): Promise<KnownChange[]> {
  // One index each: joined by `or` they would all be left for a walk over the whole log.
  const columnsOfKnown = 'id, seq, device, device_seq, outcome'
  const rows = await tx.query<{ id: string; seq: number; device: string; device_seq: number; outcome: string }>(
    `select ${columnsOfKnown} from change where station = $1 and id = any($2::text[])
     union select ${columnsOfKnown} from change where station = $1 and seq = any($3::bigint[])
     union select ${columnsOfKnown} from change join unnest($4::text[], $5::bigint[]) as named (on_device, number)
       on device = on_device and device_seq = number where station = $1`,
    [
      station,
      changes.map(({ change }) => toHex(change.id)),
      changes.map(({ seq }) => seq),
      changes.map(({ change }) => toHex(change.header.device)),
      changes.map(({ change }) => change.header.seq),
    ],
  )
  return rows.map((row) => ({ ...row, deviceSeq: row.device_seq }))
}

export async function findById(tx: Tx, station: string, id: string): Promise<StoredChange | null> {
  const [row] = await tx.query<Row>(`select ${columns} from change where station = $1 and id = $2`, [station, id])
  return row ? storedOf(row) : null
}

/** Admitted or not, in the order of the log. */
export async function changesOfRecords(tx: Tx, station: string, records: readonly string[]): Promise<StoredChange[]> {
  if (records.length === 0) return []
  const rows = await tx.query<Row>(
    `select ${columns} from change where station = $1 and record = any($2) order by seq`,
    [station, records],
  )
  return rows.map(storedOf)
}

export async function seqsOfVersions(
  tx: Tx,
  station: string,
  versions: readonly string[],
): Promise<Map<string, number>> {
  if (versions.length === 0) return new Map()
  const rows = await tx.query<{ version: string; seq: number }>(
    'select version, seq from change where station = $1 and version = any($2)',
    [station, versions],
  )
  return new Map(rows.map((row) => [row.version, row.seq]))
}

export async function saveVersions(tx: Tx, station: string, versions: ReadonlyMap<number, string>): Promise<void> {
  if (versions.size === 0) return
  await tx.query(
    `update change set version = given.version from unnest($2::bigint[], $3::text[]) as given (seq, version)
     where change.station = $1 and change.seq = given.seq and change.version is distinct from given.version`,
    [station, [...versions.keys()], [...versions.values()]],
  )
}

/** A fuller release of a change that is here: more slots open, the same leaves. */
export async function saveSlots(
  tx: Tx,
  station: string,
  seq: number,
  change: Change,
  reasons: readonly Reason[],
): Promise<void> {
  await tx.query('update change set slots = $3, reasons = $4 where station = $1 and seq = $2', [
    station,
    seq,
    Buffer.from(encodeCanonical(slotsToCbor(change.slots))),
    Buffer.from(encodeCanonical(reasons.map(({ field, why }) => [field, why]))),
  ])
}

function storedOf(row: Row): StoredChange {
  const headerBytes = plain(row.header)
  return {
    change: {
      id: changeIdOf(headerBytes),
      header: decodeHeader(headerBytes),
      headerBytes,
      signature: plain(row.signature),
      slots: slotsFromCbor(decodeCanonical(plain(row.slots))),
    },
    seq: row.seq,
    outcome: row.outcome,
    detail: row.detail,
    reasons: arrayOf(decodeCanonical(plain(row.reasons)), 'reasons').map((value) => {
      const [field, why] = arrayOf(value, 'reason', 2)
      return { field: textOf(field, 'field'), why: why as string | Uint8Array }
    }),
    receivedMs: row.received_ms,
    epoch: row.epoch,
    bundleSeq: row.bundle_seq,
  }
}
