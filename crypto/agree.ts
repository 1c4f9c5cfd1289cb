/** X25519 agreement, for keys that are hashed right after. An all-zero result (a public key of small order) must never become a key. */
import { sodium } from '#crypto/sodium'
import { abytes } from './bytes.ts'
import { CannotOpen } from './cannot-open.ts'
import { sizes } from './sodium.ts'

/** Both keys 32 bytes. Returns 32 bytes that are no key yet. Throws CannotOpen for a public key of small order. */
export const agree = (secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
  abytes(secretKey, sizes.boxKey, 'agreement secret key')
  abytes(publicKey, sizes.boxKey, 'agreement public key')
  const shared = sodium.crypto_scalarmult(secretKey, publicKey)
  if (shared === null) throw new CannotOpen()
  return shared
}
