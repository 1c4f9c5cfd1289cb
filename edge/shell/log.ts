/** JSON log lines: an event code and fields of a closed list. No names, numbers, cards or bodies can be written: the type has no place for them. */
import { pino } from 'pino'

/** What a line may carry: ids, codes, counts and times. */
export interface LogFields {
  readonly code?: string
  readonly device?: string
  readonly face?: string
  readonly route?: string
  readonly status?: number
  readonly count?: number
  readonly seq?: number
  readonly seqFrom?: number
  readonly seqTo?: number
  readonly sizeBytes?: number
  readonly durationMs?: number
  readonly port?: number
  readonly type?: string
  readonly kind?: string
  readonly pid?: number
  readonly station?: string
  readonly lane?: string
  readonly reason?: string
}

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields, cause?: unknown): void
}

/** destination: a file path, or null for standard error (standard output belongs to the one ready line). */
export function createLog(processName: string, destination: string | null): Log {
  const logger = pino(
    { base: { process: processName }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination === null ? pino.destination({ fd: 2, sync: true }) : pino.destination({ dest: destination, mkdir: true, sync: true }),
  )
  return {
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    // The cause's stack helps whoever repairs; its message may quote input, so only its name and place are written.
    error: (event, fields, cause) => logger.error({ ...fields, ...(cause === undefined ? {} : { cause: placeOf(cause) }) }, event),
  }
}

function placeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause
  const frames = (cause.stack ?? '').split('\n').filter((line) => line.trim().startsWith('at '))
  const inner = cause.cause instanceof Error ? ` < ${placeOf(cause.cause)}` : ''
  return `${cause.name} ${'code' in cause ? String(cause.code) : ''} ${frames.slice(0, 3).join(' ').replace(/\s+/g, ' ')}${inner}`
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
