/** The station's log: every change that could be attributed, with its outcome, and one tree leaf for each. seq never goes back. */
import { toHex } from '#crypto/bytes.ts'
import { createTree, leafHash, type Tree } from '#crypto/tree.ts'
import { encodeCanonical, decodeCanonical } from '#protocols/cbor.ts'
import { arrayOf, bytesOf, intOf } from '#protocols/cbor-read.ts'
import { type Change, slotsFromCbor, slotsToCbor } from '#protocols/change/change.ts'
import { decodeHeader } from '#protocols/change/header.ts'
import type { ErrorDetail } from '#protocols/errors.ts'
import type { Sqlite } from './open.ts'

export interface LogEntry {
  readonly seq: number
  readonly change: Change
  /** 'admitted' or an error code. */
  readonly outcome: string
  readonly detail: ErrorDetail
  /** Version of the record after it, hex; null when refused. */
  readonly version: string | null
  readonly receivedMs: number
}

/** The last change of a device: its number, id and hybrid time. */
export interface DeviceHead {
  readonly seq: number
  readonly id: Uint8Array
  readonly hlc: Uint8Array
}

/** What a leaf commits to: change id, outcome, receive time. */
export const leafBytes = (id: Uint8Array, outcome: string, receivedMs: number): Uint8Array =>
  encodeCanonical([id, outcome, receivedMs])

interface Row {
  seq: number
  id: Buffer
  header: Buffer
  signature: Buffer
  slots: Buffer
  outcome: string
  detail: string
  version: string | null
  received_ms: number
}

export function createLog(database: Sqlite) {
  const insert = database.prepare(
    `insert into change_log (seq, id, device, device_seq, record, type, kind, officer, header, signature, slots, outcome, detail, version, received_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertLeaf = database.prepare('insert into log_leaf (seq, leaf) values (?, ?)')
  const byId = database.prepare('select * from change_log where id = ?')
  const head = database.prepare('select device_seq as seq, id, header from change_log where device = ? order by device_seq desc limit 1')
  const seqOfVersion = database.prepare('select seq from change_log where version = ? and record = ?').pluck()
  const last = database.prepare('select coalesce(max(seq), 0) from change_log').pluck()
  const range = database.prepare('select * from change_log where seq > ? order by seq limit ?')
  const ofRecord = database.prepare('select * from change_log where record = ? order by seq')
  const refusedRows = database.prepare(`select * from change_log where outcome <> 'admitted' order by seq desc limit ?`)
  const leaves = database.prepare('select leaf from log_leaf order by seq').pluck()
  const leafAt = database.prepare('select leaf from log_leaf where seq = ?').pluck()
  const getMeta = database.prepare('select value from meta where key = ?').pluck()
  const setMeta = database.prepare('insert or replace into meta (key, value) values (?, ?)')
  let tree = restoreTree()
  let lastSeq = last.get() as number

  function restoreTree(): Tree {
    const saved = getMeta.get('tree') as Buffer | undefined
    if (!saved) return createTree()
    const [size, frontier] = arrayOf(decodeCanonical(saved), 'tree', 2)
    return createTree({ size: intOf(size, 'size'), frontier: arrayOf(frontier, 'frontier').map((node) => bytesOf(node, 'node', 32)) })
  }

  return {
    lastSeq: () => lastSeq,
    size: () => tree.size,
    root: () => tree.root(),
    /** Inside a transaction. */
    append(entry: Omit<LogEntry, 'seq'>): number {
      const { change } = entry
      const seq = ++lastSeq
      insert.run(
        seq,
        change.id,
        change.header.device,
        change.header.seq,
        toHex(change.header.record),
        change.header.type,
        change.header.kind,
        change.header.officer && toHex(change.header.officer),
        change.headerBytes,
        change.signature,
        encodeCanonical(slotsToCbor(change.slots)),
        entry.outcome,
        JSON.stringify(entry.detail),
        entry.version,
        entry.receivedMs,
      )
      const leaf = leafHash(leafBytes(change.id, entry.outcome, entry.receivedMs))
      insertLeaf.run(seq, leaf)
      tree.append(leaf)
      return seq
    },
    /** Once at the end of each transaction. */
    saveTree(): void {
      setMeta.run('tree', encodeCanonical([tree.size, [...tree.frontier]]))
    },
    /** After a transaction was rolled back: memory stands again where the disk stands. */
    reload(): void {
      tree = restoreTree()
      lastSeq = last.get() as number
    },
    find: (id: Uint8Array): LogEntry | null => entryOrNull(byId.get(id) as Row | undefined),
    deviceHead(device: Uint8Array): DeviceHead | null {
      const row = head.get(device) as { seq: number; id: Buffer; header: Buffer } | undefined
      return row ? { seq: row.seq, id: new Uint8Array(row.id), hlc: decodeHeader(new Uint8Array(row.header)).hlc } : null
    },
    seqOfVersion: (version: string, record: string): number | null => (seqOfVersion.get(version, record) as number | undefined) ?? null,
    after: (seq: number, limit: number): LogEntry[] => (range.all(seq, limit) as Row[]).map(entryOf),
    ofRecord: (record: string): LogEntry[] => (ofRecord.all(record) as Row[]).map(entryOf),
    refused: (limit: number): LogEntry[] => (refusedRows.all(limit) as Row[]).map(entryOf),
    leaves: (): Uint8Array[] => (leaves.all() as Buffer[]).map((leaf) => new Uint8Array(leaf)),
    leafAt: (seq: number): Uint8Array | null => {
      const leaf = leafAt.get(seq) as Buffer | undefined
      return leaf ? new Uint8Array(leaf) : null
    },
  }
}
export type Log = ReturnType<typeof createLog>

const entryOrNull = (row: Row | undefined): LogEntry | null => (row ? entryOf(row) : null)

function entryOf(row: Row): LogEntry {
  const headerBytes = new Uint8Array(row.header)
  return {
    seq: row.seq,
    change: {
      id: new Uint8Array(row.id),
      header: decodeHeader(headerBytes),
      headerBytes,
      signature: new Uint8Array(row.signature),
      slots: slotsFromCbor(decodeCanonical(new Uint8Array(row.slots))),
    },
    outcome: row.outcome,
    detail: JSON.parse(row.detail) as ErrorDetail,
    version: row.version,
    receivedMs: row.received_ms,
  }
}
