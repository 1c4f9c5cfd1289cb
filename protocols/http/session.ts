/** What devices and pages say to the gateway before they may say anything else. Bodies are JSON; keys and signatures base64url unless said
 *  otherwise; ids and hashes hex. */
export interface Hello {
  readonly product: 'outpost'
  readonly version: string
  readonly wire: number
  readonly station: { readonly id: string; readonly name: string; readonly nameEn: string; readonly code: string; readonly unit: string }
  readonly epoch: string
  /** Station certificate, signed by the root. */
  readonly certificate: string
  /** True for a demo folder bound to loopback: tickets and PINs of invented people may be asked for. */
  readonly demo: boolean
  /** True for a folder of invented data, with doors or without: its screens say so. Left out: as `demo`. */
  readonly demoData?: boolean
  readonly timeMs: number
}

export type DeviceFace = 'handheld' | 'desk' | 'kiosk'

/** POST /api/nonce -> { nonce } : 32 random bytes hex, one use, two minutes. */
export interface NonceAnswer {
  readonly nonce: string
}

/** POST /api/enrol. proof: D1 signs ⟨ticket⟩(ticket bytes ‖ nonce bytes ‖ D1 public key). */
export interface EnrolRequest {
  readonly ticket: string
  readonly face: DeviceFace
  readonly name: string
  readonly deviceKey: string
  readonly nonce: string
  readonly proof: string
}
export interface EnrolAnswer {
  readonly device: string
  readonly certificate: string
  readonly hello: Hello
}

/** POST /api/logon: first time of an officer on a device, needs the network. proof: D1 signs ⟨device-login⟩(nonce ‖ device ‖ userKey ‖ boxKey). */
export interface LogonRequest {
  readonly device: string
  readonly policeNumber: string
  readonly pin: string
  readonly userKey: string
  readonly boxKey: string
  readonly nonce: string
  readonly proof: string
}
/** Sets the face's session cookie too. */
export interface LogonAnswer {
  readonly account: string
  readonly name: string
  readonly grant: string
  readonly timeMs: number
}

/** POST /api/session: a new session without a PIN on the wire. deviceProof: D1, userProof: U, each over ⟨device-login⟩(nonce ‖ device).
 *  A kiosk has no officer: account, grant and userProof are null. */
export interface SessionRequest {
  readonly device: string
  readonly account: string | null
  readonly grant: string | null
  readonly nonce: string
  readonly deviceProof: string
  readonly userProof: string | null
}
export interface SessionAnswer {
  readonly timeMs: number
  /** A fresh grant, if the old one was about to end. */
  readonly grant: string | null
}

/** POST /api/live-ticket -> one-use ticket for the WebSocket /api/live?ticket=… */
export interface LiveTicketAnswer {
  readonly ticket: string
}

/** POST /api/demo/ticket { face } (demo only) -> TicketAnswer; POST /api/tickets { face } for a signed-in person with the right. */
export interface TicketAnswer {
  /** 16 random bytes, base64url. */
  readonly ticket: string
  readonly untilMs: number
}

/** GET /api/demo/people (demo only). */
export interface DemoPerson {
  readonly name: string
  readonly post: string
  readonly policeNumber: string
  readonly pin: string
}

/** Body of every error answer; the words come from the text catalogue. */
export interface ErrorAnswer {
  readonly code: string
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}
