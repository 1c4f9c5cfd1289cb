/** Tables that follow from a declaration: p_<type> with typed columns to list, filter and count by; tok for search; figure for counts.
 *  They are written in the transaction of the change and can be rebuilt from the log at any time. */
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { FieldDef } from '#protocols/record/field.ts'
import { dateTextOf } from '#protocols/clock.ts'
import type { Sqlite } from './open.ts'

const columnKinds: Readonly<Record<string, 'text' | 'integer'>> = {
  text: 'text',
  code: 'text',
  ref: 'text',
  hex: 'text',
  date: 'text',
  integer: 'integer',
  boolean: 'integer',
  time: 'integer',
}

interface Column {
  readonly name: string
  readonly sql: 'text' | 'integer'
  readonly read: (doc: RecordDoc) => string | number | null
}

export const tableOf = (type: string): string => `p_${type.replaceAll('-', '_')}`

/** Columns of a type: tracks, scalar fields of the common set, views and refs. Sensitive values get no column. */
export function columnsOf(def: RecordDef): Column[] {
  const columns: Column[] = Object.keys(def.tracks).map((track) => ({
    name: `t_${track}`,
    sql: 'text',
    read: (doc) => doc.tracks[track] ?? null,
  }))
  const listed = new Set([...def.views.list, ...(def.views.statistics?.countBy ?? []), 'number', 'unit', 'drill'])
  for (const [name, field] of Object.entries(def.allFields)) {
    const sql = columnKinds[field.type.kind]
    if (!sql || field.sensitive || !(listed.has(name) || isKeyLike(field))) continue
    columns.push({ name: `f_${name}`, sql, read: (doc) => columnValue(doc.fields[name]) })
  }
  return columns
}

const isKeyLike = (field: FieldDef): boolean => ['ref', 'time', 'hex'].includes(field.type.kind)

function columnValue(value: unknown): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

/** Makes the table, or adds columns that a newer declaration brings; rows are filled by rebuild. */
export function ensureDerived(database: Sqlite, def: RecordDef): { readonly changed: boolean } {
  const table = tableOf(def.type)
  const have = new Set((database.pragma(`table_info(${table})`) as { name: string }[]).map((row) => row.name))
  const columns = columnsOf(def)
  if (have.size === 0) {
    const list = columns.map((column) => `${column.name} ${column.sql}`).join(', ')
    database.exec(
      `create table ${table} (id text primary key, seq integer not null, created_ms integer not null, updated_ms integer not null, ${list}) strict`,
    )
    database.exec(`create index ${table}_updated on ${table} (updated_ms)`)
    for (const column of columns)
      if (column.name.startsWith('t_') || isKeyLike(def.allFields[column.name.slice(2)] as FieldDef) || column.name === 'f_number')
        database.exec(`create index ${table}_${column.name} on ${table} (${column.name}, updated_ms)`)
    return { changed: true }
  }
  const missing = columns.filter((column) => !have.has(column.name))
  for (const column of missing) database.exec(`alter table ${table} add column ${column.name} ${column.sql}`)
  return { changed: missing.length > 0 }
}

export interface DerivedWriter {
  write(before: RecordDoc | null, after: RecordDoc): void
}

export function createDerivedWriter(database: Sqlite, def: RecordDef): DerivedWriter {
  const columns = columnsOf(def)
  const names = ['id', 'seq', 'created_ms', 'updated_ms', ...columns.map((column) => column.name)]
  const put = database.prepare(
    `insert or replace into ${tableOf(def.type)} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
  )
  const dropToken = database.prepare('delete from tok where type = ? and token = ? and record = ?')
  const addToken = database.prepare('insert or ignore into tok (type, token, record) values (?, ?, ?)')
  const addFigure = database.prepare(
    'insert into figure (type, day, dimension, value, n) values (?, ?, ?, ?, ?) on conflict do update set n = n + excluded.n',
  )
  return {
    write(before, after) {
      put.run(after.id, after.seq, after.createdMs, after.updatedMs, ...columns.map((column) => column.read(after)))
      const old = before ? tokensOf(def, before) : new Set<string>()
      const now = tokensOf(def, after)
      for (const token of old) if (!now.has(token)) dropToken.run(def.type, token, after.id)
      for (const token of now) if (!old.has(token)) addToken.run(def.type, token, after.id)
      const was = before ? figuresOf(def, before) : []
      const is = figuresOf(def, after)
      if (JSON.stringify(was) === JSON.stringify(is)) return
      for (const row of was) addFigure.run(def.type, ...row, -1)
      for (const row of is) addFigure.run(def.type, ...row, 1)
    },
  }
}

/** 1- and 2-grams of texts that are not sensitive, and the last four characters of numbers. */
export function tokensOf(def: RecordDef, doc: RecordDoc): Set<string> {
  const tokens = new Set<string>()
  for (const [name, field] of Object.entries(def.allFields)) {
    const value = doc.fields[name]
    if (field.type.kind !== 'text' || field.sensitive || typeof value !== 'string') continue
    const text = value.normalize('NFKC').toLowerCase()
    const signs = [...text].filter((sign) => sign.trim() !== '').slice(0, 400)
    for (const [index, sign] of signs.entries()) {
      tokens.add(sign)
      const next = signs[index + 1]
      if (next !== undefined) tokens.add(sign + next)
    }
    if (signs.length >= 4) tokens.add(signs.slice(-4).join(''))
  }
  return tokens
}

/** [day, dimension, value]: how many were made on that day, in all and by each dimension. A drill is never counted. */
function figuresOf(def: RecordDef, doc: RecordDoc): [string, string, string][] {
  if (doc.fields['drill'] === true) return []
  const day = dateTextOf(doc.createdMs)
  const rows: [string, string, string][] = [[day, '', '']]
  for (const name of def.views.statistics?.countBy ?? []) {
    const value = doc.fields[name]
    if (typeof value === 'string' || typeof value === 'number') rows.push([day, name, String(value)])
  }
  for (const track of Object.keys(def.tracks)) rows.push([day, `track:${track}`, doc.tracks[track] ?? ''])
  return rows
}
