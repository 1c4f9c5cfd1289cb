/** What a device keeps, as tables of documents that are written together: the floor under commit, push and pull. Twins: RxDB over the sealed page
 *  store (rx-tables.ts) and memory (tests, simulation). */
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Checkpoint } from '#protocols/sync/pull.ts'
import type { EnrolmentDoc } from './enrolment.ts'
import type { OwnDoc } from './own-change.ts'

/** One own change on its way: no content, so that it may stand outside the officer's key. */
export interface QueueDoc {
  /** seq in 12 digits, so that text order is seq order. */
  readonly id: string
  readonly seq: number
  /** Change id, hex. */
  readonly change: string
  /** Whose it is, hex. */
  readonly account: string
  /** settled: there is a verified receipt of the gateway's present epoch. */
  readonly state: 'pending' | 'settled'
  /** Of the last receipt; empty before the first. */
  readonly epoch: string
  readonly logSeq: number
  readonly outcome: string
}
export const queueIdOf = (seq: number): string => seq.toString().padStart(12, '0')

/** States that stand alone, by id. */
export interface HeadDoc {
  readonly id: 'head'
  readonly seq: number
  /** Change id, 64 hex characters. */
  readonly change: string
  readonly hlcMs: number
  readonly hlcCounter: number
}
export interface GatewayDoc {
  readonly id: 'gateway'
  readonly epoch: string
}
/** offsetMs: signed edge time minus device time at the last contact; signedMs: that edge time. */
export interface TimeDoc {
  readonly id: 'time'
  readonly offsetMs: number
  readonly signedMs: number
}
export interface PullDoc {
  readonly id: 'pull'
  readonly checkpoint: Checkpoint | null
  readonly isSweeping: boolean
}
/** An attachment on this device; its bytes stand in a row store. isUploaded 1: the gateway has it. */
export interface FileDoc {
  /** 'file:' and the hash of the ciphertext. */
  readonly id: `file:${string}`
  readonly file: string
  readonly sizeBytes: number
  readonly isUploaded: 0 | 1
}
export type DeviceState = HeadDoc | GatewayDoc | TimeDoc | FileDoc | EnrolmentDoc
/** What a person was typing, under a key of the screen's choice. */
export interface DraftDoc {
  readonly id: `draft:${string}`
  readonly text: string
}
export type ReplicaState = PullDoc | DraftDoc

export interface Table<Doc extends { readonly id: string }> {
  get(id: string): Promise<Doc | null>
  /** Documents that have these values; names may reach into objects: 'fields.visit'. In no order. */
  where(match: Readonly<Record<string, string | number>>): Promise<Doc[]>
  all(): Promise<Doc[]>
}

export interface TableDocs {
  readonly queue: QueueDoc
  readonly device: DeviceState
  readonly records: RecordDoc
  readonly own: OwnDoc
  readonly replica: ReplicaState
}
export type TableName = keyof TableDocs

/** What is to be written together. */
export interface TableWrite {
  put<Name extends TableName>(table: Name, docs: readonly TableDocs[Name][]): void
  /** Without a trace. */
  purge(table: TableName, ids: readonly string[]): void
  /** A row of the change log; a number that is taken fails the whole write. */
  addChange(seq: number, sealed: Uint8Array): void
}

export interface Tables {
  readonly queue: Table<QueueDoc>
  readonly device: Table<DeviceState>
  readonly records: Table<RecordDoc>
  readonly own: Table<OwnDoc>
  readonly replica: Table<ReplicaState>
  /** The sealed bytes of an own change. */
  change(seq: number): Promise<Uint8Array | null>
  /** All or nothing, on disk when it resolves. Throws Fault 'store/…'. */
  write(stage: (write: TableWrite) => void): Promise<void>
}
