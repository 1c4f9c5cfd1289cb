/** The check of a bundle, step by step; the first failure ends it with the code of its step (lane/SPEC.md, "Verify order"). Steps 1 to 8 need no
 *  secret, so that a process without keys can turn away what is not for this lane. Nothing is taken over here: what comes out is for the
 *  importer, which writes it in one transaction with its place. A bundle is taken whole or refused whole. */
import { bundleKey, openChunk } from '#crypto/bundle.ts'
import { concat, equalBytes, toHex } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { verify } from '#crypto/sign.ts'
import { Fault } from '../errors.ts'
import {
  type BundleCaps,
  type BundleHeader,
  bundleHashOf,
  checkCaps,
  checkLength,
  chunkBytes,
  contentLenOf,
  partsOf,
  payloadHashOf,
  readHeader,
  tagBytes,
} from './bundle.ts'
import type { Compressor } from './compressor.ts'
import type { Content } from './content.ts'
import { judgeContent } from './judge.ts'
import { laneIdOf } from './keys.ts'
import type { ReleasePolicy } from './policy.ts'
import type { LabelOf } from './release.ts'
import { secondCheck } from './second-check.ts'
import { type EpochClaim, type ImportedAt, judgeEpoch, judgePlace, type LaneLedger, type Placed } from './sequence.ts'
import { type CheckedEntries, checkSignatures, type KnownKeys } from './signatures.ts'

/** A certified Ed25519 key of the lane's sealer. */
export interface SenderKey {
  readonly publicKey: Uint8Array
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly isRevoked: boolean
}

/** One lane as the receiver knows it, from its lane card and settings. */
export interface LaneChannel {
  readonly laneNumber: Uint8Array
  /** Station or hub ids, 16 bytes. */
  readonly sender: Uint8Array
  readonly recipient: Uint8Array
  senderKeyOf(keyId: Uint8Array): SenderKey | undefined
  policyOf(policyHash: Uint8Array): ReleasePolicy | undefined
  readonly caps: BundleCaps
  /** How long after its expiry, by the receiver's wall clock, a bundle is still taken. */
  readonly expiryGraceMs: number
}

export interface GateContext {
  channelOf(laneNumber: Uint8Array): LaneChannel | undefined
  ledgerOf(channel: LaneChannel): LaneLedger
  importedAt(channel: LaneChannel): ImportedAt
  /** This receiver: its id and the key ids of its boxes. */
  readonly self: Uint8Array
  isOwnKeyId(keyId: Uint8Array): boolean
  readonly nowMs: number
}

export interface JudgedBundle {
  readonly verdict: 'new' | 'duplicate'
  readonly header: BundleHeader
  readonly channel: LaneChannel
  readonly placed: Placed
  readonly bundleHash: Uint8Array
}

/** Steps 1 to 8. Throws Fault 'lane/length', 'lane/header', 'lane/cap', 'lane/unknown', 'lane/sender-key', 'lane/bundle-forged', 'lane/epoch',
 *  'lane/fork', 'lane/expired', 'lane/recipient'. A duplicate is a verdict: it is dropped without an error. */
export function judgeBundle(file: Uint8Array, context: GateContext): JudgedBundle {
  checkLength(file)
  const header = readHeader(file)
  checkCaps(header)
  const channel = context.channelOf(header.laneNumber)
  if (!channel) throw new Fault('lane/unknown', { laneNumber: toHex(header.laneNumber) })
  checkLength(file, channel.caps.fileBytesMax)
  checkCaps(header, channel.caps)
  const senderKey = channel.senderKeyOf(header.senderKeyId)
  if (!senderKey || senderKey.isRevoked || !isMadeIn(senderKey, header.createdMs))
    throw new Fault('lane/sender-key', { keyId: toHex(header.senderKeyId) })
  const parts = partsOf(file)
  const isGenuine =
    equalBytes(payloadHashOf(parts.sealed), parts.payloadHash) &&
    verify('bundle', concat(parts.header, parts.payloadHash), parts.signature, senderKey.publicKey)
  if (!isGenuine) throw new Fault('lane/bundle-forged')
  const bundleHash = bundleHashOf(parts.header, parts.payloadHash)
  const placed = placedOf(header, bundleHash)
  const verdict = judgePlace(context.ledgerOf(channel), context.importedAt(channel), placed)
  const judged: JudgedBundle = { verdict, header, channel, placed, bundleHash }
  if (verdict === 'duplicate') return judged
  if (context.nowMs > header.expiresMs + channel.expiryGraceMs)
    throw new Fault('lane/expired', { epoch: placed.epoch, seq: placed.seq })
  if (!equalBytes(channel.recipient, context.self) || !context.isOwnKeyId(header.recipientKeyId))
    throw new Fault('lane/recipient', { keyId: toHex(header.recipientKeyId) })
  return judged
}

/** By the sender's own date: a bundle on its way for weeks is not spoilt by a key that lapsed since. How long it may be on its way, its expiry
 *  decides by the receiver's clock. */
const isMadeIn = (key: SenderKey, createdMs: number): boolean =>
  createdMs >= key.notBeforeMs && createdMs <= key.notAfterMs

export const placedOf = (header: BundleHeader, bundleHash: Uint8Array): Placed => ({
  epoch: toHex(header.epoch),
  seq: header.seq,
  bundleHash: toHex(bundleHash),
  prevHash: toHex(header.prevHash),
  isLastOfEpoch: header.isLastOfEpoch,
  isEpochBundle: header.type === 'epoch',
})

export interface OpenContext extends GateContext {
  /** X25519; 32 bytes each. */
  boxKeyOf(keyId: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array } | undefined
  readonly compressor: Compressor
  readonly knownKeys: KnownKeys
  readonly labelOf: LabelOf
}

export interface OpenedBundle extends JudgedBundle {
  readonly verdict: 'new'
  readonly content: Content
  /** Of an EPOCH bundle, for sequence.noteImported; else null. */
  readonly claim: EpochClaim | null
  readonly checked: CheckedEntries
}
export type DuplicateBundle = JudgedBundle & { readonly verdict: 'duplicate' }

/** Steps 1 to 14. Throws what judgeBundle throws, then Fault 'crypto/cannot-open', 'lane/content-size', 'lane/content-form', 'lane/schema',
 *  'lane/unsupported', 'lane/policy', 'lane/approval', 'lane/withheld', 'lane/entry-forged', 'lane/second-check'. */
export function openBundle(file: Uint8Array, context: OpenContext): OpenedBundle | DuplicateBundle {
  const judged = judgeBundle(file, context)
  if (judged.verdict === 'duplicate') return { ...judged, verdict: 'duplicate' }
  const { header, channel, placed } = judged
  const sealedContent = openChunks(file, header, context)
  const plain = unfold(sealedContent, header, context.compressor)
  const laneId = laneIdOf(channel.laneNumber, channel.sender, channel.recipient)
  const content = judgeContent(plain, header, {
    policyOf: (hash) => channel.policyOf(hash),
    laneId,
    labelOf: context.labelOf,
  })
  const claim = claimOf(content)
  if (claim) judgeEpoch(context.ledgerOf(channel), context.importedAt(channel), placed, claim)
  const checked = checkSignatures(content.entries, context.knownKeys)
  secondCheck(plain, header.recordCount, header.type === 'data' ? (channel.policyOf(header.policyHash) ?? null) : null)
  return { ...judged, verdict: 'new', content, claim, checked }
}

/** Step 9: all chunks, in order, the last one marked; no plaintext goes on before all are open. */
function openChunks(file: Uint8Array, header: BundleHeader, context: OpenContext): Uint8Array {
  const pair = context.boxKeyOf(header.recipientKeyId)
  const contentLen = contentLenOf(header.sealedLen)
  if (!pair || contentLen === null) throw new Fault('crypto/cannot-open')
  const parts = partsOf(file)
  const step = chunkBytes + tagBytes
  const count = Math.ceil(header.sealedLen / step)
  const plain = new Uint8Array(contentLen)
  try {
    const key = bundleKey({
      ephemeralPublic: header.ephemeralPub,
      recipientPublic: pair.publicKey,
      recipientSecret: pair.secretKey,
      header: parts.header,
    })
    for (let index = 0; index < count; index++) {
      const chunk = parts.sealed.subarray(index * step, (index + 1) * step)
      plain.set(openChunk(key, parts.header, header.noncePrefix, index, index === count - 1, chunk), index * chunkBytes)
    }
    key.fill(0)
  } catch (cause) {
    if (cause instanceof CannotOpen) throw new Fault('crypto/cannot-open', {}, { cause })
    throw cause
  }
  return plain
}

/** Step 10. */
function unfold(content: Uint8Array, header: BundleHeader, compressor: Compressor): Uint8Array {
  let plain = content
  if (header.isCompressed) {
    try {
      plain = compressor.decompress(content, header.plainLen)
    } catch (cause) {
      throw new Fault('lane/content-size', { plainLen: header.plainLen }, { cause })
    }
  }
  if (plain.length !== header.plainLen)
    throw new Fault('lane/content-size', { plainLen: header.plainLen, sizeBytes: plain.length })
  return plain
}

function claimOf(content: Content): EpochClaim | null {
  const entry = content.entries.find((each) => each.kind === 7)
  return entry
    ? { previousEpoch: toHex(entry.previousEpoch), headSeq: entry.headSeq, headHash: toHex(entry.headHash) }
    : null
}
