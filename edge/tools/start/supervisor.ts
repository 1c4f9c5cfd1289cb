/** Starts processes, waits for each one's ready line, starts one again that ended by itself, and stops them stage by stage, the last stage
 *  first. It never leaves one behind: whoever does not end in its time is killed, and children of a killed supervisor end by themselves. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'

export interface ProcessSpec {
  readonly name: string
  readonly script: string
  readonly args: readonly string[]
  /** Stages stop from the highest to the lowest; within one all stop at once. */
  readonly stage: number
  readonly memoryMaxMiB?: number
}

export interface SupervisorParts {
  /** Environment of the processes. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timers: Timers
  /** A process ended by itself; it is started again after waitMs. */
  readonly onEnded: (name: string, waitMs: number) => void
}

const startMs = 60_000
/** Two stages of it are less than the 15 s in which all is to be gone. */
const stopMs = 7000
const againMs = [500, 1000, 2000, 5000, 15_000]
const errorTailChars = 2000

type Fields = Readonly<Record<string, unknown>>

interface Running {
  readonly spec: ProcessSpec
  child: ChildProcess
  restarts: number
}

export function createSupervisor({ env, timers, onEnded }: SupervisorParts) {
  const running = new Map<string, Running>()
  let closing: Promise<void> | null = null

  /** Resolves with the fields of the ready line. Throws Fault with the code that the process gave, or 'process/not-started'. */
  function launch(spec: ProcessSpec, onExit: () => void): { child: ChildProcess; ready: Promise<Fields> } {
    const flags = spec.memoryMaxMiB ? [`--max-old-space-size=${spec.memoryMaxMiB}`] : []
    // A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which then stops the parts in order.
    const child = spawn(process.execPath, [...flags, spec.script, ...spec.args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    let errors = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      errors = (errors + bytes.toString()).slice(-errorTailChars)
    })
    const ready = new Promise<Fields>((resolve, reject) => {
      const late = timers.after(startMs, () => {
        child.kill('SIGKILL')
        reject(new Fault('process/not-started', { process: spec.name, reason: 'time' }))
      })
      let text = ''
      child.stdout?.on('data', (bytes: Buffer) => {
        text += bytes.toString()
        if (!text.includes('\n')) return
        const said = parseLine(text.slice(0, text.indexOf('\n')))
        text = ''
        late()
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
    /** Fields of its ready line. Throws as `launch` does; whoever called then closes. */
    async run(spec: ProcessSpec): Promise<Fields> {
      if (closing) throw new Fault('process/not-started', { process: spec.name, reason: 'stopping' })
      let isUp = false
      const { child, ready } = launch(spec, () => {
        if (isUp) void again(entry)
      })
      const entry: Running = { spec, child, restarts: 0 }
      running.set(spec.name, entry)
      const fields = await ready
      isUp = true
      return fields
    },
    /** Process numbers by name, as they are now. */
    pids: (): Readonly<Record<string, number>> =>
      Object.fromEntries([...running].map(([name, { child }]) => [name, child.pid ?? 0])),
    /** Resolves when none is left. */
    close: (): Promise<void> => {
      closing ??= stopAll()
      return closing
    },
  }

  async function stopAll(): Promise<void> {
    const stages = [...new Set([...running.values()].map(({ spec }) => spec.stage))].sort((a, b) => b - a)
    for (const stage of stages) {
      const those = [...running.values()].filter(({ spec }) => spec.stage === stage)
      await Promise.all(those.map(({ child }) => stop(child)))
    }
  }

  function stop(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
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
export type Supervisor = ReturnType<typeof createSupervisor>

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
  return new Fault(
    (said['code'] as Fault['code'] | undefined) ?? 'process/not-started',
    { process: name, ...detail },
    { cause },
  )
}
