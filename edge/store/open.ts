/** Opens the station's encrypted database and proves that it is as durable as promised: WAL, synchronous FULL, secure_delete, integrity.
 *  One connection, one process: this file is the only place that opens it. */
import Database from 'better-sqlite3-multiple-ciphers'
import { toHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import { migrate } from './migrations.ts'

export type Sqlite = Database.Database

/** path: a file, or ':memory:' for tests. key: 32 bytes. Throws Fault 'store/wrong-key', 'store/corrupt', 'store/read-only'. */
export function openSqlite(path: string, key: Uint8Array): Sqlite {
  const database = connect(path)
  try {
    // The cipher is named before the key; aegis detects a flipped byte, unlike the default. Memory has no file to encrypt.
    if (path !== ':memory:') {
      database.pragma(`cipher='aegis'`)
      database.pragma(`hexkey='${toHex(key)}'`)
    }
    database.prepare('select count(*) from sqlite_master').get()
  } catch (cause) {
    database.close()
    throw new Fault('store/wrong-key', {}, { cause })
  }
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('secure_delete = ON')
    database.pragma('foreign_keys = ON')
    database.pragma('busy_timeout = 2000')
    assertDurable(database, path)
    migrate(database)
  } catch (cause) {
    database.close()
    throw cause instanceof Fault ? cause : faultOf(cause)
  }
  return database
}

function connect(path: string): Sqlite {
  try {
    return new Database(path)
  } catch (cause) {
    throw new Fault('store/read-only', {}, { cause })
  }
}

/** Set on every connection and read back: the library's default under WAL would acknowledge before a flush. */
function assertDurable(database: Sqlite, path: string): void {
  const mode = database.pragma('journal_mode', { simple: true })
  const synchronous = database.pragma('synchronous', { simple: true })
  const deletes = database.pragma('secure_delete', { simple: true })
  if ((mode !== 'wal' && path !== ':memory:') || synchronous !== 2 || deletes !== 1)
    throw new Fault('store/corrupt', { mode: String(mode), synchronous: Number(synchronous) })
  const version = (database.prepare('select sqlite_version() as v').get() as { v: string }).v
  if (isOlder(version, '3.51.3')) throw new Fault('store/corrupt', { sqlite: version })
}

function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** What a failed statement means to the rest of the gateway. */
export function faultOf(cause: unknown): Fault {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code.startsWith('SQLITE_FULL')) return new Fault('store/disk-full', {}, { cause })
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN'))
    return new Fault('store/read-only', { sqlite: code }, { cause })
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return new Fault('store/corrupt', { sqlite: code }, { cause })
  return new Fault('internal/fault', { sqlite: code }, { cause })
}
