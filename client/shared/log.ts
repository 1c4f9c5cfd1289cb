/** What a page or worker says to the console: an event code and fields of a closed list, as one JSON line. No names, numbers, cards or bodies can be
 *  written: the type has no place for them. The only place in a client that uses the console. */

export interface LogFields {
  readonly code?: string
  readonly face?: string
  readonly phase?: string
  readonly status?: number
  readonly count?: number
  readonly seq?: number
  readonly sizeBytes?: number
  readonly durationMs?: number
  /** Kind of an error of our own, such as TypeError: never its message. */
  readonly error?: string
}

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

const line = (part: string, event: string, fields: LogFields): string => JSON.stringify({ part, event, ...fields })

export const createLog = (part: string): Log => ({
  info: (event, fields = {}) => console.info(line(part, event, fields)),
  warn: (event, fields = {}) => console.warn(line(part, event, fields)),
  error: (event, fields = {}) => console.error(line(part, event, fields)),
})

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
