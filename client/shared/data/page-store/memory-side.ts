/** RxDB's own memory instance, which serves all reads of one collection. Its state belongs to this one instance and goes with it: RxDB would keep it
 *  for the life of the realm. It must never change before the same change is on disk; so `judge` tells what a write would do, and `apply` and
 *  `forget`, which also emit the change events, come after. */
import { categorizeBulkWriteRows, createRevision, now } from 'rxdb/plugins/core'
import { getRxStorageMemory, type RxStorageInstanceMemory, removeDocFromState } from 'rxdb/plugins/storage-memory'
import { assert } from '#protocols/errors.ts'
import type { CreationParams, Doc, WriteError, WriteRow } from './rx-types.ts'

export interface Judgement {
  readonly accepted: readonly Doc[]
  readonly errors: WriteError[]
}

export interface MemorySide {
  /** Reads go here. */
  readonly instance: RxStorageInstanceMemory<Doc>
  get(id: string): Doc | undefined
  judge(rows: WriteRow[], context: string): Judgement
  apply(rows: WriteRow[], context: string): void
  /** Removes the documents without a trace; those that were not deleted yet are reported as deleted. */
  forget(ids: readonly string[]): void
  /** Ids of documents deleted at least this long ago. */
  deletedIds(minimumAgeMs: number): string[]
  /** Lets go of every document. */
  clear(): void
}

export async function createMemorySide(params: CreationParams, documents: readonly Doc[]): Promise<MemorySide> {
  const storage = { ...getRxStorageMemory(), collectionStates: new Map() }
  const instance = (await storage.createStorageInstance(params)) as unknown as RxStorageInstanceMemory<Doc>
  const { internals, primaryPath } = instance
  const idOf = (document: Doc): string => document[primaryPath]
  const apply = (rows: WriteRow[], context: string): void => {
    // The effect is there when the call returns; its promise only carries the errors, which were judged before.
    void instance.bulkWrite(rows, context)
    instance.ensurePersistence()
  }
  if (documents.length > 0)
    apply(
      documents.map((document) => ({ document })),
      'load',
    )

  return {
    instance,
    get: (id) => internals.documents.get(id),
    judge(rows, context) {
      assert(new Set(rows.map((row) => idOf(row.document))).size === rows.length, 'A batch names a document once.')
      const judged = categorizeBulkWriteRows(instance, primaryPath, internals.documents, rows, context)
      const accepted = [...judged.bulkInsertDocs, ...judged.bulkUpdateDocs].map((row) => row.document)
      // Throws for a document that an index cannot take: found now, it fails the write; found on disk, it would fail every start.
      for (const { getIndexableString } of internals.byIndexArray) for (const doc of accepted) getIndexableString(doc)
      return { accepted, errors: judged.errors }
    },
    apply,
    forget(ids) {
      const lwt = now()
      const found = ids.flatMap((id) => internals.documents.get(id) ?? [])
      const deletions = found
        .filter((previous) => !previous._deleted)
        .map((previous) => ({
          previous,
          document: { ...previous, _deleted: true, _meta: { lwt }, _rev: createRevision('purge', previous) },
        }))
      if (deletions.length > 0) apply(deletions, 'purge')
      for (const id of ids) {
        const document = internals.documents.get(id)
        if (document) removeDocFromState(primaryPath, instance.schema, internals, document)
      }
    },
    deletedIds(minimumAgeMs) {
      const latest = now() - minimumAgeMs
      const deleted = [...internals.documents.values()].filter((doc) => doc._deleted && doc._meta.lwt <= latest)
      return deleted.map(idOf)
    },
    clear() {
      void instance.close()
      internals.changes$.complete()
      internals.documents.clear()
      for (const index of internals.byIndexArray) index.docsWithIndex = []
    },
  }
}
