/** Certificates: who a key belongs to. A station's is signed by the force root; a device's by its station's S1; a hub's by the root. */
import { toHex } from '#crypto/bytes.ts'
import type { CborInput } from '../cbor.ts'
import { bytesOf, intOf, textOf } from '../cbor-read.ts'
import { openSigned, parseSigned, signBody, type SignedObject } from '../change/signed.ts'
import { Fault } from '../errors.ts'

export const certificateKinds = ['station', 'hub', 'gateway', 'handheld', 'desk', 'kiosk', 'lane-sender'] as const
export type CertificateKind = (typeof certificateKinds)[number]

export interface Certificate {
  readonly kind: CertificateKind
  /** Station, hub or device id: 16 bytes. */
  readonly subject: Uint8Array
  /** The station that issued it, or the subject itself for one from the root: 16 bytes. */
  readonly station: Uint8Array
  readonly name: string
  /** Ed25519, 32 bytes. */
  readonly signKey: Uint8Array
  /** X25519, 32 bytes; null for kinds to whom nothing is sealed. */
  readonly boxKey: Uint8Array | null
  /** A second root, named in station certificates; null elsewhere. */
  readonly secondRoot: Uint8Array | null
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

export interface SignedCertificate extends Certificate {
  /** H⟨cert⟩(body), 32 bytes. */
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

export const signCertificate = (certificate: Certificate, issuerSecretKey: Uint8Array): Uint8Array =>
  signBody('cert', { ...certificate } as Record<string, CborInput>, issuerSecretKey)

/** Verifies the issuer's signature. Throws Fault 'identity/forged' or 'wire/…'. Dates are the caller's to check: nothing here has a clock. */
export const openCertificate = (bytes: Uint8Array, issuerPublicKey: Uint8Array): SignedCertificate =>
  readCertificate(openSigned('cert', bytes, issuerPublicKey), bytes)

/** Reads without verifying: for a first contact, where the issuer's key stands in another certificate of the same message. */
export const parseCertificate = (bytes: Uint8Array): SignedCertificate => readCertificate(parseSigned('cert', bytes), bytes)

function readCertificate(object: SignedObject, bytes: Uint8Array): SignedCertificate {
  const { body } = object
  const kind = textOf(body.get('kind'), 'kind')
  if (!(certificateKinds as readonly string[]).includes(kind)) throw new Fault('wire/malformed', { key: 'kind' })
  const keyOrNull = (name: string) => (body.get(name) === null ? null : bytesOf(body.get(name), name, 32))
  return {
    kind: kind as CertificateKind,
    subject: bytesOf(body.get('subject'), 'subject', 16),
    station: bytesOf(body.get('station'), 'station', 16),
    name: textOf(body.get('name'), 'name'),
    signKey: bytesOf(body.get('signKey'), 'signKey', 32),
    boxKey: keyOrNull('boxKey'),
    secondRoot: keyOrNull('secondRoot'),
    notBeforeMs: intOf(body.get('notBeforeMs'), 'notBeforeMs'),
    notAfterMs: intOf(body.get('notAfterMs'), 'notAfterMs'),
    hash: object.hash,
    bytes,
  }
}

export const isInDate = (dated: { notBeforeMs: number; notAfterMs: number }, atMs: number): boolean =>
  atMs >= dated.notBeforeMs && atMs <= dated.notAfterMs

export const certificateName = (certificate: SignedCertificate): string => toHex(certificate.hash)
