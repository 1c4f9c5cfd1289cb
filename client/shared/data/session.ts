/** The face's session at the gateway: opened by proofs of the keys that are open now, without a PIN on the wire, and opened again when it is gone
 *  (12 hours, 30 minutes of silence, a restart). A request that finds no session is made once more after that. */
import { concat, fromHex, toBase64Url } from '#crypto/bytes.ts'
import { sign } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import type { NonceAnswer, SessionAnswer, SessionRequest } from '#protocols/http/session.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { Http } from './http.ts'

/** The officer whose keys are open; null at a kiosk. */
export interface SessionOfficer {
  /** Hex. */
  readonly account: string
  /** Of the grant that stands now, hex. */
  readonly grantHash: () => string
  /** U, 64 bytes. */
  readonly secretKey: Uint8Array
  /** base64url: a fresh grant, because the old one was about to end. */
  readonly onGrant: (grant: string) => Promise<void>
}

export interface SessionOptions {
  readonly http: Http
  /** Device id, hex. */
  readonly device: string
  readonly keys: DeviceKeys
  readonly officer: SessionOfficer | null
  /** The cookie is of this officer: a log-on has just set it. Otherwise it may be that of whoever was here before. */
  readonly isOpen: boolean
}

export interface Session {
  /** Runs a request in a session of this officer. Without one it is opened, and the request is made again. */
  run<Answer>(request: () => Promise<Answer>): Promise<Answer>
  /** Opens one in any case: to have the grant renewed. */
  open(): Promise<void>
}

export function createSession({ http, device, keys, officer, ...start }: SessionOptions): Session {
  let opening: Promise<void> | null = null
  let isOpen = start.isOpen

  async function open(): Promise<void> {
    const { nonce } = await http.json<NonceAnswer>('POST', '/api/nonce', {})
    const message = concat(fromHex(nonce), fromHex(device))
    const deviceProof = toBase64Url(await keys.sign('device-login', message))
    const request: SessionRequest = {
      device,
      account: officer?.account ?? null,
      grant: officer?.grantHash() ?? null,
      nonce,
      deviceProof,
      userProof: officer && toBase64Url(sign('device-login', message, officer.secretKey)),
    }
    const answer = await http.json<SessionAnswer>('POST', '/api/session', request)
    isOpen = true
    if (answer.grant !== null) await officer?.onGrant(answer.grant)
  }

  /** Many requests may find out at once; one opens. */
  function openOnce(): Promise<void> {
    opening ??= open().finally(() => {
      opening = null
    })
    return opening
  }

  return {
    async run(request) {
      if (!isOpen) await openOnce()
      try {
        return await request()
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.code !== 'session/none') throw cause
        await openOnce()
        return request()
      }
    },
    open: openOnce,
  }
}
