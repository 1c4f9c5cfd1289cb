/** Sealing of a bundle (lane.md, 2): one key per bundle from X25519, chunks under counting nonces. Header, order of chunks, the last one and
 *  the recipient are bound. It knows bytes only: layout, limits and the order of checks are `protocols/lane`. */
import { sodium } from '#crypto/sodium'
import { agree } from './agree.ts'
import { abytes, BadBytes, concat } from './bytes.ts'
import { CannotOpen } from './cannot-open.ts'
import { hash } from './hash.ts'
import { labelBytes } from './labels.ts'
import { sizes } from './sodium.ts'

export const bundleHeaderBytes = 256
export const bundleChunkBytes = 65_536
export const bundleNoncePrefixBytes = 16

interface BundleParties {
  /** 32 bytes; stands in the header as well. */
  readonly ephemeralPublic: Uint8Array
  /** 32 bytes. */
  readonly recipientPublic: Uint8Array
  /** The 256 bytes as they travel. */
  readonly header: Uint8Array
}

/** The sealer holds the ephemeral secret, the opener the recipient's. */
export type BundleKeyInput = BundleParties &
  ({ readonly ephemeralSecret: Uint8Array } | { readonly recipientSecret: Uint8Array })

/** key = H<bundle-key>(X25519 result, ephemeralPublic, recipientPublic, header). Returns 32 bytes for this bundle alone. Throws CannotOpen when
 *  X25519 gives zeros. */
export const bundleKey = (input: BundleKeyInput): Uint8Array => {
  abytes(input.ephemeralPublic, sizes.boxKey, 'ephemeral public key')
  abytes(input.recipientPublic, sizes.boxKey, 'recipient public key')
  abytes(input.header, bundleHeaderBytes, 'bundle header')
  const shared =
    'ephemeralSecret' in input
      ? agree(input.ephemeralSecret, input.recipientPublic)
      : agree(input.recipientSecret, input.ephemeralPublic)
  const key = hash('bundle-key', shared, input.ephemeralPublic, input.recipientPublic, input.header)
  sodium.memzero(shared)
  return key
}

const chunkAd = (header: Uint8Array): Uint8Array =>
  concat(labelBytes('bundle-chunk'), hash('bundle-header', abytes(header, bundleHeaderBytes, 'bundle header')))

const chunkNonce = (prefix: Uint8Array, index: number, isLast: boolean): Uint8Array => {
  abytes(prefix, bundleNoncePrefixBytes, 'nonce prefix')
  if (!Number.isInteger(index) || index < 0 || index > 0xffff_ffff)
    throw new BadBytes('chunk index', '0 to 4294967295', 'another number')
  const nonce = new Uint8Array(sizes.nonce)
  nonce.set(prefix)
  nonce[19] = isLast ? 1 : 0
  new DataView(nonce.buffer).setUint32(20, index)
  return nonce
}

/** plain: 1..65,536 bytes. index: from 0. Returns ciphertext then tag, 16 bytes longer. */
export const sealChunk = (
  key: Uint8Array,
  header: Uint8Array,
  noncePrefix: Uint8Array,
  index: number,
  isLast: boolean,
  plain: Uint8Array,
): Uint8Array => {
  abytes(key, sizes.key, 'bundle key')
  abytes(plain, undefined, 'chunk')
  if (plain.length < 1 || plain.length > bundleChunkBytes)
    throw new BadBytes('chunk', `1 to ${bundleChunkBytes} bytes`, `${plain.length} bytes`)
  const nonce = chunkNonce(noncePrefix, index, isLast)
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, chunkAd(header), nonce, key)
}

/** chunk: 17..65,552 bytes. Returns 1..65,536 bytes. Throws CannotOpen for every cause that lies in the bundle, on purpose. */
export const openChunk = (
  key: Uint8Array,
  header: Uint8Array,
  noncePrefix: Uint8Array,
  index: number,
  isLast: boolean,
  chunk: Uint8Array,
): Uint8Array => {
  abytes(key, sizes.key, 'bundle key')
  abytes(chunk, undefined, 'chunk')
  const nonce = chunkNonce(noncePrefix, index, isLast)
  const ad = chunkAd(header)
  if (chunk.length < 1 + sizes.tag || chunk.length > bundleChunkBytes + sizes.tag) throw new CannotOpen()
  const plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(chunk, ad, nonce, key)
  if (plain === null) throw new CannotOpen()
  return plain
}
