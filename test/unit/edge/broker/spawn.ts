/** Starts the broker as the process it is, under its cap of memory, and talks to it as the supervisor does. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Fault } from '#protocols/errors.ts'
import type { Timers } from '#protocols/clock.ts'

export interface BrokerProcess {
  readonly port: number
  readonly pid: number
  /** Reads the credentials file again. Resolves when it is in force (or was refused: then the broker says so in its log). */
  reload(): Promise<void>
  /** Resolves with the exit status, null when a signal ended it; also when it ends by itself. */
  readonly ended: Promise<number | null>
  /** Stops it in order: connections first, then the queue. */
  close(): Promise<void>
}

export interface SpawnOptions {
  readonly configPath: string
  readonly timers: Timers
  /** One line of JSON, of its log or of its standard output. */
  readonly onLogLine: (line: string) => void
  readonly memoryMaxMiB?: number
  readonly startTimeoutMs?: number
}

/** Throws Fault broker/not-started with its exit status; the reason is the last line it wrote. */
export async function spawnBroker(options: SpawnOptions): Promise<BrokerProcess> {
  const { configPath, timers, onLogLine, memoryMaxMiB = 192 } = options
  const child = fork(fileURLToPath(new URL('../../../../edge/broker/main.ts', import.meta.url)), [configPath], {
    execArgv: [`--max-old-space-size=${memoryMaxMiB}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)))
  onLines(child.stderr, onLogLine)
  const port = await readyPort(child, ended, options)

  return {
    port,
    pid: child.pid ?? 0,
    ended,
    reload() {
      const answered = new Promise<void>((resolve) => child.once('message', () => resolve()))
      if (child.connected) child.send({ command: 'reload' })
      return Promise.race([answered, ended.then(() => {})])
    },
    async close() {
      if (child.connected) child.send({ command: 'stop' })
      const cancel = timers.after(stopTimeoutMs, () => child.kill('SIGKILL'))
      await ended
      cancel()
    },
  }
}

const stopTimeoutMs = 10_000

async function readyPort(child: ChildProcess, ended: Promise<number | null>, options: SpawnOptions) {
  const { timers, onLogLine, startTimeoutMs = 15_000 } = options
  const cancel = timers.after(startTimeoutMs, () => child.kill('SIGKILL'))
  const port = await Promise.race([
    new Promise<number>((resolve) =>
      onLines(child.stdout, (line) => {
        const said = JSON.parse(line)
        if (said.ready) resolve(Number(said.port))
        else onLogLine(line)
      }),
    ),
    ended.then((status) => Promise.reject(new Fault('broker/not-started', { status }))),
  ])
  cancel()
  return port
}

function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void) {
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}
