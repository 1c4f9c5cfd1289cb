/** Locking under a shared key: XChaCha20-Poly1305 with a fresh random nonce beside the ciphertext (security.md, 3). The label comes first in the
 *  additional data, the caller's own additional data after it. */
import { sodium } from '#crypto/sodium'
import { abytes, concat } from './bytes.ts'
import { CannotOpen } from './cannot-open.ts'
import { type Label, labelBytes } from './labels.ts'
import type { Random } from './random.ts'
import { sizes } from './sodium.ts'

/** key32: 32 bytes. ad: what the reader must know anyway; bound, not stored. Returns nonce (24), ciphertext, tag (16). */
export const lock = (
  label: Label,
  key32: Uint8Array,
  plain: Uint8Array,
  ad: Uint8Array,
  random: Random,
): Uint8Array => {
  abytes(key32, sizes.key, 'lock key')
  abytes(plain, undefined, 'lock plaintext')
  const bound = concat(labelBytes(label), ad)
  const nonce = abytes(random.bytes(sizes.nonce), sizes.nonce, 'lock nonce')
  return concat(nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, bound, nonce, key32))
}

/** Returns the plaintext. Throws CannotOpen for every cause that lies in `locked`, key, label or additional data. */
export const unlock = (label: Label, key32: Uint8Array, locked: Uint8Array, ad: Uint8Array): Uint8Array => {
  abytes(key32, sizes.key, 'lock key')
  abytes(locked, undefined, 'locked')
  const bound = concat(labelBytes(label), ad)
  if (locked.length < sizes.nonce + sizes.tag) throw new CannotOpen()
  const nonce = locked.subarray(0, sizes.nonce)
  const plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(locked.subarray(sizes.nonce), bound, nonce, key32)
  if (plain === null) throw new CannotOpen()
  return plain
}
