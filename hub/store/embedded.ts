/** The hub's own PostgreSQL: nothing to install, nothing listening on the network, one password that never leaves its file. Any other
 *  PostgreSQL is one setting (config.ts); this module is then not used. It must never answer before durability is switched on. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import type { Random } from '#crypto/random.ts'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import { type Binaries, findBinaries } from './embedded/binaries.ts'
import { ensureCluster, readPassword, superuser } from './embedded/cluster.ts'
import { ownFolderAlone } from './embedded/processes.ts'
import { socketFolder, startServer } from './embedded/server.ts'
import { chooseDatabaseUser, type DatabaseUser, spawnAs } from './embedded/user.ts'

export interface EmbeddedOptions {
  /** Folder of the database inside the hub's data folder; made when absent. */
  readonly dataDir: string
  readonly random: Random
  readonly timers: Timers
  readonly onCrash: (fault: Fault) => void
  /** Root of the npm package with the programs; found by its name when absent. */
  readonly packageDir?: string
  /** Folders that may hold a copy of the programs, after the data folder itself. */
  readonly places?: readonly string[]
  readonly userNames?: readonly string[]
  readonly passwordFile?: string
}

/** How to reach the database: for a pool of `pg`. */
export interface Connection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export interface Embedded {
  readonly connection: Connection
  readonly pid: number
  readonly runsAs: string | null
  readonly binaries: Binaries
  close(): Promise<void>
}

const database = 'outpost'

/** For a second program of the same machine while the hub runs. Throws Fault 'hub/postgres-password' when there is no such store. */
export function connectionOfRunning(dataDir: string): Connection {
  const { host } = socketFolder(join(resolve(dataDir), 'cluster'))
  return { host, port: 5432, user: superuser, password: readPassword(resolve(dataDir)), database }
}

/** Throws a Fault 'hub/postgres-…' or 'hub/already-running' for every failure, never anything else that the machine can cause. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  if (process.platform === 'win32') throw new Fault('hub/postgres-platform', { platform: process.platform })
  const dataDir = resolve(options.dataDir)
  const user = chooseDatabaseUser(process.getuid?.() ?? -1, options.userNames, options.passwordFile)
  makeFolder(dataDir, user)
  const release = ownFolderAlone(dataDir)
  try {
    const places = options.places ?? ['/var/lib/outpost', join(tmpdir(), `outpost-${process.getuid?.()}`)]
    const binaries = findBinaries({ ...options, places: [join(dataDir, 'programs'), ...places], user })
    const cluster = await ensureCluster(dataDir, binaries, user, options.random)
    const server = await startServer({ ...options, binaries, clusterDir: cluster.dir, user })
    const connection = { host: server.host, port: 5432, user: superuser, password: cluster.password, database }
    const close = async () => {
      await server.close()
      release()
    }
    await ensureDatabase(connection).catch(async (cause: unknown) => {
      await server.close()
      throw cause
    })
    return { connection, pid: server.pid, runsAs: user?.name ?? null, binaries, close }
  } catch (cause) {
    release()
    if (cause instanceof Fault) throw cause
    throw new Fault('hub/postgres-folder', { reason: (cause as NodeJS.ErrnoException).code ?? 'unknown' }, { cause })
  }
}

function makeFolder(dataDir: string, user: DatabaseUser | null): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    chmodSync(dataDir, 0o711)
  } catch (cause) {
    throw new Fault('hub/postgres-folder', { reason: (cause as NodeJS.ErrnoException).code ?? 'make' }, { cause })
  }
  // Elsewhere than on Linux the way from the root must be open to the database user.
  if (process.platform === 'linux' || !user) return
  const run = spawnSync('/bin/sh', ['-c', 'cd "$0"', dataDir], { ...spawnAs(user), cwd: '/', env: {} })
  if (run.status !== 0) throw new Fault('hub/postgres-folder', { reason: 'closed-to-database-user' })
}

async function ensureDatabase(connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  client.on('error', () => {}) // a lost connection also fails the query that waits for it
  try {
    await client.connect()
    const found = await client.query('select 1 from pg_database where datname = $1', [database])
    if (found.rowCount === 0) await client.query(`create database ${database}`)
  } catch (cause) {
    throw new Fault('hub/postgres-start', { reason: 'no-connection' }, { cause })
  } finally {
    await client.end().catch(() => {})
  }
}
