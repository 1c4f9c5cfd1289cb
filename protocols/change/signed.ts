/** Signed objects other than changes: canonical CBOR [body bytes, signature]. The body is verified as received. */
import { hash } from '#crypto/hash.ts'
import type { Label } from '#crypto/labels.ts'
import { sign, verify } from '#crypto/sign.ts'
import { type CborInput, type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts'
import { arrayOf, bytesOf, intOf, mapOf } from '../cbor-read.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'

export interface SignedObject {
  readonly body: ReadonlyMap<string, CborValue>
  readonly bodyBytes: Uint8Array
  readonly signature: Uint8Array
  /** H⟨label⟩(body bytes): names the object. */
  readonly hash: Uint8Array
}

/** Adds `v` and `suite` to the body. Returns the bytes that travel. */
export function signBody(label: Label, body: Readonly<Record<string, CborInput>>, secretKey: Uint8Array): Uint8Array {
  const bodyBytes = encodeCanonical({ ...body, v: 1, suite: 1 })
  return encodeCanonical([bodyBytes, sign(label, bodyBytes, secretKey)])
}

export function parseSigned(label: Label, bytes: Uint8Array): SignedObject {
  const parts = arrayOf(decodeCanonical(bytes, { bytesMax: limits.changeBytesMax }), label, 2)
  const bodyBytes = bytesOf(parts[0], 'body')
  const body = mapOf(decodeCanonical(bodyBytes), 'body')
  if (intOf(body.get('v'), 'v') !== 1 || intOf(body.get('suite'), 'suite') !== 1)
    throw new Fault('wire/version-unknown', { label })
  return { body, bodyBytes, signature: bytesOf(parts[1], 'signature', 64), hash: hash(label, bodyBytes) }
}

/** Parses and verifies. Throws Fault 'wire/…' or 'identity/forged'. */
export function openSigned(label: Label, bytes: Uint8Array, publicKey: Uint8Array): SignedObject {
  const object = parseSigned(label, bytes)
  if (!verify(label, object.bodyBytes, object.signature, publicKey)) throw new Fault('identity/forged', { label })
  return object
}
