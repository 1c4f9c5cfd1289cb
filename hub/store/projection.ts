/** Typed tables that follow from a declaration: p_<type> with the columns to list and filter by. Thin: the record itself stands as a document.
 *  Sensitive values get no column. A table is made and filled from the records when a declaration brings something new. */
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Database, Tx } from './database.ts'

const columnKinds: Readonly<Record<string, 'text' | 'bigint' | 'boolean'>> = {
  text: 'text',
  code: 'text',
  ref: 'text',
  date: 'text',
  integer: 'bigint',
  time: 'bigint',
  boolean: 'boolean',
}

interface Column {
  readonly name: string
  readonly sql: 'text' | 'bigint' | 'boolean'
  readonly read: (doc: RecordDoc) => unknown
}

export const tableOf = (type: string): string => `p_${type.replaceAll('-', '_')}`
const columnName = (prefix: string, name: string): string =>
  `${prefix}_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`

/** Tracks as t_<track>, fields as f_<field>: what lists and figures of the declaration name, references and times. */
export function columnsOf(def: RecordDef): readonly Column[] {
  const columns: Column[] = Object.keys(def.tracks).map((track) => ({
    name: columnName('t', track),
    sql: 'text',
    read: (doc) => doc.tracks[track] ?? null,
  }))
  const listed = new Set([...def.views.list, ...(def.views.statistics?.countBy ?? []), 'number', 'unit', 'drill'])
  for (const [name, field] of Object.entries(def.allFields)) {
    const sql = columnKinds[field.type.kind]
    const isKey = field.type.kind === 'ref' || field.type.kind === 'time'
    if (!sql || field.sensitive || !(listed.has(name) || isKey)) continue
    columns.push({ name: columnName('f', name), sql, read: (doc) => valueFor(sql, doc.fields[name]) })
  }
  return columns
}

/** A value of another kind than its column (a closed slot leaves none at all) is no value. */
function valueFor(sql: Column['sql'], value: unknown): unknown {
  if (sql === 'text') return typeof value === 'string' ? value : null
  if (sql === 'boolean') return typeof value === 'boolean' ? value : null
  return Number.isSafeInteger(value) ? value : null
}

export interface Projection {
  readonly type: string
  write(tx: Tx, docs: readonly RecordDoc[]): Promise<void>
}

export async function ensureProjection(database: Database, def: RecordDef): Promise<Projection> {
  const columns = columnsOf(def)
  const projection = { type: def.type, write: writerOf(def.type, columns) }
  const isNew = await database.transact((tx) => ensureTable(tx, def.type, columns))
  if (isNew) await fill(database, projection)
  return projection
}

async function ensureTable(tx: Tx, type: string, columns: readonly Column[]): Promise<boolean> {
  const table = tableOf(type)
  await tx.query(`select pg_advisory_xact_lock(hashtext('outpost-hub-schema'))`)
  await tx.query(
    `create table if not exists ${table} (station text not null, id text not null, seq bigint not null, is_whole boolean not null,
     created_ms bigint not null, updated_ms bigint not null, primary key (station, id))`,
  )
  const have = await tx.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'hub' and table_name = $1`,
    [table],
  )
  const missing = columns.filter((column) => !have.some(({ name }) => name === column.name))
  for (const column of missing) await tx.query(`alter table ${table} add column ${column.name} ${column.sql}`)
  await tx.query(`create index if not exists ${table}_created on ${table} (created_ms, station, id)`)
  await tx.query(`create index if not exists ${table}_station on ${table} (station, created_ms, id)`)
  return missing.length > 0
}

async function fill(database: Database, projection: Projection): Promise<void> {
  const pageRows = 1000
  let after: readonly [string, string] = ['', '']
  for (;;) {
    const rows = await database.query<{ station: string; id: string; doc: RecordDoc }>(
      'select station, id, doc from record where type = $1 and (station, id) > ($2, $3) order by station, id limit $4',
      [projection.type, ...after, pageRows],
    )
    const last = rows.at(-1)
    if (!last) return
    await database.transact((tx) =>
      projection.write(
        tx,
        rows.map(({ doc }) => doc),
      ),
    )
    after = [last.station, last.id]
  }
}

function writerOf(type: string, columns: readonly Column[]): Projection['write'] {
  const names = columns.map(({ name }) => name)
  const all = ['station', 'id', 'seq', 'is_whole', 'created_ms', 'updated_ms', ...names]
  const arrays = [...columns.map(({ sql }) => sql)].map((sql, index) => `$${index + 3}::${sql}[]`)
  // Whole or not stands with the record, which is written before in the same transaction.
  const sql = `insert into ${tableOf(type)} (${all.join(', ')})
    select record.station, record.id, record.seq, record.is_whole, record.created_ms, record.updated_ms${names.map((name) => `, given.${name}`).join('')}
    from unnest($1::text[], $2::text[]${arrays.map((each) => `, ${each}`).join('')}) as given (station, id${names.map((name) => `, ${name}`).join('')})
    join record on record.station = given.station and record.id = given.id
    on conflict (station, id) do update set ${all
      .slice(2)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}`
  return async (tx, docs) => {
    if (docs.length === 0) return
    const values = columns.map(({ read }) => docs.map(read))
    await tx.query(sql, [docs.map(({ station }) => station), docs.map(({ id }) => id), ...values])
  }
}
