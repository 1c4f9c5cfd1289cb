/** BLAKE2b under the label rule: H(label, m) = BLAKE2b-256('outpost/1/' label 00 m) (security.md, 2.4). Parts are joined without separators, so
 *  all but the last must have a fixed length, or carry their own. */
import { sodium } from '#crypto/sodium'
import { abytes, BadBytes, concat } from './bytes.ts'
import { type Label, labelBytes } from './labels.ts'
import { sizes } from './sodium.ts'

/** Returns 32 bytes. */
export const hash = (label: Label, ...parts: readonly Uint8Array[]): Uint8Array =>
  sodium.crypto_generichash(sizes.hash, concat(labelBytes(label), ...parts), null)

/** The same with a key of 16..64 bytes; its length is fixed by each use. Returns 32 bytes. */
export const hashKeyed = (label: Label, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
  keyed(sizes.hash, label, key, parts)

/** A 16-byte keyed BLAKE2b (its own length, not a cut of the 32-byte one), for datagrams (lane.md, 6). */
export const mac16 = (label: Label, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
  keyed(sizes.mac, label, key, parts)

const keyed = (length: number, label: Label, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array => {
  abytes(key, undefined, 'hash key')
  if (key.length < 16 || key.length > 64) throw new BadBytes('hash key', '16 to 64 bytes', `${key.length} bytes`)
  return sodium.crypto_generichash(length, concat(labelBytes(label), ...parts), key)
}

export interface Hasher {
  update(bytes: Uint8Array): void
  /** Returns 32 bytes; afterwards both calls throw. */
  digest(): Uint8Array
}

/** The hash of a long input in pieces; equal to `hash` over all of them. Call digest() in every case: the WASM back-end frees its state there. */
export const createHasher = (label: Label): Hasher => {
  const state = sodium.crypto_generichash_init(sizes.hash, null)
  let ended = false
  const stillOpen = (): void => {
    if (ended) throw new Error('hasher: used after digest')
  }
  sodium.crypto_generichash_update(state, labelBytes(label))
  return {
    update(bytes) {
      stillOpen()
      sodium.crypto_generichash_update(state, abytes(bytes, undefined, 'hash input'))
    },
    digest() {
      stillOpen()
      ended = true
      return sodium.crypto_generichash_final(state, sizes.hash)
    },
  }
}
