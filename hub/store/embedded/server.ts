/** The running database: one `postgres` process, reachable by its socket inside the cluster folder and by nothing else. Its safety switches
 *  stand on the command line, where no settings file can undo them. An end that nobody asked for is reported once, as a Fault. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { Binaries } from './binaries.ts'
import { folderArgument } from './cluster.ts'
import { clusterProcesses } from './processes.ts'
import { type DatabaseUser, spawnAs } from './user.ts'

const switches = {
  listen_addresses: '',
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  password_encryption: 'scram-sha-256',
  max_connections: '40',
  timezone: 'UTC',
  // Rows must not reach a log: no statements, no details, nothing below the server's own notes.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
}

const startTimeoutMs = 120_000
const fastTimeoutMs = 30_000
const hardTimeoutMs = 10_000
/** Longest path of a socket that every system takes. */
const socketPathBytesMax = 103

export interface ServerOptions {
  readonly binaries: Binaries
  readonly clusterDir: string
  readonly user: DatabaseUser | null
  readonly timers: Timers
  /** Called at most once, when the database ends without having been asked to. */
  readonly onCrash: (fault: Fault) => void
}

export interface Server {
  /** Folder of the socket, as a client names it: short, however long the path of the data folder is. */
  readonly host: string
  readonly pid: number
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  close(): Promise<void>
}

/** Throws Fault 'hub/postgres-stray' and 'hub/postgres-start'; what the server said last is the cause. */
export async function startServer(options: ServerOptions): Promise<Server> {
  await endStrays(options.clusterDir, options.timers)
  const child = launch(options)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // A hub that ends without closing, on a signal during its start, takes its database along.
  const endWithUs = () => void child.kill('SIGINT')
  process.once('exit', endWithUs)
  child.once('close', () => process.off('exit', endWithUs))
  const said = await untilReady(child, options.timers)
  const socket = socketFolder(options.clusterDir)
  let isClosing = false
  child.once('close', (exit, signal) => {
    if (isClosing) return
    socket.close()
    options.onCrash(new Fault('hub/postgres-crashed', { exit, signal }, { cause: new Error(said()) }))
  })
  return {
    host: socket.host,
    pid: child.pid ?? 0,
    async close() {
      isClosing = true
      const cancels = [
        options.timers.after(fastTimeoutMs, () => child.kill('SIGQUIT')),
        options.timers.after(fastTimeoutMs + hardTimeoutMs, () => child.kill('SIGKILL')),
      ]
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await ended
      for (const cancel of cancels) cancel()
      socket.close()
    },
  }
}

/** In a group of its own: an interrupt typed at the terminal reaches the hub, which then stops the database last. */
function launch({ binaries, clusterDir, user }: ServerOptions): ChildProcess {
  const args = Object.entries(switches).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn(join(binaries.dir, 'bin', 'postgres'), ['-D', folderArgument(clusterDir), ...args], {
    ...spawnAs(user),
    cwd: clusterDir,
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** Waits for the server's own word. Answers with a function that gives its latest words. */
function untilReady(child: ChildProcess, timers: Timers): Promise<() => string> {
  let said = ''
  const last = () => said.trim().slice(-2000)
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new Fault('hub/postgres-start', { reason }, { cause: cause ?? new Error(last()) }))
    const cancel = timers.after(startTimeoutMs, () => {
      child.kill('SIGQUIT')
      fail('timeout')
    })
    child.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-8000)
      if (!said.includes('database system is ready to accept connections')) return
      cancel()
      resolve(last)
    })
    child.on('error', (cause) => {
      cancel()
      fail('spawn', cause)
    })
    child.once('close', (exit, signal) => {
      cancel()
      fail(`exit ${exit ?? signal}`)
    })
  })
}

/** A hub that was killed leaves its database running. It is stopped as one would stop it by hand, never adopted: its switches may be old.
 *  Afterwards marks of dead processes are taken away; PostgreSQL itself would take a number that came again for a living server. */
async function endStrays(clusterDir: string, timers: Timers): Promise<void> {
  const signal = (pid: number | undefined, name: NodeJS.Signals) => {
    try {
      if (pid !== undefined) process.kill(pid, name)
    } catch {
      // gone meanwhile
    }
  }
  signal(clusterProcesses(clusterDir)[0], 'SIGINT')
  if (!(await gone(clusterDir, fastTimeoutMs, timers))) {
    for (const pid of clusterProcesses(clusterDir)) signal(pid, 'SIGQUIT')
    if (!(await gone(clusterDir, hardTimeoutMs, timers)))
      throw new Fault('hub/postgres-stray', { pid: clusterProcesses(clusterDir)[0] ?? null })
  }
  for (const mark of ['postmaster.pid', '.s.PGSQL.5432.lock', '.s.PGSQL.5432'])
    rmSync(join(clusterDir, mark), { force: true })
}

async function gone(clusterDir: string, timeoutMs: number, timers: Timers): Promise<boolean> {
  const stepMs = 20
  for (let waitedMs = 0; clusterProcesses(clusterDir).length > 0; waitedMs += stepMs) {
    if (waitedMs >= timeoutMs) return false
    await new Promise<void>((resolve) => timers.after(stepMs, resolve))
  }
  return true
}

/** As a client names it: short, however long the path of the data folder is. */
export function socketFolder(clusterDir: string): { host: string; close(): void } {
  if (Buffer.byteLength(join(clusterDir, '.s.PGSQL.5432')) <= socketPathBytesMax)
    return { host: clusterDir, close() {} }
  if (process.platform !== 'linux') throw new Fault('hub/postgres-folder', { reason: 'path-too-long' })
  const handle = openSync(clusterDir, 'r')
  return { host: `/proc/self/fd/${handle}`, close: () => closeSync(handle) }
}
