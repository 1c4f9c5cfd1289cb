/** Lists with own pending changes on top (sync.md, "What the screen shows"): query(limit + pending) minus pending ids, plus the applied pending
 *  documents that match, sorted, cut to the limit. Pure: what it shows is what the same query would find if the pending documents were written.
 *  It must never leave a pending document out, nor show its admitted state beside it. */
import {
  getPrimaryFieldOfPrimaryKey,
  getQueryMatcher,
  getSortComparator,
  type MangoQuery,
  type MangoQuerySelector,
  normalizeMangoQuery,
  type RxDocumentData,
  type RxJsonSchema,
} from 'rxdb/plugins/core'
import { assert } from '#protocols/errors.ts'

/** By id: the document as it stands with own changes on top, or null when they leave nothing to show. */
export type PendingDocuments<Doc> = ReadonlyMap<string, Doc | null>

export interface ListPlan<Doc> {
  /** What to ask the replica for: as many more as pending documents could take away. */
  readonly wide: MangoQuery<Doc>
  /** found: the answer to `wide`. */
  show(found: readonly Doc[]): Doc[]
}

/** schema: of the collection, as RxDB filled it (`collection.schema.jsonSchema`). query: with `sort`, since RxDB's own choice may be a field that
 *  only stored documents have; without `skip`, since an offset counts other rows once the pending ones are on top: page with `pageAfter`. */
export function planList<Doc extends object>(
  schema: RxJsonSchema<RxDocumentData<Doc>>,
  query: MangoQuery<Doc>,
  pending: PendingDocuments<Doc>,
): ListPlan<Doc> {
  const filled = fill(schema, query)
  const { limit } = query
  const idOf = idGetter<Doc>(schema)
  return {
    wide: limit === undefined ? query : { ...query, limit: limit + pending.size },
    show(found) {
      if (pending.size === 0) return found.slice(0, limit)
      const matches = getQueryMatcher<Doc>(schema, filled)
      const onTop = [...pending.values()].filter((doc) => doc !== null && matches(doc as RxDocumentData<Doc>)) as Doc[]
      const rest = found.filter((doc) => !pending.has(idOf(doc)))
      return [...rest, ...onTop].sort(getSortComparator<Doc>(schema, filled)).slice(0, limit)
    },
  }
}

/** The same list from behind `last` on, the last document shown so far. Every sort field must be there in every document. */
export function pageAfter<Doc extends object>(
  schema: RxJsonSchema<RxDocumentData<Doc>>,
  query: MangoQuery<Doc>,
  last: Doc,
): MangoQuery<Doc> {
  const { sort } = fill(schema, query)
  const keys = sort.map((part) => {
    const [[path, direction]] = Object.entries(part) as [[string, 'asc' | 'desc']]
    const value = valueAt(last, path)
    assert(value !== undefined && value !== null, 'A list is paged by fields that are always there.')
    return { path, value, beyond: direction === 'asc' ? '$gt' : '$lt', from: direction === 'asc' ? '$gte' : '$lte' }
  })
  const behind = keys.map(({ path, value, beyond }, i) => ({
    ...Object.fromEntries(keys.slice(0, i).map((before) => [before.path, { $eq: before.value }])),
    [path]: { [beyond]: value },
  }))
  const [first] = keys as [(typeof keys)[number]]
  // The range on the first key says nothing new; it lets the index start there.
  const range = { [first.path]: { [first.from]: first.value } }
  const parts = [query.selector ?? {}, range, { $or: behind }]
  return { ...query, selector: { $and: parts } as unknown as MangoQuerySelector<Doc>, sort: sort as never }
}

/** With the id as the last sort key. */
function fill<Doc>(schema: RxJsonSchema<RxDocumentData<Doc>>, query: MangoQuery<Doc>) {
  assert(!query.skip, 'Lists are paged by sort key, never by offset.')
  assert(query.sort && query.sort.length > 0, 'A list says how it is sorted.')
  return normalizeMangoQuery<Doc>(schema, query)
}

const idGetter = <Doc extends object>(schema: RxJsonSchema<RxDocumentData<Doc>>): ((doc: Doc) => string) => {
  const path = getPrimaryFieldOfPrimaryKey(schema.primaryKey) as string
  return (doc) => (doc as Record<string, unknown>)[path] as string
}

const valueAt = (doc: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], doc)
