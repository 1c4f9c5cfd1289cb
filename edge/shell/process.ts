/** What every process of ours does alike: reads its one settings file, says once that it is ready, and stops in order when it is told to. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { Fault } from '#protocols/errors.ts'

/** All faults of a configuration are reported together; an unknown key is one. Throws Fault 'config/invalid' { faults }. */
export function readConfig<Shape extends z.ZodType>(path: string | undefined, shape: Shape): z.infer<Shape> {
  if (path === undefined) throw new Fault('config/invalid', { faults: 'the path of the settings file is missing' })
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Fault('config/invalid', { faults: 'the settings file cannot be read as JSON' }, { cause })
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Fault('config/invalid', { faults: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') })
}

/** One JSON line on standard output: the supervisor waits for it. */
export const sayReady = (fields: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ ready: true, ...fields })}\n`)
}

/** Runs a process to its end: starts it, stops it once on SIGINT, SIGTERM or a lost supervisor, and says in one JSON line why it did not start. */
export async function runProcess(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  let stopping: Promise<void> | null = null
  let stop: (() => Promise<void>) | null = null
  const end = () => {
    stopping ??= (stop?.() ?? Promise.resolve()).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  process.on('disconnect', end)
  try {
    const running = await start()
    stop = () => running.close()
  } catch (cause) {
    const fault = cause instanceof Fault ? cause : new Fault('internal/fault', {}, { cause })
    const reason = cause instanceof Error && !(cause instanceof Fault) ? (cause.stack ?? cause.message) : undefined
    process.stdout.write(`${JSON.stringify({ ready: false, code: fault.code, detail: fault.detail, ...(reason ? { reason } : {}) })}\n`)
    process.exit(1)
  }
}

/** A fault of listening, said as what it is. */
export function listenFault(cause: unknown, port: number): Fault {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE') return new Fault('process/port-in-use', { port }, { cause })
  return new Fault('process/cannot-listen', { port, cause: code }, { cause })
}
