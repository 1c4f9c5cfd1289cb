/** One commit over several collections, of one or two databases, and plain rows: records with their checkpoint, a change with its readable copy
 *  (sync.md, "The device"). Staging has no effect; everything becomes durable together and only then visible. */
import { createRevision, now } from 'rxdb/plugins/core'
import { assert } from '#protocols/errors.ts'
import type { CollectionWrite, OpenCollection } from './open-collection.ts'
import type { StoredDocument } from './page-codec.ts'
import type { RowWrite } from './page-database.ts'
import type { CollectionRef, Doc, WriteRow } from './rx-types.ts'

export interface Atomic {
  /** The document as it is now, before anything that is staged; undefined when there is none or it is deleted. */
  current(collection: CollectionRef, id: string): StoredDocument | undefined
  /** Whole documents in place of what is there, without RxDB's own fields. A document may be staged once. Defaults of the schema and composed
   *  primary keys are not filled in. */
  upsert(collection: CollectionRef, documents: readonly object[]): void
  /** Documents of which no version stays on disk, deleted ones too. Unknown ids are passed over. */
  purge(collection: CollectionRef, ids: readonly string[]): void
  /** Documents of which no version but the newest (also one staged here) stays on disk: after a field was erased. */
  scrub(collection: CollectionRef, ids: readonly string[]): void
  row(write: RowWrite): void
}

export interface Staged {
  readonly writes: Map<OpenCollection, CollectionWrite>
  readonly rows: RowWrite[]
}

interface Draft {
  readonly rows: WriteRow[]
  readonly context: string
  readonly purged: string[]
  readonly scrubbed: string[]
}

/** find: the open collection of a name. The answer of `stage` is handed out after the commit. */
export function stageAtomic<T>(
  find: (ref: CollectionRef) => OpenCollection,
  stage: (atomic: Atomic) => T,
): { staged: Staged; answer: T } {
  const writes = new Map<OpenCollection, Draft>()
  const rows: RowWrite[] = []
  const lwt = now()
  let isOver = false
  const draftOf = (ref: CollectionRef): [OpenCollection, Draft] => {
    assert(!isOver, 'Staging ends when its function returns.')
    const collection = find(ref)
    const draft = writes.get(collection) ?? { rows: [], context: 'atomic', purged: [], scrubbed: [] }
    writes.set(collection, draft)
    return [collection, draft]
  }
  const answer = stage({
    current(ref, id) {
      const document = find(ref).memory.get(id)
      return document && !document._deleted ? document : undefined
    },
    upsert(ref, documents) {
      const [{ memory, primaryPath }, draft] = draftOf(ref)
      for (const document of documents as readonly StoredDocument[])
        draft.rows.push(rowOf(document, memory.get(document[primaryPath] as string), lwt))
    },
    purge(ref, ids) {
      draftOf(ref)[1].purged.push(...ids)
    },
    scrub(ref, ids) {
      draftOf(ref)[1].scrubbed.push(...ids)
    },
    row(write) {
      assert(!isOver, 'Staging ends when its function returns.')
      rows.push(write)
    },
  })
  isOver = true
  assert(!(answer instanceof Promise), 'Staging does not wait: what it read could be stale when it goes on.')
  return { staged: { writes, rows }, answer }
}

/** RxDB orders nothing of ours by `lwt`; it only wants one. */
function rowOf(document: StoredDocument, previous: Doc | undefined, lwt: number): WriteRow {
  const whole = {
    ...document,
    _deleted: false,
    _attachments: {},
    _meta: { lwt },
    _rev: createRevision('atomic', previous),
  }
  return previous ? { previous, document: whole } : { document: whole }
}
