/** What the hub's console asks of the hub. JSON; ids, hashes and epochs hex; times in ms. Every route but hello, sign-in and the demo people asks
 *  for the console's session cookie. Errors: session.ts, ErrorAnswer. */
import type { ErrorDetail } from '../errors.ts'

/** GET /api/hello */
export interface HubHello {
  readonly product: 'outpost-hub'
  readonly version: string
  readonly hub: { readonly id: string; readonly name: string }
  /** True for a demo folder bound to loopback: sign-ins of invented people may be asked for. */
  readonly demo: boolean
  readonly timeMs: number
}

/** POST /api/session: sets the cookie. GET: who is signed in. DELETE: signs out. */
export interface ConsoleSignIn {
  readonly account: string
  readonly pin: string
}
export interface ConsoleSession {
  readonly account: string
  readonly name: string
  readonly role: ConsoleRole
  readonly may: readonly ConsoleAction[]
}
export const consoleRoles = ['bureau-leader', 'unit-leader', 'auditor', 'administrator'] as const
export type ConsoleRole = (typeof consoleRoles)[number]
export const consoleActions = [
  'stations.read',
  'visits.read',
  'figures.read',
  'quarantine.read',
  'lane.accept-epoch',
] as const
export type ConsoleAction = (typeof consoleActions)[number]

/** GET /api/demo/people (demo only). */
export interface ConsoleDemoPerson {
  readonly account: string
  readonly name: string
  readonly role: ConsoleRole
  readonly pin: string
}

/** GET /api/stations -> { stations: StationRow[] } */
export interface StationRow {
  readonly station: string
  readonly name: string
  readonly nameEn: string
  readonly code: string
  /** Highest place imported; null before first contact. */
  readonly seenUpTo: { readonly epoch: string; readonly seq: number } | null
  /** Bundles that must exist and are not here. Ends included. */
  readonly missing: readonly { readonly epoch: string; readonly seqFrom: number; readonly seqTo: number }[]
  readonly lastHeardMs: number | null
  readonly bundles: number
  readonly changes: number
  /** Changes whose author's key has not arrived yet. */
  readonly waiting: number
  readonly quarantined: number
  /** Records of which something earlier is still missing. */
  readonly partialRecords: number
  readonly checkpoint: CheckpointStatus
  /** Set when two stories of the sender cannot both be true: nothing more is taken until an operator accepts an epoch. */
  readonly fork: { readonly reason: string; readonly epoch: string; readonly seq: number } | null
}

/** none: not seen yet. verified: proved to be an extension of all verified before. unproved: the proof starts from one that is not here yet.
 *  fork: contradicts a verified one. */
export interface CheckpointStatus {
  readonly state: 'none' | 'verified' | 'unproved' | 'fork'
  readonly size: number
  readonly timeMs: number | null
  /** Up to this place of its log the station's changes that are here were found to be exactly those that the checkpoint stands for. */
  readonly matchedSize: number
}

/** GET /api/visits?station&from&to&reason&state&limit&cursor -> VisitPage. from, to: 'YYYY-MM-DD' of the making, ends included. reason: a
 *  code, or '' where none is known. state: 'presence:checkedIn' or 'handling:closed'. Newest first. */
export interface VisitPage {
  readonly visits: readonly VisitRow[]
  /** For the next page; null at the end. */
  readonly cursor: string | null
}
export interface VisitRow {
  readonly station: string
  readonly id: string
  readonly number: string | null
  readonly reason: string | null
  readonly presence: string
  readonly handling: string
  readonly officer: { readonly id: string; readonly name: string | null } | null
  readonly createdMs: number
  readonly updatedMs: number
  readonly checkedInMs: number | null
  readonly leftMs: number | null
  readonly drill: boolean
  /** False: something earlier of this record has not arrived. */
  readonly isWhole: boolean
  readonly signatures: SignatureCounts
}
/** All changes here were found good when they came in. byOfficer: signed with an officer's own key. byGateway: for a device without an officer. */
export interface SignatureCounts {
  readonly byOfficer: number
  readonly byGateway: number
}

/** GET /api/visits/:station/:id */
export interface VisitDetail {
  readonly visit: VisitRow
  /** Values that the console may show; no sensitive ones. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly visitor: { readonly documentType: string | null; readonly numberMasked: string | null } | null
  readonly changes: readonly VisitChange[]
}
/** One change in the order of the station's log. */
export interface VisitChange {
  readonly id: string
  readonly seq: number
  readonly kind: string
  readonly outcome: string
  /** Null account: the gateway signed, for the device of kind `via` or of itself. */
  readonly signer: {
    readonly account: string | null
    readonly name: string | null
    readonly via: string | null
    readonly device: string
  }
  /** Checked now, from the stored bytes: payload, signature, grant, station, root. */
  readonly verified: boolean
  /** Why not, when it is not. */
  readonly code: string | null
  readonly pressedMs: number
  readonly receivedMs: number
  readonly fields: readonly string[]
  /** Fields that the station kept back, with the rule. */
  readonly withheld: readonly { readonly field: string; readonly why: string }[]
}

/** GET /api/figures/visits?from&to&station -> { rows }. Drills are not counted. */
export interface VisitFigure {
  readonly day: string
  readonly station: string
  /** '' for visits whose reason is not known. */
  readonly reason: string
  readonly n: number
}

/** GET /api/quarantine?station&limit -> { rows }. Newest first. station '': the sender is not known. */
export interface QuarantineRow {
  readonly station: string
  readonly id: string
  readonly kind: 'bundle' | 'change' | 'checkpoint'
  readonly code: string
  readonly detail: ErrorDetail
  readonly sizeBytes: number
  readonly firstMs: number
  readonly lastMs: number
  readonly n: number
}

/** GET /api/health, without a session. */
export interface HubHealth {
  readonly ok: boolean
  readonly store: 'up' | 'down'
  readonly receiver: 'up' | 'down'
  readonly timeMs: number
}

/** GET /api/live: server-sent events named 'poke' with this as data; the console then asks again. */
export interface ConsolePoke {
  readonly kind: 'bundle' | 'quarantine' | 'station'
  readonly station: string
}

/** POST /api/stations/:station/accept-epoch: a named operator goes on after a fork, or when an epoch is lost for good. */
export interface AcceptEpoch {
  readonly epoch: string
  readonly reason: string
}
