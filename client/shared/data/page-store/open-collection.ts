/** One open collection: what it shows (memory) and what is on disk (pages). `prepare` works out a write without any effect; its `apply` comes after
 *  the commit and makes both sides follow. */
import { getPrimaryFieldOfPrimaryKey } from 'rxdb/plugins/core'
import type { Random } from '#crypto/random.ts'
import { assert } from '#protocols/errors.ts'
import { loadPages } from './load-pages.ts'
import { createMemorySide, type MemorySide } from './memory-side.ts'
import type { StoredDocument } from './page-codec.ts'
import type { PageDatabase, PageKey, PageSet } from './page-database.ts'
import type { LedgerMax } from './page-ledger.ts'
import { createPageWriter, type PageWriter, type PreparedPages } from './page-writer.ts'
import type { CreationParams, Doc, WriteError, WriteRow } from './rx-types.ts'

/** What is to happen to one collection in one commit. An id stands in rows or in purged, not in both. */
export interface CollectionWrite {
  readonly rows: WriteRow[]
  readonly context: string
  readonly purged: readonly string[]
  readonly scrubbed: readonly string[]
}

export interface PreparedWrite extends PreparedPages {
  readonly errors: WriteError[]
}

export interface OpenCollection {
  readonly set: PageSet
  readonly primaryPath: string
  readonly memory: MemorySide
  prepare(write: CollectionWrite): PreparedWrite
  keys(): PageKey[]
  counts: PageWriter['counts']
}

export interface CollectionOptions {
  readonly pages: PageDatabase
  readonly set: PageSet
  readonly params: CreationParams
  /** The key of the database, asked for at each use: its holder may clear it. */
  readonly key32: () => Uint8Array
  readonly random: Random
  readonly max?: LedgerMax
}

export async function openCollection(options: CollectionOptions): Promise<OpenCollection> {
  const { pages, set, params, key32 } = options
  const primaryPath = getPrimaryFieldOfPrimaryKey(params.schema.primaryKey) as string
  const reading = await loadPages(pages, key32(), set)
  const newest = new Map<string, StoredDocument>()
  for (const { documents } of reading.pages)
    for (const document of documents) newest.set(document[primaryPath] as string, document)
  const memory = await createMemorySide(params, [...newest.values()] as Doc[])
  const writer = createPageWriter({ ...options, primaryPath, reading })

  return {
    set,
    primaryPath,
    memory,
    prepare({ rows, context, purged, scrubbed }) {
      const { accepted, errors } = memory.judge(rows, context)
      const isKept = (id: string): boolean => memory.get(id) !== undefined
      const forgotten = [...new Set(purged)].filter(isKept)
      const change = { written: accepted, forgotten, scrubbed: scrubbed.filter(isKept) }
      const writtenIds = new Set(accepted.map((doc) => doc[primaryPath] as string))
      assert(!forgotten.some((id) => writtenIds.has(id)), 'A purged document is not written.')
      if (accepted.length + forgotten.length + change.scrubbed.length === 0)
        return { pages: [], removals: [], errors, adopt() {} }
      const prepared = writer.prepare(change, (id) => memory.get(id) as Doc, key32())
      return {
        ...prepared,
        errors,
        adopt() {
          prepared.adopt()
          if (accepted.length > 0) memory.apply(rows, context)
          memory.forget(forgotten)
        },
      }
    },
    keys: writer.keys,
    counts: writer.counts,
  }
}
