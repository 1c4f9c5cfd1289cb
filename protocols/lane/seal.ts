/** Making a bundle: content, compression, sealing to the recipient, the sender's signature (lane/SPEC.md, "Bundle"). Before it seals it makes the
 *  receiver's own checks of the content, so that nothing leaves that would be refused, and nothing that a policy keeps back. It hands out no
 *  place: epoch and seq come committed from the caller. */
import { bundleKey, sealChunk } from '#crypto/bundle.ts'
import { concat } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { sign } from '#crypto/sign.ts'
import { assert, Fault } from '../errors.ts'
import { limits } from '../limits.ts'
import {
  type BundleHeader,
  bundleFileName,
  bundleHashOf,
  checkCaps,
  checkLength,
  chunkBytes,
  encodeHeader,
  type Niceness,
  payloadHashOf,
  readHeader,
  sealedLenOf,
  tagBytes,
} from './bundle.ts'
import type { Compressor } from './compressor.ts'
import { encodeContent } from './content.ts'
import type { Entry } from './entry.ts'
import { judgeContent } from './judge.ts'
import { keyIdOf, laneIdOf } from './keys.ts'
import type { Place } from './place.ts'
import { policyHashOf, type ReleasePolicy } from './policy.ts'
import { labelOfSlots, type LabelOf } from './release.ts'
import { secondCheck } from './second-check.ts'

export interface SealInput {
  readonly lane: { readonly laneNumber: Uint8Array; readonly sender: Uint8Array; readonly recipient: Uint8Array }
  /** Ed25519, certified for this lane: 32 and 64 bytes. */
  readonly senderKey: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }
  /** X25519, 32 bytes. */
  readonly recipientPublicKey: Uint8Array
  readonly place: Place
  readonly niceness: Niceness
  readonly createdMs: number
  readonly expiresMs: number
  readonly isLastOfEpoch?: boolean
  /** In any order; for data with the withheld list, and the approvals if the policy asks for them. */
  readonly entries: readonly Entry[]
  /** null: an EPOCH bundle. */
  readonly policy: ReleasePolicy | null
  readonly labelOf?: LabelOf
  /** Left out: the content goes uncompressed. */
  readonly compressor?: Compressor
  readonly random: Random
}

export interface SealedBundle {
  readonly bytes: Uint8Array
  readonly header: BundleHeader
  readonly bundleHash: Uint8Array
  readonly fileName: string
}

/** Throws Fault 'lane/cap', 'lane/length' or what judgeContent and secondCheck throw; then nothing was sealed. */
export function sealBundle(input: SealInput): SealedBundle {
  const content = encodeContent(input.entries)
  if (content.bytes.length > limits.bundlePlainBytesMax) throw new Fault('lane/cap', { field: 'plainLen' })
  const body = fold(content.bytes, input.compressor)
  const ephemeral = boxKeyPair(input.random)
  const header: BundleHeader = {
    isCompressed: body.isCompressed,
    isLastOfEpoch: input.isLastOfEpoch ?? false,
    type: input.policy ? 'data' : 'epoch',
    niceness: input.niceness,
    laneNumber: input.lane.laneNumber,
    senderKeyId: keyIdOf('sender', input.senderKey.publicKey),
    recipientKeyId: keyIdOf('recipient', input.recipientPublicKey),
    ...input.place,
    createdMs: input.createdMs,
    expiresMs: input.expiresMs,
    plainLen: content.bytes.length,
    sealedLen: sealedLenOf(body.bytes.length),
    recordCount: content.entries.length,
    policyHash: input.policy ? policyHashOf(input.policy) : new Uint8Array(32),
    approvalHash: content.approvalHash,
    ephemeralPub: ephemeral.publicKey,
    noncePrefix: input.random.bytes(16),
  }
  checkCaps(header)
  judgeContent(content.bytes, header, {
    policyOf: () => input.policy ?? undefined,
    laneId: laneIdOf(input.lane.laneNumber, input.lane.sender, input.lane.recipient),
    labelOf: input.labelOf ?? labelOfSlots,
  })
  secondCheck(content.bytes, header.recordCount, input.policy)
  const headerBytes = encodeHeader(header)
  const key = bundleKey({
    ephemeralSecret: ephemeral.secretKey,
    ephemeralPublic: ephemeral.publicKey,
    recipientPublic: input.recipientPublicKey,
    header: headerBytes,
  })
  const sealed = sealChunks(key, headerBytes, header, body.bytes)
  key.fill(0)
  ephemeral.secretKey.fill(0)
  const payloadHash = payloadHashOf(sealed)
  const signature = sign('bundle', concat(headerBytes, payloadHash), input.senderKey.secretKey)
  const bytes = concat(headerBytes, sealed, payloadHash, signature)
  checkLength(bytes)
  assert(readHeader(bytes).seq === input.place.seq, 'a sealed header reads back')
  const bundleHash = bundleHashOf(headerBytes, payloadHash)
  return { bytes, header, bundleHash, fileName: bundleFileName(header, bundleHash) }
}

/** Content that shrinks past the ratio, or does not shrink, goes as it is. */
function fold(plain: Uint8Array, compressor: Compressor | undefined): { bytes: Uint8Array; isCompressed: boolean } {
  const frame = compressor?.compress(plain)
  if (!frame || frame.length >= plain.length || plain.length > frame.length * limits.bundleRatioMax)
    return { bytes: plain, isCompressed: false }
  return { bytes: frame, isCompressed: true }
}

function sealChunks(key: Uint8Array, headerBytes: Uint8Array, header: BundleHeader, plain: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(header.sealedLen)
  const count = Math.ceil(plain.length / chunkBytes)
  for (let index = 0; index < count; index++) {
    const piece = plain.subarray(index * chunkBytes, (index + 1) * chunkBytes)
    const chunk = sealChunk(key, headerBytes, header.noncePrefix, index, index === count - 1, piece)
    sealed.set(chunk, index * (chunkBytes + tagBytes))
  }
  return sealed
}
