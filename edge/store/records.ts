/** Projections: each record as it stands, with its derived tables. Only commit writes here. */
import { assert } from '#protocols/errors.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { createDerivedWriter, type DerivedWriter, ensureDerived, tableOf } from './derived.ts'
import type { Sqlite } from './open.ts'

export interface ListQuery {
  readonly type: string
  /** Equal to a value, or in a list of values; names are fields of the type or 'track:<name>'. */
  readonly where: Readonly<Record<string, string | number | readonly (string | number)[]>>
  /** updatedMs and id of the last row seen; newest first. */
  readonly before: { readonly updatedMs: number; readonly id: string } | null
  readonly limit: number
}

/** Gives ids; made once for each wording. */
type IdStatement = { all(...values: unknown[]): unknown[] }

export function createRecords(database: Sqlite, defs: ReadonlyMap<string, RecordDef>) {
  const put = database.prepare(
    `insert into record (id, type, seq, version, doc) values (?, ?, ?, ?, ?)
     on conflict (id) do update set seq = excluded.seq, version = excluded.version, doc = excluded.doc`,
  )
  const get = database.prepare('select doc from record where id = ?').pluck()
  const ofType = database.prepare('select doc from record where type = ? order by seq').pluck()
  const writers = new Map<string, DerivedWriter>()
  for (const def of defs.values()) {
    const { changed } = ensureDerived(database, def)
    const writer = createDerivedWriter(database, def)
    writers.set(def.type, writer)
    // A new column starts empty: its rows are written again from the records.
    if (changed) for (const doc of ofType.iterate(def.type) as IterableIterator<string>) writer.write(null, JSON.parse(doc) as RecordDoc)
  }
  const statements = new Map<string, IdStatement>()
  const idsBy = (sql: string): IdStatement => {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare<unknown[], string>(sql).pluck()
    statements.set(sql, made)
    return made
  }
  const find = (id: string): RecordDoc | null => {
    const doc = get.get(id) as string | undefined
    return doc === undefined ? null : (JSON.parse(doc) as RecordDoc)
  }
  const columnOf = (def: RecordDef, name: string): string => {
    const column = name.startsWith('track:') ? `t_${name.slice(6)}` : `f_${name}`
    const known = name.startsWith('track:') ? Object.hasOwn(def.tracks, name.slice(6)) : Object.hasOwn(def.allFields, name)
    assert(known, 'a query names fields and tracks of its type')
    return column
  }
  return {
    find,
    /** Inside a transaction. */
    put(before: RecordDoc | null, after: RecordDoc): void {
      put.run(after.id, after.type, after.seq, after.version, JSON.stringify(after))
      writers.get(after.type)?.write(before, after)
    },
    related(type: string, field: string, id: string): RecordDoc[] {
      const def = defs.get(type)
      assert(def, 'a relation names a known type')
      const ids = idsBy(`select id from ${tableOf(type)} where ${columnOf(def, field)} = ? order by seq`).all(id) as string[]
      return ids.map(find).filter((doc) => doc !== null)
    },
    list(query: ListQuery): RecordDoc[] {
      const def = defs.get(query.type)
      assert(def, 'a list names a known type')
      const parts: string[] = []
      const values: (string | number)[] = []
      for (const [name, wanted] of Object.entries(query.where)) {
        const list = Array.isArray(wanted) ? (wanted as (string | number)[]) : [wanted as string | number]
        parts.push(`${columnOf(def, name)} in (${list.map(() => '?').join(', ')})`)
        values.push(...list)
      }
      if (query.before) {
        parts.push('(updated_ms, id) < (?, ?)')
        values.push(query.before.updatedMs, query.before.id)
      }
      const where = parts.length > 0 ? `where ${parts.join(' and ')}` : ''
      const ids = idsBy(`select id from ${tableOf(query.type)} ${where} order by updated_ms desc, id desc limit ?`).all(
        ...values,
        query.limit,
      ) as string[]
      return ids.map(find).filter((doc) => doc !== null)
    },
    all: (type: string): RecordDoc[] => (ofType.all(type) as string[]).map((doc) => JSON.parse(doc) as RecordDoc),
  }
}
export type Records = ReturnType<typeof createRecords>
