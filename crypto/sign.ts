/** Ed25519 signatures under the label rule (security.md, 2.4): what is signed is 'outpost/1/' label 00 message. */
import { sodium } from '#crypto/sodium'
import { abytes, concat } from './bytes.ts'
import { type Label, labelBytes } from './labels.ts'
import type { Random } from './random.ts'
import { type KeyPair, sizes } from './sodium.ts'

export type { KeyPair } from './sodium.ts'

/** publicKey 32 bytes, secretKey 64 bytes (seed, then public key). */
export const signKeyPair = (random: Random): KeyPair => {
  const seed = abytes(random.bytes(sizes.seed), sizes.seed, 'sign seed')
  const pair = sodium.crypto_sign_seed_keypair(seed)
  sodium.memzero(seed)
  return pair
}

/** Returns 64 bytes. */
export const sign = (label: Label, message: Uint8Array, secretKey: Uint8Array): Uint8Array => {
  abytes(secretKey, sizes.signSecretKey, 'sign secret key')
  return sodium.crypto_sign_detached(concat(labelBytes(label), message), secretKey)
}

/** True only for a strict RFC 8032 signature of this label and message. Bad lengths, points and scalars are false: it never throws on bytes. */
export const verify = (label: Label, message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean => {
  if (!(message instanceof Uint8Array)) return false
  if (!(signature instanceof Uint8Array) || signature.length !== sizes.signature) return false
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== sizes.signPublicKey) return false
  return sodium.crypto_sign_verify_detached(signature, concat(labelBytes(label), message), publicKey)
}
