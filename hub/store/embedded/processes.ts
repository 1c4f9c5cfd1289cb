/** Programs of other starts that may still be at work on our data folder: the hub's own owner mark, and a database that outlived a hub that
 *  was killed. A process number alone proves nothing: numbers come again, after a restart of a container at once. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Fault } from '#protocols/errors.ts'

const isLinux = process.platform === 'linux'

/** A text that no other process of this machine had or will have under this number, or null when there is none. */
function processMark(pid: number): string | null {
  try {
    if (isLinux) return statField(pid, 22)
    const run = spawnSync('/bin/ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env: {} })
    return run.stdout.trim() || null
  } catch {
    return null
  }
}

/** proc_pid_stat(5): the name in brackets may hold anything, so fields are counted from its closing bracket. */
function statField(pid: number, field: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[field - 3] ?? null
}

/** Marks the folder as used by this process. One hub, one folder: the second would stop the database of the first.
 *  Throws Fault 'hub/already-running'. The answer takes the mark away. */
export function ownFolderAlone(folder: string): () => void {
  const file = join(folder, 'owner.json')
  const before = readOwner(file)
  if (before && processMark(before.pid) === before.mark) throw new Fault('hub/already-running', { pid: before.pid })
  writeFileSync(file, JSON.stringify({ pid: process.pid, mark: processMark(process.pid) }), { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

function readOwner(file: string): { pid: number; mark: string } | null {
  try {
    const { pid, mark } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown; mark?: unknown }
    return typeof pid === 'number' && typeof mark === 'string' ? { pid, mark } : null
  } catch {
    return null
  }
}

/** Process numbers at work inside the cluster folder, the postmaster first. */
export function clusterProcesses(clusterDir: string): number[] {
  const postmaster = postmasterPid(clusterDir)
  const found = isLinux ? pidsInFolder(realpathSync(clusterDir)) : pidIfPostgres(postmaster)
  return found.sort((a, b) => Number(b === postmaster) - Number(a === postmaster))
}

function postmasterPid(clusterDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

/** Every process of PostgreSQL works in its data folder (one that ended has no folder any more). Processes of strangers cannot be read, and
 *  are none of ours. */
function pidsInFolder(folder: string): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      if (readlinkSync(`/proc/${entry}/cwd`) !== folder) return []
      return readFileSync(`/proc/${entry}/comm`, 'utf8').trim() === 'postgres' ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}

function pidIfPostgres(pid: number | null): number[] {
  if (pid === null) return []
  const run = spawnSync('/bin/ps', ['-o', 'comm=', '-p', `${pid}`], { encoding: 'utf8', env: {} })
  return /postgres$/.test(run.stdout.trim()) ? [pid] : []
}
