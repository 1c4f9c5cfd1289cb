/** The kiosk's interface: it creates and finds by exact match; it never lists or searches people. Needs the session of an enrolled kiosk.
 *  All are POST with JSON bodies under /api/kiosk/… ; `reading` and `visit` are handles that only this kiosk can use and that end with its
 *  screen session. */

/** A document that the kiosk's reader reported, masked for the screen. */
export interface MaskedReading {
  readonly reading: string
  readonly documentType: string
  readonly name: string
  readonly numberMasked: string
  readonly sex: 'm' | 'f' | 'x' | null
  readonly birthYear: number | null
  readonly expiry: string | null
  /** Codes such as 'document/expired': shown, none of them blocks. */
  readonly warnings: readonly string[]
}

export type KioskEvent =
  | { readonly kind: 'document'; readonly reading: MaskedReading }
  /** The card could not be read or its check digit is wrong; nothing of it is kept. */
  | { readonly kind: 'document-refused'; readonly code: string }
  | { readonly kind: 'match'; readonly visit: string; readonly score: number; readonly threshold: number; readonly model: string; readonly decision: 'match' | 'mismatch' | 'noFace' }
  /** A person at the desk compared and decided. */
  | { readonly kind: 'identified'; readonly visit: string; readonly by: 'unit' | 'person' }
  | { readonly kind: 'refused-entry'; readonly visit: string }
  | { readonly kind: 'reader'; readonly online: boolean }
  | { readonly kind: 'visit'; readonly visit: string; readonly presence: string; readonly handling: string }

/** /begin : a new visitor stands here; forgets everything of the last one. */
export interface KioskBeginAnswer {
  readonly reader: 'online' | 'offline'
  readonly camera: 'online' | 'offline'
  readonly reasons: readonly { readonly code: string; readonly zh: string; readonly en: string }[]
  /** Officers on duty who can be asked for, and the units. */
  readonly hosts: readonly { readonly account: string; readonly name: string; readonly post: string; readonly postEn: string }[]
}

/** /arrive : makes person and visit (identityPending). Either a reading or what the visitor typed. */
export interface KioskArriveRequest {
  readonly reading: string | null
  readonly typed: { readonly name: string; readonly documentType: string; readonly documentNumber: string; readonly phone: string } | null
}
export interface KioskArriveAnswer {
  readonly visit: string
  readonly number: string
}

/** /match { visit, consent: true } -> {} ; the answer comes as event 'match'. Without consent or camera: /ask-desk { visit } -> {}. */
export interface KioskVisitRequest {
  readonly visit: string
}

/** /check-in */
export interface KioskCheckInRequest {
  readonly visit: string
  readonly reason: string
  readonly reasonText: string
  readonly host: string | null
  readonly companions: number
}
export interface Slip {
  readonly number: string
  /** As people read it: 261121-0007. */
  readonly shortNumber: string
  /** The queue number of the day. */
  readonly queue: number
  /** 4 characters, needed beside a typed number. */
  readonly code: string
  /** Content of the QR code: 'OV1:' number ':' 40 random bits in base32. */
  readonly qr: string
  readonly reason: string
  readonly stationName: string
  readonly stationNameEn: string
  readonly atMs: number
}

/** /find : by slip (number and code, or QR content), or by the document that was just read. Same refusal for wrong number and wrong code. */
export interface KioskFindRequest {
  readonly qr: string | null
  readonly number: string | null
  readonly code: string | null
  readonly reading: string | null
}
export interface KioskFound {
  readonly visit: string
  readonly number: string
  readonly shortNumber: string
  readonly reason: string
  readonly presence: string
  readonly handling: string
  readonly mayCheckOut: boolean
  readonly mayRate: boolean
}

/** /check-out { visit } -> { mayRate } ; /rate -> {} ; /decline-rating { visit } -> {} */
export interface KioskRateRequest {
  readonly visit: string
  readonly quality: number
  readonly efficiency: number
  readonly environment: number
  readonly attitude: number
  readonly tags: readonly string[]
}
