/** The gateway's store: log, records, members and small tables over one encrypted database. */
import type { RecordDef } from '#protocols/record/define.ts'
import { createLog, type Log } from './log.ts'
import { createMembers, type Members } from './members.ts'
import { faultOf, openSqlite, type Sqlite } from './open.ts'
import { createRecords, type Records } from './records.ts'

export interface Store {
  readonly database: Sqlite
  readonly log: Log
  readonly records: Records
  readonly members: Members
  meta(key: string): Uint8Array | null
  setMeta(key: string, value: Uint8Array): void
  /** All or nothing; memory follows the disk on a rollback. Throws Fault 'store/…'. */
  transact<T>(work: () => T): T
  close(): void
}

export function openStore(path: string, key: Uint8Array, defs: ReadonlyMap<string, RecordDef>): Store {
  const database = openSqlite(path, key)
  const log = createLog(database)
  const records = createRecords(database, defs)
  const members = createMembers(database)
  const getMeta = database.prepare('select value from meta where key = ?').pluck()
  const setMeta = database.prepare('insert or replace into meta (key, value) values (?, ?)')
  return {
    database,
    log,
    records,
    members,
    meta(name) {
      const value = getMeta.get(name) as Buffer | undefined
      return value ? new Uint8Array(value) : null
    },
    setMeta: (name, value) => {
      setMeta.run(name, value)
    },
    transact(work) {
      try {
        return database.transaction(work).immediate()
      } catch (cause) {
        log.reload()
        if (cause instanceof Error && cause.constructor.name === 'SqliteError') throw faultOf(cause)
        throw cause
      }
    },
    close: () => {
      database.close()
    },
  }
}
