/** A grant binds an officer's key on one device to the rights of their posts, for a time. Signed by the station (S1). */
import type { CborInput } from '../cbor.ts'
import { arrayOf, bytesOf, intOf, textOf } from '../cbor-read.ts'
import { openSigned, signBody } from '../change/signed.ts'

export interface Grant {
  readonly station: Uint8Array
  readonly officer: Uint8Array
  readonly device: Uint8Array
  /** U: Ed25519, 32 bytes. */
  readonly userKey: Uint8Array
  /** D2: X25519, 32 bytes. */
  readonly boxKey: Uint8Array
  /** Scope keys that this grant may pull (sync/scope.ts). */
  readonly scopes: readonly string[]
  readonly tier: 'T1' | 'T2' | 'T3'
  readonly policyVersion: number
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

export interface SignedGrant extends Grant {
  /** H⟨grant⟩(body), 32 bytes: what a change's header names. */
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

export const signGrant = (grant: Grant, stationSecretKey: Uint8Array): Uint8Array =>
  signBody('grant', { ...grant, scopes: [...grant.scopes] } as Record<string, CborInput>, stationSecretKey)

/** Throws Fault 'identity/forged' or 'wire/…'. */
export function openGrant(bytes: Uint8Array, stationPublicKey: Uint8Array): SignedGrant {
  const { body, hash } = openSigned('grant', bytes, stationPublicKey)
  const tier = textOf(body.get('tier'), 'tier')
  return {
    station: bytesOf(body.get('station'), 'station', 16),
    officer: bytesOf(body.get('officer'), 'officer', 16),
    device: bytesOf(body.get('device'), 'device', 16),
    userKey: bytesOf(body.get('userKey'), 'userKey', 32),
    boxKey: bytesOf(body.get('boxKey'), 'boxKey', 32),
    scopes: arrayOf(body.get('scopes'), 'scopes').map((scope) => textOf(scope, 'scopes')),
    tier: tier === 'T1' || tier === 'T3' ? tier : 'T2',
    policyVersion: intOf(body.get('policyVersion'), 'policyVersion'),
    notBeforeMs: intOf(body.get('notBeforeMs'), 'notBeforeMs'),
    notAfterMs: intOf(body.get('notAfterMs'), 'notAfterMs'),
    hash,
    bytes,
  }
}
