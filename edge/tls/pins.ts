/** What people and tests know an authority by: the fingerprint of its certificate, the pin of its public key. */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

/** Base64 of SHA-256 over the public key of the first certificate in a PEM text. */
export const spkiPin = (certificate: string): string => pinOf(new X509Certificate(certificate).publicKey)

/** The same of a private key in PEM. */
export const pinOfKey = (key: string): string => pinOf(createPublicKey(key))

/** SHA-256 of the first certificate as systems show it: AB:CD:… */
export const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256

const pinOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')
