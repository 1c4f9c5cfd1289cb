/** What the device side writes about itself: a code and fields that are ids, names of our own and figures. Never a payload, a number of a document,
 *  or a text that came from outside. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface EventLog {
  info(code: string, fields?: LogFields): void
  warn(code: string, fields?: LogFields): void
  error(code: string, fields?: LogFields): void
}
