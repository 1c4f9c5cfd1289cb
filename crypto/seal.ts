/** Sealing to a public key without a sender (`crypto_box_seal`): the outbox of a device, sealed to its station. The sealed box has no room for
 *  additional data, so the plaintext begins with the label, checked after opening (security.md, 2.4). It proves nothing about who sealed:
 *  what must be attributed is signed inside. */
import { sodium } from '#crypto/sodium'
import { abytes, concat, equalBytes } from './bytes.ts'
import { CannotOpen } from './cannot-open.ts'
import { type Label, labelBytes } from './labels.ts'
import type { Random } from './random.ts'
import { type KeyPair, sizes } from './sodium.ts'

/** X25519: publicKey and secretKey 32 bytes each. */
export const boxKeyPair = (random: Random): KeyPair => {
  const seed = abytes(random.bytes(sizes.seed), sizes.seed, 'box seed')
  const pair = sodium.crypto_box_seed_keypair(seed)
  sodium.memzero(seed)
  return pair
}

/** Returns label and plaintext, sealed: 48 bytes longer than both. Its ephemeral key is drawn by libsodium: the bytes differ at each call. */
export const seal = (label: Label, plain: Uint8Array, recipientPublicKey: Uint8Array): Uint8Array => {
  abytes(plain, undefined, 'seal plaintext')
  abytes(recipientPublicKey, sizes.boxKey, 'seal public key')
  return sodium.crypto_box_seal(concat(labelBytes(label), plain), recipientPublicKey)
}

/** Returns the plaintext without its label. Throws CannotOpen for every cause that lies in `sealed` or in the choice of key or label. */
export const openSealed = (label: Label, sealed: Uint8Array, pair: KeyPair): Uint8Array => {
  abytes(sealed, undefined, 'sealed')
  abytes(pair.publicKey, sizes.boxKey, 'seal public key')
  abytes(pair.secretKey, sizes.boxKey, 'seal secret key')
  const prefix = labelBytes(label)
  if (sealed.length < sizes.boxOverhead + prefix.length) throw new CannotOpen()
  const opened = sodium.crypto_box_seal_open(sealed, pair.publicKey, pair.secretKey)
  if (opened === null || !equalBytes(opened.subarray(0, prefix.length), prefix)) throw new CannotOpen()
  return opened.slice(prefix.length)
}
