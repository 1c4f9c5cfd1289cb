/** Attachments (security.md, 7): secretstream of XChaCha20-Poly1305 in chunks of 64 KiB under a key of their own, addressed by the hash of the
 *  ciphertext. Format: header (24), then chunks of 17 + 65,536 bytes; the last holds 0..65,536 bytes of content and the final tag. An empty
 *  chunk stands only in an empty file, so each content has one layout. */
import { sodium } from '#crypto/sodium'
import { abytes, concat } from './bytes.ts'
import { CannotOpen } from './cannot-open.ts'
import { createHasher } from './hash.ts'
import { labelBytes } from './labels.ts'
import type { Random } from './random.ts'
import { sizes } from './sodium.ts'

export const fileChunkBytes = 65_536
const sealedChunkBytes = fileChunkBytes + sizes.streamOverhead
const tagMessage = 0
const tagFinal = 3

export interface EncryptedFile {
  /** 32 bytes, a field of the record; of this file alone. */
  readonly key: Uint8Array
  readonly ciphertext: Uint8Array
  /** 32 bytes: H<file>(ciphertext), the address of the file. */
  readonly hash: Uint8Array
}

/** Length of the ciphertext for a content of `contentBytes`. */
export const encryptedFileBytes = (contentBytes: number): number =>
  sizes.streamHeader + contentBytes + sizes.streamOverhead * Math.max(1, Math.ceil(contentBytes / fileChunkBytes))

/** H<file>(ciphertext), without a second copy of it. */
export const fileHash = (ciphertext: Uint8Array): Uint8Array => {
  const hasher = createHasher('file')
  hasher.update(ciphertext)
  return hasher.digest()
}

export const encryptFile = (bytes: Uint8Array, random: Random): EncryptedFile => {
  abytes(bytes, undefined, 'file')
  const key = abytes(random.bytes(sizes.key), sizes.key, 'file key')
  const header = abytes(random.bytes(sizes.streamHeader), sizes.streamHeader, 'file header')
  const ciphertext = new Uint8Array(encryptedFileBytes(bytes.length))
  ciphertext.set(header)
  const ad = labelBytes('file')
  const state = sodium.crypto_secretstream_xchacha20poly1305_init(header, key)
  try {
    for (let from = 0, to = header.length; to < ciphertext.length; from += fileChunkBytes, to += sealedChunkBytes) {
      const tag = from + fileChunkBytes >= bytes.length ? tagFinal : tagMessage
      const piece = bytes.subarray(from, from + fileChunkBytes)
      ciphertext.set(sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, ad, tag), to)
    }
  } finally {
    sodium.crypto_secretstream_xchacha20poly1305_free(state)
  }
  return { key, ciphertext, hash: fileHash(ciphertext) }
}

/** Returns the content. Throws CannotOpen for every cause: wrong key, altered, cut, reordered, prolonged, without the final tag. Nothing is
 *  handed out before the last chunk is open. */
export const decryptFile = (ciphertext: Uint8Array, key: Uint8Array): Uint8Array => {
  abytes(ciphertext, undefined, 'encrypted file')
  abytes(key, sizes.key, 'file key')
  if (ciphertext.length < sizes.streamHeader + sizes.streamOverhead) throw new CannotOpen()
  const ad = labelBytes('file')
  const pieces: Uint8Array[] = []
  const state = sodium.crypto_secretstream_xchacha20poly1305_init(ciphertext.subarray(0, sizes.streamHeader), key)
  try {
    for (let at: number = sizes.streamHeader; at < ciphertext.length; at += sealedChunkBytes) {
      const chunk = ciphertext.subarray(at, at + sealedChunkBytes)
      const isLast = at + sealedChunkBytes >= ciphertext.length
      if (chunk.length < sizes.streamOverhead) throw new CannotOpen()
      if (chunk.length === sizes.streamOverhead && pieces.length > 0) throw new CannotOpen()
      const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, ad)
      if (opened === null || opened.tag !== (isLast ? tagFinal : tagMessage)) throw new CannotOpen()
      pieces.push(opened.message)
    }
  } finally {
    sodium.crypto_secretstream_xchacha20poly1305_free(state)
  }
  return concat(...pieces)
}
