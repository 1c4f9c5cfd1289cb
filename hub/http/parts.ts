/** What the console's routes are made of. */
import type { Clock, Timers } from '#protocols/clock.ts'
import type { ConsoleDemoPerson } from '#protocols/http/console.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { Log } from '../../edge/shell/log.ts'
import type { Operator, Operators } from '../operators.ts'
import type { Database } from '../store/database.ts'
import type { Live } from './live.ts'
import type { Sessions } from './sessions.ts'

export interface HttpParts {
  readonly hub: { readonly id: string; readonly name: string }
  readonly version: string
  readonly database: Database
  readonly operators: Operators
  readonly sessions: Sessions
  readonly live: Live
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly isReceiverUp: () => boolean
  readonly pagesFolder: string
  /** Null outside a demo folder. */
  readonly demoPeople: (() => readonly ConsoleDemoPerson[]) | null
}

export interface Env {
  Variables: { operator: Operator }
}
