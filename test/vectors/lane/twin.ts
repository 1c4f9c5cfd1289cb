/** A second, plain writing of OWB1, straight from the table of lane/SPEC.md, on @noble. It checks nothing, so that it can also make what must be
 *  refused; and where it makes what is right, the product must give the same bytes. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'

type Bytes = Uint8Array

const ascii = (text: string): Bytes => new TextEncoder().encode(text)
export const join = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]))
const labelled = (label: string): Bytes => join(ascii(`outpost/1/${label}`), Uint8Array.of(0))
export const twinHash = (label: string, bytes: Bytes): Bytes => blake2b(glue(labelled(label), bytes), { dkLen: 32 })
const u32 = (value: number): Bytes => Uint8Array.from([24, 16, 8, 0], (shift) => (value >>> shift) & 0xff)
const u64 = (value: number | bigint): Bytes => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** Joining without spreading: contents are large. */
export function glue(...parts: readonly Bytes[]): Bytes {
  const glued = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    glued.set(part, at)
    at += part.length
  }
  return glued
}

export interface TwinHeader {
  readonly flags: number
  readonly type: number
  readonly niceness: number
  readonly laneNumber: Bytes
  readonly senderKeyId: Bytes
  readonly recipientKeyId: Bytes
  readonly epoch: Bytes
  readonly seq: number | bigint
  readonly prevHash: Bytes
  readonly createdMs: number | bigint
  readonly expiresMs: number | bigint
  readonly plainLen: number | bigint
  readonly sealedLen: number | bigint
  readonly recordCount: number
  readonly policyHash: Bytes
  readonly approvalHash: Bytes
  readonly ephemeralPub: Bytes
  readonly noncePrefix: Bytes
}

export const twinHeader = (header: TwinHeader): Bytes =>
  join(
    ascii('OWB1'),
    Uint8Array.of(1, header.flags, header.type, header.niceness),
    header.laneNumber,
    header.senderKeyId,
    header.recipientKeyId,
    header.epoch,
    u64(header.seq),
    header.prevHash,
    u64(header.createdMs),
    u64(header.expiresMs),
    u64(header.plainLen),
    u64(header.sealedLen),
    u32(header.recordCount),
    header.policyHash,
    header.approvalHash,
    header.ephemeralPub,
    u32(65536),
    header.noncePrefix,
    new Uint8Array(16),
  )

export interface TwinInput {
  readonly header: TwinHeader
  /** P: what is cut and sealed. */
  readonly body: Bytes
  readonly ephemeralSecret: Bytes
  readonly recipientPublic: Bytes
  /** Ed25519 seed, 32 bytes. */
  readonly senderSeed: Bytes
  /** Bytes written over the header before everything else. */
  readonly patches?: readonly (readonly [offset: number, bytes: Bytes])[]
  /** The result of X25519, when it cannot be computed (a point of small order). */
  readonly shared?: Bytes
  readonly isLast?: (index: number, count: number) => boolean
  readonly chunks?: (chunks: readonly Bytes[]) => readonly Bytes[]
}

export function twinSeal(input: TwinInput): Bytes {
  const header = twinHeader(input.header)
  for (const [offset, bytes] of input.patches ?? []) header.set(bytes, offset)
  const shared = input.shared ?? x25519.getSharedSecret(input.ephemeralSecret, input.recipientPublic)
  const key = twinHash('bundle-key', join(shared, input.header.ephemeralPub, input.recipientPublic, header))
  const ad = join(labelled('bundle-chunk'), twinHash('bundle-header', header))
  const count = Math.ceil(input.body.length / 65536)
  const isLast = input.isLast ?? ((index: number) => index === count - 1)
  const made = Array.from({ length: count }, (_, index) => {
    const nonce = join(input.header.noncePrefix, Uint8Array.of(0, 0, 0, isLast(index, count) ? 1 : 0), u32(index))
    return xchacha20poly1305(key, nonce, ad).encrypt(input.body.subarray(index * 65536, (index + 1) * 65536))
  })
  return twinSign(header, glue(...(input.chunks?.(made) ?? made)), input.senderSeed)
}

export function twinSign(header: Bytes, sealed: Bytes, senderSeed: Bytes): Bytes {
  const payloadHash = twinHash('bundle-payload', sealed)
  const signature = ed25519.sign(join(labelled('bundle'), header, payloadHash), senderSeed)
  return glue(header, sealed, payloadHash, signature)
}

export const twinBundleHash = (file: Bytes): Bytes =>
  twinHash('bundle-hash', join(file.subarray(0, 256), file.subarray(file.length - 96, file.length - 64)))
