/** What the data service needs of the world: given by the worker's composition root, or by a test. */
import type { Random } from '#crypto/random.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import type { DeviceFace } from '#protocols/http/session.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { PinCost } from '#crypto/pin.ts'
import type { Log } from '../log.ts'
import type { HttpOptions } from './http.ts'
import type { OpenSocket } from './live.ts'
import type { PageDatabase } from './page-store/page-database.ts'
import type { WindowLock } from './window-lock.ts'

export interface Platform {
  readonly face: DeviceFace
  readonly fetch: HttpOptions['fetch']
  readonly openSocket: OpenSocket
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly windowLock: WindowLock
  /** Opens the device's page database, with device-db's row stores. */
  readonly openPages: () => Promise<PageDatabase>
  /** Deletes it whole, after it was closed. */
  readonly removePages: () => Promise<void>
  /** Plaintext is in the heap: the page must be loaded anew. */
  readonly onEnd: () => void
  /** Dearer or cheaper than the handheld's, never below the floor. */
  readonly pinCost?: PinCost
}
