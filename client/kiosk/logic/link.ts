/** What the kiosk's screens need of the gateway: one session without an officer, events, and requests. The page never sees a key or a cookie. */
import type { Observable } from 'rxjs'
import type { ErrorCode } from '#protocols/errors.ts'
import type { KioskEvent } from '#protocols/http/kiosk.ts'

export interface LinkState {
  /** unenrolled: this browser has no certificate. open: requests can be made. */
  readonly phase: 'starting' | 'unenrolled' | 'open'
  /** Session and live socket stand right now. */
  readonly online: boolean
  readonly demo: boolean
  readonly station: { readonly name: string; readonly nameEn: string } | null
  /** Why there is no contact, when the gateway said why. */
  readonly trouble: ErrorCode | null
}

export interface KioskLink {
  readonly state$: Observable<LinkState>
  readonly events$: Observable<KioskEvent>
  /** ticket: base64url. Rejects with a Fault. */
  enrol(ticket: string): Promise<void>
  /** Demo folder on loopback only. */
  enrolDemo(): Promise<void>
  /** POST with a JSON body. A session that ran out is renewed once by itself. Rejects with a Fault. */
  call<Answer>(path: string, body: unknown): Promise<Answer>
  /** Tries for contact at once instead of at the next turn. */
  retry(): Promise<void>
  close(): void
}

export const startingState: LinkState = { phase: 'starting', online: false, demo: false, station: null, trouble: null }
