/** The database's own folder: made once by `initdb`, whole or not at all, and checked at every start. It lies inside the hub's data folder
 *  even when the database user cannot enter what lies above: on Linux each program is put into the folder before it gives up its rights, and
 *  reaches it as its working folder from then on. */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import type { Binaries } from './binaries.ts'
import { type DatabaseUser, spawnAs } from './user.ts'

export const superuser = 'outpost'

/** How programs name the folder that they were put into. */
export const folderArgument = (folder: string): string => (process.platform === 'linux' ? '/proc/self/cwd' : folder)

export interface Cluster {
  readonly dir: string
  readonly password: string
}

/** dataDir: the part of the hub's folder that belongs to the database; made with mode 0711, its parts 0700 and 0600. Throws Faults
 *  'hub/postgres-folder', 'hub/postgres-init', 'hub/postgres-password', 'hub/postgres-version'. */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: DatabaseUser | null,
  random: Random,
): Promise<Cluster> {
  const dir = join(dataDir, 'cluster')
  rmSync(join(dataDir, 'init'), { recursive: true, force: true })
  const isThere = existsSync(join(dir, 'PG_VERSION'))
  const password = isThere ? readPassword(dataDir) : ensurePassword(dataDir, random)
  // A cluster of ours comes by one rename: what stands in its place is somebody's, and is never cleared away.
  if (!isThere && existsSync(dir)) throw new Fault('hub/postgres-folder', { reason: 'not-a-cluster' })
  if (!isThere) await makeCluster(dataDir, dir, binaries, user, password)
  const version = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim()
  if (version !== binaries.major)
    throw new Fault('hub/postgres-version', { cluster: version, programs: binaries.major })
  giveTo(dir, user)
  return { dir, password }
}

/** Throws Fault 'hub/postgres-password'. */
export function readPassword(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'password'), 'utf8').trim()
  } catch (cause) {
    throw new Fault('hub/postgres-password', { file: 'password' }, { cause })
  }
}

/** The password is on disk before the first cluster that knows it. */
function ensurePassword(dataDir: string, random: Random): string {
  const file = join(dataDir, 'password')
  if (!existsSync(file)) writeDurably(file, toHex(random.bytes(24)))
  return readPassword(dataDir)
}

function writeDurably(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

async function makeCluster(
  dataDir: string,
  dir: string,
  binaries: Binaries,
  user: DatabaseUser | null,
  password: string,
): Promise<void> {
  const work = join(dataDir, 'init')
  const fresh = join(work, 'cluster')
  const passwordFile = join(work, 'password')
  try {
    mkdirSync(fresh, { recursive: true, mode: 0o700 })
    writeFileSync(passwordFile, password, { mode: 0o600 })
    for (const path of [work, fresh, passwordFile]) if (user) chownSync(path, user.uid, user.gid)
    await runInit(binaries, fresh, user)
    renameSync(fresh, dir)
    syncFolder(dataDir)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The locale comes with PostgreSQL itself, not with the machine: code point order, and letters of every script are letters. */
function runInit(binaries: Binaries, folder: string, user: DatabaseUser | null): Promise<void> {
  const program = join(binaries.dir, 'bin', 'initdb')
  const args = ['-D', folderArgument(folder), '-U', superuser, '--pwfile=../password', '--auth=scram-sha-256']
  args.push(
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  )
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnAs(user), cwd: folder, env: {}, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-4000)
    })
    child.on('error', (cause) => reject(new Fault('hub/postgres-init', { exit: null }, { cause })))
    child.on('close', (exit) => {
      if (exit === 0) resolve()
      else reject(new Fault('hub/postgres-init', { exit }, { cause: new Error(said.trim()) }))
    })
  })
}

/** The folder must belong to whom the database runs as. After a restore by root, or when the account changed, root hands it over. */
function giveTo(dir: string, user: DatabaseUser | null): void {
  const uid = user?.uid ?? process.getuid?.() ?? -1
  const found = lstatSync(dir)
  if (!found.isDirectory()) throw new Fault('hub/postgres-folder', { reason: 'not-a-folder' })
  if (found.uid === uid) return chmodSync(dir, 0o700)
  if (!user) throw new Fault('hub/postgres-folder', { reason: 'belongs-to-another', uid: found.uid })
  const hand = (path: string) => {
    const entry = lstatSync(path)
    if (entry.isSymbolicLink()) throw new Fault('hub/postgres-folder', { reason: 'link-inside' })
    if (entry.isDirectory()) for (const name of readdirSync(path)) hand(join(path, name))
    chownSync(path, user.uid, user.gid)
  }
  hand(dir)
  chmodSync(dir, 0o700)
}

function syncFolder(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
