/** The floor of a device's storage: numbered pages of opaque bytes, and plain rows beside them, written together in one transaction or not at
 *  all (sync.md, "The device"; security.md, 8.6 a and i). It knows no key and no document, and it must never report a commit that is not on
 *  disk. Twins: indexed-page-database.ts (browsers) and memory-page-database.ts (tests, simulation). */

/** One numbered row of pages. Schema versions are different sets: a migration reads one and writes the other. */
export interface PageSet {
  readonly database: string
  readonly collection: string
  readonly schemaVersion: number
}

/** number: from 1. A number is used once in the life of its set, so that of two writers one fails. */
export interface PageKey extends PageSet {
  readonly number: number
}

export interface StoredPage {
  readonly number: number
  /** Its own buffer, not a view: a structured clone takes the whole buffer along. */
  readonly bytes: Uint8Array
}

export type RowKey = number | string

export interface RowWrite {
  readonly store: string
  readonly key: RowKey
  /** add: an existing key fails the whole commit. put: in its place. delete: a missing key is fine. */
  readonly mode: 'add' | 'put' | 'delete'
  /** Anything that a structured clone takes; stored as it is, so never in the clear when it is content. */
  readonly value?: unknown
}

export interface Row {
  readonly key: RowKey
  readonly value: unknown
}

export interface CommitBatch {
  /** Added, never replaced. */
  readonly pages: readonly (PageKey & StoredPage)[]
  readonly removals: readonly PageKey[]
  readonly rows: readonly RowWrite[]
}

/** insert-only: rows are added and deleted, never replaced (the change log, security.md 5). */
export type RowPolicy = 'insert-only' | 'replaceable'
export type RowStores = Readonly<Record<string, RowPolicy>>

export interface PageDatabase {
  /** Resolves when the whole batch is on disk. Throws with nothing written: Fault 'store/disk-full'; 'store/key-taken' (a page number or an
   *  added row key exists: another writer was here); 'store/read-only' { reason } for all else. After a 'store/read-only' nothing more is
   *  written until the database was opened again, because what lies on disk is no longer certain (security.md, 8.2). */
  commit(batch: CommitBatch): Promise<void>
  /** By rising number. */
  readPages(set: PageSet): Promise<StoredPage[]>
  /** All pages of one database, for instance to remove it when its key is gone. */
  listPages(database: string): Promise<PageKey[]>
  readRow(store: string, key: RowKey): Promise<unknown>
  /** By rising key, from `from` on (included), at most `limit`. */
  readRows(store: string, range?: { readonly from?: RowKey; readonly limit?: number }): Promise<Row[]>
  close(): void
}
