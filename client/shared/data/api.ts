/** What screens ask of the data worker: one small typed interface. The worker holds RxDB, keys, search and the replicator; a screen holds
 *  none of them and works the same online and offline. */
import type { Observable } from 'rxjs'
import type { ErrorCode, ErrorDetail } from '#protocols/errors.ts'
import type { DemoPerson } from '#protocols/http/session.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Json } from '#protocols/record/value.ts'

/** unenrolled: no certificate. locked: keys are not in memory. elsewhere: another window of this origin holds the worker. */
export type Phase = 'starting' | 'unenrolled' | 'locked' | 'open' | 'elsewhere'

export interface Status {
  readonly phase: Phase
  /** Contact with the gateway right now, not what the browser says of its network. */
  readonly online: boolean
  readonly demo: boolean
  readonly station: {
    readonly id: string
    readonly name: string
    readonly nameEn: string
    readonly unit: string
  } | null
  readonly device: string | null
  readonly account: { readonly id: string; readonly name: string; readonly policeNumber: string } | null
  /** Own changes without a receipt. */
  readonly pending: number
  readonly refused: number
  /** Set when the signed manifest agreed at the last sync. */
  readonly complete: { readonly have: number; readonly of: number; readonly atMs: number } | null
  readonly lastContactMs: number | null
  /** A first sync or a long push: done of total. */
  readonly progress: { readonly done: number; readonly total: number } | null
  /** False: the browser may evict storage, so "not safe to go offline". Null: not asked yet. */
  readonly persistent: boolean | null
  /** The last trouble with the gateway, until the next contact. */
  readonly trouble: ErrorCode | null
}

export interface KnownOfficer {
  readonly account: string
  readonly name: string
  readonly policeNumber: string
}

/** A record as the screen shows it: own pending changes applied on top by the same rule path. */
export interface ShownRecord extends RecordDoc {
  readonly pendingChanges: number
}

export interface RecordQuery {
  readonly type: string
  /** MongoDB-like, as RxDB takes it, over RecordDoc: { 'tracks.handling': { $in: [...] }, 'fields.officer': id }. */
  readonly selector?: Readonly<Record<string, unknown>>
  readonly sort?: readonly Readonly<Record<string, 'asc' | 'desc'>>[]
  readonly limit?: number
}

/** One act. `kind`: 'create', 'update' or 'do:<transition>'. values: slot values (change/SPEC.md). */
export interface Draft {
  readonly type: string
  /** Null for create: an id is minted. */
  readonly record: string | null
  readonly kind: string
  readonly values: Readonly<Record<string, Json>>
}

export type CommitResult =
  | { readonly ok: true; readonly record: string; readonly change: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: ErrorDetail }

export interface OwnChange {
  readonly id: string
  readonly seq: number
  readonly type: string
  readonly record: string
  readonly kind: string
  readonly values: Readonly<Record<string, Json>>
  readonly atMs: number
  readonly state: 'pending' | 'refused'
  readonly code: ErrorCode | null
  readonly detail: ErrorDetail
}

/** One row of visit.photos: how to find and open an attachment. */
export interface FileRow {
  readonly file: string
  readonly key: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly media: string
  readonly takenAt: number
}

/** Every method that can be refused rejects with a Fault (code, detail). */
export interface Data {
  readonly status$: Observable<Status>
  /** Own changes, pending and refused, newest first. */
  readonly own$: Observable<readonly OwnChange[]>
  /** Who asks: for hiding buttons by the same table (record/rights.ts). Null while locked. */
  readonly actor$: Observable<Actor | null>
  /** ticket: base64url. */
  enrol(ticket: string): Promise<void>
  /** Demo folder on loopback only: fetches a ticket and enrols with it. */
  enrolDemo(): Promise<void>
  demoPeople(): Promise<readonly DemoPerson[]>
  /** Officers with keys on this device. */
  officers(): Promise<readonly KnownOfficer[]>
  /** First time of an officer on this device: needs the network. */
  logon(policeNumber: string, pin: string): Promise<void>
  /** Opens the officer's replica; needs no network. Rejects 'logon/failed' (detail.left tries) or 'logon/locked'. */
  unlock(account: string, pin: string): Promise<void>
  /** Clears the keys and reloads the page. */
  lock(): Promise<void>
  takeOver(): Promise<void>
  watch(query: RecordQuery): Observable<readonly ShownRecord[]>
  watchOne(type: string, id: string): Observable<ShownRecord | null>
  commit(draft: Draft): Promise<CommitResult>
  /** Takes a refused change off the list after the person has seen it; the gateway keeps its copy. */
  dismissRefused(change: string): Promise<void>
  /** Keeps what a person is typing, sealed to the officer, so that it outlives reload, crash and lock. An empty text removes it. */
  saveDraft(key: string, text: string): Promise<void>
  /** What was kept under this key by this officer on this device; null when there is nothing. */
  draft(key: string): Promise<string | null>
  addFile(bytes: Uint8Array, media: string): Promise<FileRow>
  /** Plain bytes, from the device or the gateway; null when neither has it now. */
  openFile(row: FileRow): Promise<Uint8Array | null>
  syncNow(): Promise<void>
  /** JSON over this face's session; for what is no record (desk pictures, tickets). */
  call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>
}
