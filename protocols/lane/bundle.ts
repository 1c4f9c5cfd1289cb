/** The frame of a bundle, OWB1: header (256) ‖ sealed chunks ‖ trailer (96), byte for byte (lane/SPEC.md, "Bundle"). Writing and the first three
 *  steps of reading; it knows no key, no lane and no content. All integers are unsigned and big-endian. */
import { concat, equalBytes, toHex } from '#crypto/bytes.ts'
import { createHasher, hash } from '#crypto/hash.ts'
import { assert, Fault } from '../errors.ts'
import { limits } from '../limits.ts'

export const headerBytes = 256
export const trailerBytes = 96
export const chunkBytes = 65_536
export const tagBytes = 16
export const suite = 1

export const bundleTypes = { data: 1, index: 2, epoch: 3, key: 4, policy: 5 } as const
export type BundleType = keyof typeof bundleTypes
export const niceness = { flash: 0, priority: 1, normal: 2, bulk: 3 } as const
export type Niceness = (typeof niceness)[keyof typeof niceness]

export interface BundleHeader {
  readonly isCompressed: boolean
  readonly isLastOfEpoch: boolean
  readonly type: BundleType
  readonly niceness: Niceness
  /** 16 bytes. */
  readonly laneNumber: Uint8Array
  /** 8 bytes each. */
  readonly senderKeyId: Uint8Array
  readonly recipientKeyId: Uint8Array
  /** 8 bytes: stored counter in the high half, random in the low one (place.ts). */
  readonly epoch: Uint8Array
  /** From 1, which is the epoch's EPOCH bundle. */
  readonly seq: number
  /** bundleHash of the lane's bundle before, across epochs; 32 zero bytes for a lane's first. */
  readonly prevHash: Uint8Array
  readonly createdMs: number
  readonly expiresMs: number
  /** Content before compression, in bytes. */
  readonly plainLen: number
  readonly sealedLen: number
  /** Entries in the content. */
  readonly recordCount: number
  /** 32 bytes; zero if and only if the type is not data. */
  readonly policyHash: Uint8Array
  /** 32 bytes; zero: no approvals inside. */
  readonly approvalHash: Uint8Array
  readonly ephemeralPub: Uint8Array
  /** 16 bytes. */
  readonly noncePrefix: Uint8Array
}

const magic = Uint8Array.of(0x4f, 0x57, 0x42, 0x31) // "OWB1"
const at = {
  suite: 4,
  flags: 5,
  type: 6,
  niceness: 7,
  laneNumber: 8,
  senderKeyId: 24,
  recipientKeyId: 32,
  epoch: 40,
  seq: 48,
  prevHash: 56,
  createdMs: 88,
  expiresMs: 96,
  plainLen: 104,
  sealedLen: 112,
  recordCount: 120,
  policyHash: 124,
  approvalHash: 156,
  ephemeralPub: 188,
  chunkSize: 220,
  noncePrefix: 224,
  reserved: 240,
} as const

const byteFields = [
  ['laneNumber', 16],
  ['senderKeyId', 8],
  ['recipientKeyId', 8],
  ['epoch', 8],
  ['prevHash', 32],
  ['policyHash', 32],
  ['approvalHash', 32],
  ['ephemeralPub', 32],
  ['noncePrefix', 16],
] as const
const u64Fields = ['seq', 'createdMs', 'expiresMs', 'plainLen', 'sealedLen'] as const
const typeOfNumber = new Map<number, BundleType>(
  Object.entries(bundleTypes).map(([name, number]) => [number, name as BundleType]),
)

/** The 256 bytes. What it is given must already be sound: a fault here is our bug. */
export function encodeHeader(header: BundleHeader): Uint8Array {
  const bytes = new Uint8Array(headerBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  bytes[at.suite] = suite
  bytes[at.flags] = (header.isCompressed ? 1 : 0) | (header.isLastOfEpoch ? 2 : 0)
  bytes[at.type] = bundleTypes[header.type]
  bytes[at.niceness] = header.niceness
  for (const [name, length] of byteFields) {
    assert(header[name].length === length, `bundle header: ${name} has ${length} bytes`)
    bytes.set(header[name], at[name])
  }
  for (const name of u64Fields) {
    assert(Number.isSafeInteger(header[name]) && header[name] >= 0, `bundle header: ${name} is a whole number`)
    view.setBigUint64(at[name], BigInt(header[name]))
  }
  assert(header.recordCount <= 0xffff_ffff, 'bundle header: recordCount fits 32 bits')
  view.setUint32(at.recordCount, header.recordCount)
  view.setUint32(at.chunkSize, chunkBytes)
  return bytes
}

/** Bytes of the content P inside `sealedLen`, or null if no content can have that length. */
export function contentLenOf(sealedLen: number): number | null {
  if (!Number.isSafeInteger(sealedLen) || sealedLen < 1) return null
  const chunks = Math.ceil(sealedLen / (chunkBytes + tagBytes))
  const contentLen = sealedLen - chunks * tagBytes
  return contentLen > (chunks - 1) * chunkBytes ? contentLen : null
}

export const sealedLenOf = (contentLen: number): number => contentLen + tagBytes * Math.ceil(contentLen / chunkBytes)

/** Step 1: the file is as long as its header says. Throws Fault 'lane/length'. */
export function checkLength(file: Uint8Array, fileBytesMax: number = limits.bundleFileBytesMax): void {
  const wrong = () => new Fault('lane/length', { sizeBytes: file.length })
  if (file.length > fileBytesMax || file.length <= headerBytes + trailerBytes) throw wrong()
  const sealedLen = u64At(viewOf(file), at.sealedLen)
  if (file.length !== headerBytes + trailerBytes + sealedLen || contentLenOf(sealedLen) === null) throw wrong()
}

/** Step 2: magic, suite, flags, type, niceness, chunk size, zeros, and numbers that Outpost can count. file: at least 256 bytes.
 *  Throws Fault 'lane/header' { field }. */
export function readHeader(file: Uint8Array): BundleHeader {
  const view = viewOf(file)
  const slice = (offset: number, length: number) => file.slice(offset, offset + length)
  const wrong = (field: string) => new Fault('lane/header', { field })
  const flags = view.getUint8(at.flags)
  const type = typeOfNumber.get(view.getUint8(at.type))
  const nice = view.getUint8(at.niceness)
  if (!equalBytes(slice(0, 4), magic)) throw wrong('magic')
  if (view.getUint8(at.suite) !== suite) throw wrong('suite')
  if (flags > 3) throw wrong('flags')
  if (type === undefined) throw wrong('type')
  if (nice > niceness.bulk) throw wrong('niceness')
  if (view.getUint32(at.chunkSize) !== chunkBytes) throw wrong('chunkSize')
  if (!isZero(file.subarray(at.reserved, headerBytes))) throw wrong('reserved')
  const numbers = Object.fromEntries(u64Fields.map((name) => [name, u64At(view, at[name])])) as Record<
    (typeof u64Fields)[number],
    number
  >
  for (const name of u64Fields) if (!Number.isSafeInteger(numbers[name])) throw wrong(name)
  const fields = Object.fromEntries(byteFields.map(([name, length]) => [name, slice(at[name], length)])) as Record<
    (typeof byteFields)[number][0],
    Uint8Array
  >
  if (isZero(fields.policyHash) !== (type !== 'data')) throw wrong('policyHash')
  if (type !== 'data' && !isZero(fields.approvalHash)) throw wrong('approvalHash')
  if (numbers.seq < 1 || (numbers.seq === 1) !== (type === 'epoch')) throw wrong('seq')
  if (numbers.seq > 1 && isZero(fields.prevHash)) throw wrong('prevHash')
  return {
    isCompressed: (flags & 1) !== 0,
    isLastOfEpoch: (flags & 2) !== 0,
    type,
    niceness: nice as Niceness,
    ...fields,
    ...numbers,
    recordCount: view.getUint32(at.recordCount),
  }
}

/** What a lane may set below the hard maxima of limits.ts; the receiver's apply. */
export interface BundleCaps {
  readonly fileBytesMax: number
  readonly plainBytesMax: number
  readonly entriesMax: number
  readonly lifetimeMsMax: number
}
export const hardCaps: BundleCaps = {
  fileBytesMax: limits.bundleFileBytesMax,
  plainBytesMax: limits.bundlePlainBytesMax,
  entriesMax: limits.bundleEntriesMax,
  lifetimeMsMax: limits.bundleLifetimeMsMax,
}

/** Step 3: nothing that the header announces is beyond its cap. Throws Fault 'lane/cap' { field }. */
export function checkCaps(header: BundleHeader, caps: BundleCaps = hardCaps): void {
  const wrong = (field: string) => new Fault('lane/cap', { field })
  const contentLen = contentLenOf(header.sealedLen) ?? 0
  const lifetimeMs = header.expiresMs - header.createdMs
  if (header.plainLen < 1 || header.plainLen > caps.plainBytesMax) throw wrong('plainLen')
  if (header.plainLen > contentLen * limits.bundleRatioMax) throw wrong('ratio')
  if (header.recordCount < 1 || header.recordCount > caps.entriesMax) throw wrong('recordCount')
  if (lifetimeMs < 1 || lifetimeMs > caps.lifetimeMsMax) throw wrong('lifetime')
}

export interface BundleParts {
  readonly header: Uint8Array
  readonly sealed: Uint8Array
  readonly payloadHash: Uint8Array
  readonly signature: Uint8Array
}

/** file: as long as checkLength wants it. Views, no copies. */
export function partsOf(file: Uint8Array): BundleParts {
  const trailer = file.length - trailerBytes
  return {
    header: file.subarray(0, headerBytes),
    sealed: file.subarray(headerBytes, trailer),
    payloadHash: file.subarray(trailer, trailer + 32),
    signature: file.subarray(trailer + 32),
  }
}

/** Over all chunks of ciphertext. Returns 32 bytes. */
export function payloadHashOf(sealed: Uint8Array): Uint8Array {
  const hasher = createHasher('bundle-payload')
  hasher.update(sealed)
  return hasher.digest()
}

/** Names a bundle for ever. header: the 256 bytes. Returns 32 bytes. */
export const bundleHashOf = (header: Uint8Array, payloadHash: Uint8Array): Uint8Array =>
  hash('bundle-hash', concat(header, payloadHash))

/** `<epoch hex>-<seq hex>-<16 hex of bundleHash>.owb`: for people and for sorting; a reader takes nothing from it. */
export const bundleFileName = (header: Pick<BundleHeader, 'epoch' | 'seq'>, bundleHash: Uint8Array): string =>
  `${toHex(header.epoch)}-${header.seq.toString(16).padStart(16, '0')}-${toHex(bundleHash.subarray(0, 8))}.owb`

/** The name that a carrier gives a file. Throws Fault 'lane/length' or 'lane/header' if the bytes are no bundle. */
export function fileNameOf(file: Uint8Array): string {
  checkLength(file)
  const parts = partsOf(file)
  return bundleFileName(readHeader(file), bundleHashOf(parts.header, parts.payloadHash))
}

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
/** Beyond 2^53 the number loses bits and is no safe integer any more: refused by who asks. */
const u64At = (view: DataView, offset: number): number => view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4)
