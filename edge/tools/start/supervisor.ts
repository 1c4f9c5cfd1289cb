/** Starts processes, waits for each one's ready line, starts one again that ended by itself, and stops them in reverse order. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'

export interface ProcessSpec {
  readonly name: string
  readonly script: string
  readonly args: readonly string[]
  readonly memoryMaxMiB?: number
}

export interface SupervisorParts {
  readonly timers: Timers
  /** A process ended by itself; it is started again after waitMs. */
  readonly onEnded: (name: string, waitMs: number) => void
}

const startMs = 60_000
const stopMs = 12_000
const againMs = [500, 1000, 2000, 5000, 15_000]
const errorTailChars = 2000

interface Running {
  readonly spec: ProcessSpec
  child: ChildProcess
  restarts: number
}

export function createSupervisor({ timers, onEnded }: SupervisorParts) {
  const running: Running[] = []
  let closing = false

  /** Resolves with the fields of the ready line. Throws Fault with the code that the process gave, or 'process/not-started'. */
  function launch(spec: ProcessSpec, onExit: () => void): { child: ChildProcess; ready: Promise<Record<string, unknown>> } {
    const flags = spec.memoryMaxMiB ? [`--max-old-space-size=${spec.memoryMaxMiB}`] : []
    // A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which then stops the parts in order.
    const child = spawn(process.execPath, [...flags, spec.script, ...spec.args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
    let errors = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      errors = (errors + bytes.toString()).slice(-errorTailChars)
    })
    const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
      const late = timers.after(startMs, () => {
        child.kill('SIGKILL')
        reject(new Fault('process/not-started', { process: spec.name, reason: 'time' }))
      })
      let text = ''
      child.stdout?.on('data', (bytes: Buffer) => {
        text += bytes.toString()
        const line = text.slice(0, text.indexOf('\n'))
        if (!text.includes('\n')) return
        late()
        text = ''
        const said = parseLine(line)
        if (said?.['ready'] === true) resolve(said)
        else if (said) reject(faultOf(spec.name, said))
      })
      child.on('exit', (code) => {
        late()
        reject(faultOf(spec.name, lastCode(errors) ?? { detail: { exit: code } }, errors))
        onExit()
      })
      child.on('error', (cause) => reject(new Fault('process/not-started', { process: spec.name }, { cause })))
    })
    return { child, ready }
  }

  async function again(entry: Running): Promise<void> {
    if (closing) return
    const waitMs = againMs[Math.min(entry.restarts, againMs.length - 1)] as number
    entry.restarts++
    onEnded(entry.spec.name, waitMs)
    await new Promise<void>((resolve) => {
      timers.after(waitMs, resolve)
    })
    if (closing) return
    const { child, ready } = launch(entry.spec, () => void again(entry))
    entry.child = child
    // An end before the ready line comes back through `again`.
    await ready.then(
      () => {
        entry.restarts = 0
      },
      () => {},
    )
  }

  return {
    async run(spec: ProcessSpec): Promise<Record<string, unknown>> {
      let isUp = false
      const entry: { current: Running | null } = { current: null }
      const { child, ready } = launch(spec, () => {
        if (isUp && entry.current) void again(entry.current)
      })
      entry.current = { spec, child, restarts: 0 }
      running.push(entry.current)
      try {
        const fields = await ready
        isUp = true
        return fields
      } catch (cause) {
        await this.close()
        throw cause
      }
    },
    async close(): Promise<void> {
      closing = true
      for (const { child } of [...running].reverse()) await stop(child)
      running.length = 0
    },
  }

  function stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      const hard = timers.after(stopMs, () => child.kill('SIGKILL'))
      child.once('exit', () => {
        hard()
        resolve()
      })
      child.kill('SIGTERM')
    })
  }
}

function parseLine(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The last JSON line on standard error that names a code. */
const lastCode = (errors: string): Record<string, unknown> | null =>
  errors
    .split('\n')
    .map(parseLine)
    .findLast((line) => typeof line?.['code'] === 'string') ?? null

function faultOf(name: string, said: Record<string, unknown>, errors = ''): Fault {
  const detail = (said['detail'] ?? {}) as Record<string, string | number>
  const cause = new Error(String(said['reason'] ?? errors))
  return new Fault((said['code'] as Fault['code'] | undefined) ?? 'process/not-started', { process: name, ...detail }, { cause })
}
