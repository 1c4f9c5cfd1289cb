/** What the routes are made of: handed in by the composition root. */
import type { Clock } from '#protocols/clock.ts'
import type { Random } from '#crypto/random.ts'
import type { Hello } from '#protocols/http/session.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Committer } from '../commit.ts'
import type { DeskPictures } from '../kiosk/pictures.ts'
import type { Kiosks } from '../kiosk/kiosks.ts'
import type { Identity } from '../identity.ts'
import type { StationKeys } from '../keys.ts'
import type { Live } from '../live.ts'
import type { Log } from '../shell/log.ts'
import type { Store } from '../store/store.ts'
import type { Verifier } from '../verify/pool.ts'
import type { Sessions } from './sessions.ts'

export interface HttpParts {
  readonly store: Store
  readonly identity: Identity
  readonly committer: Committer
  readonly keys: StationKeys
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly clock: Clock
  readonly random: Random
  readonly verifier: Verifier
  readonly epoch: string
  readonly log: Log
  readonly live: Live
  readonly sessions: Sessions
  readonly kiosks: Kiosks
  readonly pictures: DeskPictures
  readonly hello: () => Hello
  /** The station's unit: devices enrolled here belong to it. */
  readonly stationUnit: () => string
  /** Set for a demo folder bound to loopback. */
  readonly demo: Demo | null
  readonly filesFolder: string
  /** Folder of built pages. */
  readonly pagesFolder: string
}

export interface Demo {
  people(): readonly { readonly name: string; readonly post: string; readonly policeNumber: string; readonly pin: string }[]
}

/** Who stands behind a request, once its session was found. */
export interface Who {
  readonly face: string
  readonly device: string
  /** Null for a kiosk. */
  readonly actor: Actor | null
}

export interface Env {
  Variables: { who: Who }
}
