/** Every error of Outpost, in one table. A code is never used for a second meaning.
 *  `status` is the HTTP status, `retry` tells a machine what to do, `text` is the key of the words a person reads (text/errors.ts). */
export interface ErrorRow {
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 421 | 422 | 423 | 429 | 500 | 502 | 503 | 507
  readonly retry: 'never' | 'later' | 'after-change'
  readonly level: 'info' | 'warn' | 'error'
}

export const errorCodes = {
  // crypto: one code for all causes, on purpose
  'crypto/cannot-open': { status: 422, retry: 'never', level: 'warn' },
  // wire
  'wire/too-large': { status: 413, retry: 'never', level: 'warn' },
  'wire/not-canonical': { status: 400, retry: 'never', level: 'warn' },
  'wire/malformed': { status: 400, retry: 'never', level: 'warn' },
  'wire/version-unknown': { status: 400, retry: 'never', level: 'warn' },
  // a change at the border (change/SPEC.md, "Admission")
  'change/unattributed': { status: 401, retry: 'never', level: 'warn' },
  'change/forged': { status: 401, retry: 'never', level: 'error' },
  'change/payload-forged': { status: 401, retry: 'never', level: 'error' },
  'change/slot-closed': { status: 422, retry: 'never', level: 'warn' },
  'change/gap': { status: 409, retry: 'later', level: 'info' },
  'change/equivocation': { status: 409, retry: 'never', level: 'error' },
  'change/outside-grant': { status: 403, retry: 'never', level: 'warn' },
  'change/device-frozen': { status: 403, retry: 'never', level: 'warn' },
  'change/home-elsewhere': { status: 409, retry: 'never', level: 'info' },
  'change/record-unknown': { status: 404, retry: 'later', level: 'info' },
  'change/record-exists': { status: 409, retry: 'never', level: 'info' },
  'change/schema-unknown': { status: 422, retry: 'never', level: 'info' },
  'change/field-unknown': { status: 422, retry: 'never', level: 'info' },
  'change/field-invalid': { status: 422, retry: 'after-change', level: 'info' },
  'change/field-missing': { status: 422, retry: 'after-change', level: 'info' },
  'change/transition-unknown': { status: 422, retry: 'never', level: 'info' },
  'change/transition-stale': { status: 409, retry: 'after-change', level: 'info' },
  'change/transition-denied': { status: 409, retry: 'never', level: 'info' },
  'change/guard-failed': { status: 409, retry: 'after-change', level: 'info' },
  'change/denied': { status: 403, retry: 'never', level: 'info' },
  'change/number-taken': { status: 409, retry: 'after-change', level: 'warn' },
  // people, devices, sessions
  'identity/forged': { status: 401, retry: 'never', level: 'error' },
  'identity/expired': { status: 401, retry: 'after-change', level: 'info' },
  'session/none': { status: 401, retry: 'after-change', level: 'info' },
  'session/denied': { status: 403, retry: 'never', level: 'info' },
  'logon/failed': { status: 401, retry: 'after-change', level: 'warn' },
  'logon/locked': { status: 423, retry: 'later', level: 'warn' },
  'enrol/ticket-unknown': { status: 410, retry: 'never', level: 'warn' },
  'enrol/refused': { status: 403, retry: 'never', level: 'warn' },
  'request/not-found': { status: 404, retry: 'never', level: 'info' },
  'request/invalid': { status: 400, retry: 'after-change', level: 'info' },
  'request/host-unknown': { status: 421, retry: 'never', level: 'warn' },
  'request/too-many': { status: 429, retry: 'later', level: 'warn' },
  'request/needs-gateway': { status: 503, retry: 'later', level: 'info' },
  'gateway/unavailable': { status: 503, retry: 'later', level: 'error' },
  'pages/build-failed': { status: 500, retry: 'after-change', level: 'error' },
  'numbers/used-up': { status: 503, retry: 'later', level: 'warn' },
  'internal/fault': { status: 500, retry: 'later', level: 'error' },
  // devices at the gateway (docs/reader-bridge.md)
  'device/unknown': { status: 401, retry: 'never', level: 'warn' },
  'device/topic-denied': { status: 403, retry: 'never', level: 'warn' },
  'device/qos-denied': { status: 400, retry: 'never', level: 'warn' },
  'device/retain-denied': { status: 403, retry: 'never', level: 'warn' },
  'device/clean-session-denied': { status: 403, retry: 'never', level: 'warn' },
  'device/queue-full': { status: 507, retry: 'later', level: 'error' },
  'device/seq-repeated': { status: 409, retry: 'never', level: 'info' },
  'device/seq-stale': { status: 409, retry: 'never', level: 'warn' },
  'device/ingest-failed': { status: 503, retry: 'later', level: 'error' },
  'device/unreachable': { status: 503, retry: 'later', level: 'warn' },
  'broker/config-invalid': { status: 500, retry: 'after-change', level: 'error' },
  'broker/credentials-invalid': { status: 500, retry: 'after-change', level: 'error' },
  'broker/port-in-use': { status: 500, retry: 'later', level: 'error' },
  'broker/address-denied': { status: 500, retry: 'after-change', level: 'error' },
  'broker/folder-unwritable': { status: 500, retry: 'after-change', level: 'error' },
  'broker/folder-locked': { status: 500, retry: 'later', level: 'error' },
  'broker/not-started': { status: 503, retry: 'later', level: 'error' },
  'camera/unreachable': { status: 502, retry: 'later', level: 'warn' },
  'camera/timeout': { status: 502, retry: 'later', level: 'warn' },
  'camera/denied': { status: 502, retry: 'after-change', level: 'warn' },
  'camera/not-a-picture': { status: 502, retry: 'never', level: 'warn' },
  // a bundle of the lane: one code for each step of its check (lane/SPEC.md, "Verify order")
  'lane/length': { status: 422, retry: 'never', level: 'warn' },
  'lane/header': { status: 422, retry: 'never', level: 'warn' },
  'lane/cap': { status: 413, retry: 'never', level: 'warn' },
  'lane/unknown': { status: 404, retry: 'never', level: 'warn' },
  'lane/sender-key': { status: 401, retry: 'never', level: 'warn' },
  'lane/bundle-forged': { status: 401, retry: 'never', level: 'error' },
  'lane/epoch': { status: 409, retry: 'later', level: 'info' },
  'lane/fork': { status: 409, retry: 'never', level: 'error' },
  'lane/expired': { status: 410, retry: 'never', level: 'warn' },
  'lane/recipient': { status: 403, retry: 'never', level: 'warn' },
  'lane/content-size': { status: 422, retry: 'never', level: 'warn' },
  'lane/content-form': { status: 422, retry: 'never', level: 'warn' },
  'lane/schema': { status: 422, retry: 'never', level: 'warn' },
  'lane/unsupported': { status: 422, retry: 'never', level: 'warn' },
  'lane/policy': { status: 403, retry: 'never', level: 'error' },
  'lane/approval': { status: 403, retry: 'never', level: 'warn' },
  'lane/withheld': { status: 422, retry: 'never', level: 'error' },
  'lane/entry-forged': { status: 401, retry: 'never', level: 'error' },
  'lane/second-check': { status: 422, retry: 'never', level: 'error' },
  'lane/key-id-taken': { status: 409, retry: 'never', level: 'error' },
  // a carrier of the lane
  'lane/file-irregular': { status: 422, retry: 'never', level: 'warn' },
  'lane/file-unlike': { status: 507, retry: 'later', level: 'error' },
  // documents on a reader
  'document/check-digit': { status: 422, retry: 'after-change', level: 'info' },
  'document/unreadable': { status: 422, retry: 'after-change', level: 'info' },
  // processes
  'start/folder-not-ours': { status: 500, retry: 'never', level: 'error' },
  'start/folder-in-use': { status: 500, retry: 'later', level: 'error' },
  'start/folder-unwritable': { status: 500, retry: 'never', level: 'error' },
  'config/invalid': { status: 500, retry: 'never', level: 'error' },
  'process/port-in-use': { status: 500, retry: 'never', level: 'error' },
  'process/cannot-listen': { status: 500, retry: 'never', level: 'error' },
  'process/not-started': { status: 500, retry: 'later', level: 'error' },
  // storage
  'store/disk-full': { status: 507, retry: 'later', level: 'error' },
  'store/read-only': { status: 503, retry: 'later', level: 'error' },
  'store/corrupt': { status: 500, retry: 'never', level: 'error' },
  'store/wrong-key': { status: 500, retry: 'never', level: 'error' },
  'store/key-taken': { status: 409, retry: 'never', level: 'error' },
  // hub
  'hub/already-running': { status: 500, retry: 'later', level: 'error' },
  'hub/postgres-platform': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-missing': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-binaries': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-no-user': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-folder': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-password': { status: 500, retry: 'never', level: 'error' },
  'hub/postgres-version': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-init': { status: 500, retry: 'later', level: 'error' },
  'hub/postgres-start': { status: 500, retry: 'later', level: 'error' },
  'hub/postgres-stray': { status: 500, retry: 'later', level: 'error' },
  'hub/postgres-unsafe': { status: 500, retry: 'after-change', level: 'error' },
  'hub/postgres-unreachable': { status: 503, retry: 'later', level: 'error' },
  'hub/postgres-crashed': { status: 503, retry: 'later', level: 'error' },
  'hub/schema-newer': { status: 500, retry: 'after-change', level: 'error' },
  'hub/schema-unlike': { status: 500, retry: 'never', level: 'error' },
  'hub/card-invalid': { status: 422, retry: 'after-change', level: 'error' },
  'hub/station-unknown': { status: 404, retry: 'later', level: 'warn' },
  'hub/keys-awaited': { status: 409, retry: 'later', level: 'info' },
  'hub/log-contradiction': { status: 409, retry: 'never', level: 'error' },
  'hub/type-unknown': { status: 422, retry: 'later', level: 'warn' },
  'hub/checkpoint-fork': { status: 409, retry: 'never', level: 'error' },
  'hub/unreachable': { status: 503, retry: 'later', level: 'warn' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorCodes
/** What a code is about: ids, names and figures only, never content. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>

/** Trouble of operation: thrown. `message` is the code; what a person reads comes from the text catalogue. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
  constructor(code: ErrorCode, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.detail = detail
  }
}

/** An expected "no": a value that is stored and shown, never thrown. */
export interface Refusal {
  readonly ok: false
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}
export const refuse = (code: ErrorCode, detail: ErrorDetail = {}): Refusal => ({ ok: false, code, detail })

/** Our own bug: stop. Stays on in production. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${invariant}`)
}
