/** One start at a time on a data folder: the second would empty or write under the first. A process number alone proves nothing, since numbers
 *  come again, so the mark holds when the process began too. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '#protocols/errors.ts'

export const lockName = 'start.lock'

interface Owner {
  readonly pid: number
  readonly began: string | null
}

/** Returns what gives it back. Throws Fault 'start/folder-in-use', and what the disk throws. */
export function takeLock(folder: string): () => void {
  const path = join(folder, lockName)
  for (let attempt = 1; ; attempt++) {
    try {
      const handle = openSync(path, 'wx', 0o600)
      writeSync(handle, JSON.stringify({ pid: process.pid, began: beganAt(process.pid) } satisfies Owner))
      closeSync(handle)
      return () => rmSync(path, { force: true })
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
    const owner = readOwner(path)
    if (attempt > 2 || (owner && isAlive(owner)))
      throw new Fault('start/folder-in-use', { folder, ...(owner ? { pid: owner.pid } : {}) })
    rmSync(path, { force: true })
  }
}

function readOwner(path: string): Owner | null {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown; began?: unknown }
    return typeof pid === 'number' && pid > 0 ? { pid, began: typeof began === 'string' ? began : null } : null
  } catch {
    return null
  }
}

function isAlive({ pid, began }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    // EPERM: it lives and belongs to another user.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return began === null || beganAt(pid) === began
}

/** Clock ticks from the start of the machine, of Linux alone (proc_pid_stat(5), field 22, counted after the name's bracket). */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
