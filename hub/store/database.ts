/** The one way to PostgreSQL: a pool, plain SQL, transactions. Refuses a server that is not durable, whoever runs it. Whole numbers of eight
 *  bytes come out as numbers and must be safe ones. */
import pg from 'pg'
import { assert, Fault } from '#protocols/errors.ts'
import type { Connection } from './embedded.ts'

export interface Tx {
  /** Rows of one statement with values, or nothing of a script without. */
  query<Row extends object = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>
}

export interface Database extends Tx {
  /** All or nothing. What `run` throws comes out after the rollback. */
  transact<Result>(run: (tx: Tx) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Fields, or a URL of another PostgreSQL. */
  readonly target: Connection | string
  readonly connectionsMax?: number
  /** A connection broke while it was idle: the pool makes a new one, the operator is told. */
  readonly onLost: () => void
}

const connectTimeoutMs = 10_000
const versionMin = 150_000

const parseInt8 = (text: string): number => {
  const value = Number(text)
  assert(Number.isSafeInteger(value), 'a stored number is a safe one')
  return value
}
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? parseInt8
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

/** Throws Fault 'hub/postgres-unreachable' and 'hub/postgres-unsafe'. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { target } = options
  const pool = new pg.Pool({
    ...(typeof target === 'string' ? { connectionString: target } : target),
    max: options.connectionsMax ?? 8,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'outpost-hub',
    // 'on' whatever the role's own settings say: an answer means that it is on the disk.
    options: '-c search_path=hub -c synchronous_commit=on -c timezone=UTC',
    types,
  })
  pool.on('error', () => options.onLost())
  const database = databaseOf(pool)
  try {
    await checkServer(database)
    return database
  } catch (cause) {
    await pool.end().catch(() => {})
    throw cause
  }
}

function databaseOf(pool: pg.Pool): Database {
  const run = (on: pg.Pool | pg.PoolClient) =>
    (async (sql: string, values?: readonly unknown[]) => {
      try {
        return (await on.query(sql, values as unknown[] | undefined)).rows
      } catch (cause) {
        throw faultOf(cause)
      }
    }) as Tx['query']
  const connect = async () => {
    try {
      return await pool.connect()
    } catch (cause) {
      throw new Fault('hub/postgres-unreachable', { code: codeOf(cause) || 'timeout' }, { cause })
    }
  }
  return {
    query: run(pool),
    async transact(work) {
      const client = await connect()
      let isBroken = false
      try {
        const query = run(client)
        await query('begin')
        const result = await work({ query })
        await query('commit')
        return result
      } catch (cause) {
        await client.query('rollback').catch(() => {
          isBroken = true
        })
        throw cause
      } finally {
        client.release(isBroken)
      }
    },
    close: () => pool.end(),
  }
}

const codeOf = (cause: unknown): string => String((cause as { code?: unknown } | null)?.code ?? '')

/** A server that is full, read-only or away says nothing about what was asked of it; what it says of the statement itself is our bug.
 *  Codes: PostgreSQL appendix A, and Node's for sockets. */
function faultOf(cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === '53100') return new Fault('store/disk-full', { code }, { cause })
  if (code === '25006') return new Fault('store/read-only', { code }, { cause })
  const isAway = /^(08|57P|53[34])/.test(code) || /^E(CONN|PIPE|HOST|NET|TIMEDOUT)/.test(code)
  const isCut =
    cause instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(cause.message)
  return isAway || isCut ? new Fault('hub/postgres-unreachable', { code }, { cause }) : cause
}

const durable: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply', 'remote_write'],
  server_encoding: ['UTF8'],
}

async function checkServer(database: Database): Promise<void> {
  const rows = await database.transact((tx) =>
    tx.query<{ name: string; setting: string }>('select name, setting from pg_settings where name = any($1)', [
      [...Object.keys(durable), 'server_version_num'],
    ]),
  )
  const found = new Map(rows.map((row) => [row.name, row.setting]))
  const version = Number(found.get('server_version_num'))
  if (!(version >= versionMin))
    throw new Fault('hub/postgres-unsafe', { setting: 'server_version_num', found: version })
  for (const [name, wanted] of Object.entries(durable)) {
    const setting = found.get(name) ?? ''
    if (!wanted.includes(setting)) throw new Fault('hub/postgres-unsafe', { setting: name, found: setting })
  }
}
