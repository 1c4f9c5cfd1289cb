/** Keeps the receiving process alive: starts it, starts it again after a pause when it ends, and passes on what it says. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { Log } from '../../edge/shell/log.ts'
import type { ReceiverEvent } from '../import/receiver.ts'
import type { Connection } from '../store/embedded.ts'

export interface ToReceiver {
  readonly target: Connection | string
}
type FromReceiver = { readonly kind: 'hello' } | { readonly kind: 'ready' } | ReceiverEvent

export interface ReceiverProcess {
  isUp(): boolean
  /** Resolves when it has read the cards and listens to the carriers. Rejects with Fault 'process/not-started'. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

const pausesMs = [200, 1000, 5000, 30_000]
/** So often it may end before it was ready for the first time; then the hub itself does not start. */
const startsMax = 3

export function superviseReceiver(parts: {
  readonly configPath: string
  readonly target: Connection | string
  readonly timers: Timers
  readonly log: Log
  readonly onEvent: (event: ReceiverEvent) => void
}): ReceiverProcess {
  const { log } = parts
  const firstReady = Promise.withResolvers<void>()
  let child: ChildProcess | null = null
  let isUp = false
  let wasUp = false
  let isClosing = false
  let failures = 0
  let cancelStart = () => {}

  function start(): void {
    const program = new URL('./receive.ts', import.meta.url)
    const started = fork(program, [parts.configPath], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child = started
    started.on('message', (message: FromReceiver) => {
      if (message.kind === 'hello') started.send({ target: parts.target } satisfies ToReceiver)
      else if (message.kind === 'ready') {
        isUp = true
        wasUp = true
        failures = 0
        firstReady.resolve()
      } else parts.onEvent(message)
    })
    started.on('error', () => {})
    started.once('close', (status) => ended(status))
  }

  function ended(status: number | null): void {
    isUp = false
    child = null
    if (isClosing) return
    const pauseMs = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0
    failures++
    if (!wasUp && failures >= startsMax)
      return firstReady.reject(new Fault('process/not-started', { process: 'hub-receiver', exit: status }))
    log.error('hub/receiver-ended', { status: status ?? -1, durationMs: pauseMs })
    cancelStart = parts.timers.after(pauseMs, start)
  }

  start()
  return {
    isUp: () => isUp,
    ready: firstReady.promise,
    async close() {
      isClosing = true
      cancelStart()
      const running = child
      if (!running) return
      const gone = new Promise<void>((resolve) => running.once('close', () => resolve()))
      running.kill('SIGTERM')
      const cancelKill = parts.timers.after(20_000, () => running.kill('SIGKILL'))
      await gone
      cancelKill()
    },
  }
}
