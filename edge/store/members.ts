/** Who may hold what, and the feed that tells them. A record that changes, enters or leaves a scope gets a new feed seq under each key that
 *  it concerns. */
import type { RecordDoc } from '#protocols/record/doc.ts'
import { type Membership, widerFields } from '#protocols/sync/scope.ts'
import type { Sqlite } from './open.ts'

export interface FeedRow {
  readonly seq: number
  readonly record: string
  readonly type: string
}

export interface Members {
  /** Replaces what `cause` had caused, and moves every feed that this concerns. Returns the keys that moved. */
  replace(cause: RecordDoc, now: readonly Membership[]): Set<string>
  feedAfter(keys: readonly string[], seq: number, limit: number): FeedRow[]
  headSeq(): number
  /** undefined: not a member under any of these keys. null: all fields. */
  fieldsFor(keys: readonly string[], record: string): readonly string[] | null | undefined
  /** (record, version) of everything under these keys. */
  versionsOf(keys: readonly string[]): IterableIterator<{ record: string; version: string }>
}

export function createMembers(database: Sqlite): Members {
  const causedBy = database.prepare('select key, record, type, fields from member where cause = ?')
  const drop = database.prepare('delete from member where cause = ? and key = ? and record = ?')
  const add = database.prepare('insert or replace into member (key, record, cause, type, fields) values (?, ?, ?, ?, ?)')
  const keysOfRecord = database.prepare('select distinct key from member where record = ?').pluck()
  const move = database.prepare(
    'insert into feed (key, record, type, seq) values (?, ?, ?, ?) on conflict do update set seq = excluded.seq',
  )
  const head = database.prepare('select coalesce(max(seq), 0) from feed').pluck()
  let seq = head.get() as number
  const marks = (keys: readonly string[]) => keys.map(() => '?').join(', ')
  const rowKey = (row: { key: string; record: string }) => `${row.key} ${row.record}`

  return {
    replace(cause, now) {
      const moved = new Set<string>()
      const touch = (key: string, record: string, type: string) => {
        move.run(key, record, type, ++seq)
        moved.add(key)
      }
      const before = causedBy.all(cause.id) as { key: string; record: string; type: string; fields: string | null }[]
      const beforeByKey = new Map(before.map((row) => [rowKey(row), row]))
      const nowByKey = new Map(now.map((row) => [rowKey(row), row]))
      for (const [id, row] of beforeByKey)
        if (!nowByKey.has(id)) {
          drop.run(cause.id, row.key, row.record)
          touch(row.key, row.record, row.type)
        }
      for (const [id, row] of nowByKey) {
        const fields = row.fields === null ? null : JSON.stringify(row.fields)
        const old = beforeByKey.get(id)
        if (old && old.fields === fields) continue
        add.run(row.key, row.record, cause.id, row.type, fields)
        touch(row.key, row.record, row.type)
      }
      // The record itself changed: everybody who holds it is told, also those who hold it because another record pulls it.
      for (const key of keysOfRecord.all(cause.id) as string[]) touch(key, cause.id, cause.type)
      return moved
    },
    feedAfter: (keys, after, limit) =>
      database
        .prepare(
          `select max(seq) as seq, record, type from feed where key in (${marks(keys)}) and seq > ? group by record order by 1 limit ?`,
        )
        .all(...keys, after, limit) as FeedRow[],
    headSeq: () => seq,
    fieldsFor(keys, record) {
      const rows = database
        .prepare(`select fields from member where record = ? and key in (${marks(keys)})`)
        .pluck()
        .all(record, ...keys) as (string | null)[]
      if (rows.length === 0) return undefined
      return rows
        .map((fields) => (fields === null ? null : (JSON.parse(fields) as string[])))
        .reduce<readonly string[] | null>((wide, fields) => widerFields(wide, fields), [])
    },
    versionsOf: (keys) =>
      database
        .prepare(
          `select r.id as record, r.version as version from record r where r.id in (select record from member where key in (${marks(keys)}))`,
        )
        .iterate(...keys) as IterableIterator<{ record: string; version: string }>,
  }
}
