/** The slow readable twin of `crypto/`: every construction of suite 1 written once more from its text, on @noble instead of libsodium. It imports
 *  nothing of the product. The vectors beside it are what it computes; the product must reach the same bytes on both of its back-ends. */
import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20, hchacha, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { argon2id } from '@noble/hashes/argon2.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { sha512 } from '@noble/hashes/sha2.js'

type Bytes = Uint8Array

export const join = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]))
export const ascii = (text: string): Bytes => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
export const zeros = (n: number): Bytes => new Uint8Array(n)

/** 'outpost/1/' label 00 */
export const prefix = (label: string): Bytes => join(ascii(`outpost/1/${label}`), zeros(1))

export const twinHash = (label: string, ...parts: Bytes[]): Bytes =>
  blake2b(join(prefix(label), ...parts), { dkLen: 32 })
export const twinKeyed = (dkLen: number, label: string, key: Bytes, ...parts: Bytes[]): Bytes =>
  blake2b(join(prefix(label), ...parts), { dkLen, key })

/** A sign seed is the Ed25519 secret; libsodium stores seed then public key. */
export const twinSignPair = (seed: Bytes): { publicKey: Bytes; secretKey: Bytes } => {
  const publicKey = ed25519.getPublicKey(seed)
  return { publicKey, secretKey: join(seed, publicKey) }
}
export const twinSign = (label: string, message: Bytes, secretKey: Bytes): Bytes =>
  ed25519.sign(join(prefix(label), message), secretKey.slice(0, 32))

/** A box seed is hashed: the secret is the first half of its SHA-512. */
export const twinBoxPair = (seed: Bytes): { publicKey: Bytes; secretKey: Bytes } => {
  const secretKey = sha512(seed).slice(0, 32)
  return { publicKey: x25519.getPublicKey(secretKey), secretKey }
}

export const twinAgree = (secretKey: Bytes, publicKey: Bytes): Bytes => x25519.getSharedSecret(secretKey, publicKey)

const words = (bytes: Bytes): Uint32Array => new Uint32Array(bytes.slice().buffer)
const bytesOf = (numbers: Uint32Array): Bytes => new Uint8Array(numbers.buffer)
const sigma = words(ascii('expand 32-byte k'))

/** crypto_box_seal: ephemeral public key, then XSalsa20-Poly1305 under HSalsa20 of the agreement, nonce = BLAKE2b-192 of both public keys. */
export const twinSeal = (plain: Bytes, recipientPublic: Bytes, ephemeralSecret: Bytes): Bytes => {
  const ephemeralPublic = x25519.getPublicKey(ephemeralSecret)
  const key = new Uint32Array(8)
  hsalsa(sigma, words(twinAgree(ephemeralSecret, recipientPublic)), new Uint32Array(4), key)
  const nonce = blake2b(join(ephemeralPublic, recipientPublic), { dkLen: 24 })
  return join(ephemeralPublic, xsalsa20poly1305(bytesOf(key), nonce).encrypt(plain))
}

export const twinAead = (key: Bytes, nonce: Bytes, ad: Bytes, plain: Bytes): Bytes =>
  xchacha20poly1305(key, nonce, ad).encrypt(plain)

export const twinLock = (label: string, key: Bytes, plain: Bytes, ad: Bytes, nonce: Bytes): Bytes =>
  join(nonce, twinAead(key, nonce, join(prefix(label), ad), plain))

/** crypto_kdf: keyed BLAKE2b, number as salt, context as personalisation, both filled with zeros to 16 bytes. */
export const twinSubKey = (master: Bytes, id: number, context: string): Bytes => {
  const salt = new Uint8Array(16)
  new DataView(salt.buffer).setBigUint64(0, BigInt(id), true)
  const personalization = new Uint8Array(16)
  personalization.set(ascii(context))
  return blake2b(zeros(0), { dkLen: 32, key: master, salt, personalization })
}

export const twinPin = (pin: string, salt: Bytes, ops: number, memBytes: number): Bytes =>
  argon2id(new TextEncoder().encode(pin.normalize('NFKC')), salt, { t: ops, m: memBytes / 1024, p: 1, dkLen: 32 })

/** One push of libsodium's secretstream. state.nonce: 4-byte little-endian counter from 1, then 8 bytes. */
const pushChunk = (state: { key: Bytes; nonce: Bytes }, plain: Bytes, ad: Bytes, tag: number): Bytes => {
  const macKey = chacha20(state.key, state.nonce, zeros(32))
  const tagBlock = chacha20(state.key, state.nonce, join(Uint8Array.of(tag), zeros(63)), undefined, 1)
  const cipher = chacha20(state.key, state.nonce, plain, undefined, 2)
  const lengths = new Uint8Array(16)
  new DataView(lengths.buffer).setBigUint64(0, BigInt(ad.length), true)
  new DataView(lengths.buffer).setBigUint64(8, BigInt(64 + plain.length), true)
  const adPadding = zeros((16 - (ad.length % 16)) % 16)
  const mac = poly1305(join(ad, adPadding, tagBlock, cipher, zeros(plain.length % 16), lengths), macKey)
  for (let i = 0; i < 8; i++) state.nonce[4 + i] = (state.nonce[4 + i] as number) ^ (mac[i] as number)
  const counter = new DataView(state.nonce.buffer)
  counter.setUint32(0, counter.getUint32(0, true) + 1, true)
  return join(tagBlock.slice(0, 1), cipher, mac)
}

/** An encrypted file. `tags` is what a hostile writer may choose; without it the format's own. */
export const twinFile = (
  content: Bytes,
  key: Bytes,
  header: Bytes,
  options: { chunk?: number; tags?: number[] } = {},
): Bytes => {
  const chunk = options.chunk ?? 65_536
  const inner = new Uint32Array(8)
  hchacha(sigma, words(key), words(header.slice(0, 16)), inner)
  const state = { key: bytesOf(inner), nonce: join(Uint8Array.of(1, 0, 0, 0), header.slice(16)) }
  const count = Math.max(1, Math.ceil(content.length / chunk))
  const chunks = Array.from({ length: count }, (_, i) => {
    const tag = options.tags?.[i] ?? (i === count - 1 ? 3 : 0)
    return pushChunk(state, content.slice(i * chunk, (i + 1) * chunk), prefix('file'), tag)
  })
  const whole = new Uint8Array(24 + chunks.reduce((length, piece) => length + piece.length, 0))
  whole.set(header)
  let at = 24
  for (const piece of chunks) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** lane.md, 2. */
export const twinBundleKey = (secret: Bytes, peer: Bytes, ephemeral: Bytes, recipient: Bytes, header: Bytes): Bytes =>
  twinHash('bundle-key', twinAgree(secret, peer), ephemeral, recipient, header)
export const twinChunk = (
  key: Bytes,
  header: Bytes,
  noncePrefix: Bytes,
  i: number,
  last: boolean,
  plain: Bytes,
): Bytes => {
  const nonce = join(noncePrefix, Uint8Array.of(0, 0, 0, last ? 1 : 0, i >>> 24, i >>> 16, i >>> 8, i))
  return twinAead(key, nonce, join(prefix('bundle-chunk'), twinHash('bundle-header', header)), plain)
}

/** lane.md, 6. */
export const twinLinkKey = (
  secret: Bytes,
  peer: Bytes,
  link: number,
  keyEpoch: number,
  sender: Bytes,
  recipient: Bytes,
): Bytes => {
  const numbers = Uint8Array.of(link >>> 24, link >>> 16, link >>> 8, link, keyEpoch >>> 8, keyEpoch)
  return twinHash('link', twinAgree(secret, peer), numbers, sender, recipient)
}

/** RFC 6962, 2.1, word for word, on all entries. */
export interface TwinTree {
  leaf(entry: Bytes): Bytes
  node(left: Bytes, right: Bytes): Bytes
  empty: Bytes
}
export const twinLog: TwinTree = {
  leaf: (entry) => twinHash('log-leaf', entry),
  node: (left, right) => twinHash('log-node', left, right),
  empty: twinHash('log-node'),
}
const half = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))
export const mth = (d: Bytes[], h: TwinTree = twinLog): Bytes => {
  if (d.length === 0) return h.empty
  if (d.length === 1) return h.leaf(d[0] as Bytes)
  const k = half(d.length)
  return h.node(mth(d.slice(0, k), h), mth(d.slice(k), h))
}
export const path = (m: number, d: Bytes[], h: TwinTree = twinLog): Bytes[] => {
  if (d.length === 1) return []
  const k = half(d.length)
  return m < k
    ? [...path(m, d.slice(0, k), h), mth(d.slice(k), h)]
    : [...path(m - k, d.slice(k), h), mth(d.slice(0, k), h)]
}
export const proof = (m: number, d: Bytes[], h: TwinTree = twinLog, b = true): Bytes[] => {
  if (m === d.length) return b ? [] : [mth(d, h)]
  const k = half(d.length)
  return m <= k
    ? [...proof(m, d.slice(0, k), h, b), mth(d.slice(k), h)]
    : [...proof(m - k, d.slice(k), h, false), mth(d.slice(0, k), h)]
}
