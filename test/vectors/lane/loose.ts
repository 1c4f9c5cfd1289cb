/** Bundles that the product would never seal: the twin with a rig's keys, and contents written by hand. */
import { x25519 } from '@noble/curves/ed25519.js'
import { type CborInput, encodeCanonical } from '#protocols/cbor.ts'
import type { Entry } from '#protocols/lane/entry.ts'
import { encodeEntry } from '#protocols/lane/entry.ts'
import { keyIdOf } from '#protocols/lane/keys.ts'
import { policyHashOf } from '#protocols/lane/policy.ts'
import { dayMs, type LaneRig, rigNowMs } from './rig.ts'
import { glue, type TwinHeader, type TwinInput, twinBundleHash, twinHash, twinSeal } from './twin.ts'

const zero32 = new Uint8Array(32)

export interface LooseInput {
  readonly content: Uint8Array
  readonly count: number
  /** P, when it is not the content itself. */
  readonly body?: Uint8Array
  readonly header?: Partial<TwinHeader>
  readonly twin?: Partial<
    Pick<TwinInput, 'patches' | 'shared' | 'isLast' | 'chunks' | 'senderSeed' | 'recipientPublic'>
  >
}

/** epoch: first EPOCH bundle of the loose sender; everything else follows it as seq 2. */
export function createLooseSender(rig: LaneRig) {
  const epoch = rig.random.bytes(8)
  epoch.set([0, 0, 0, 1])
  const ephemeralSecret = rig.random.bytes(32)
  const ephemeralPub = x25519.getPublicKey(ephemeralSecret)
  const noncePrefix = rig.random.bytes(16)
  const seal = (input: LooseInput): Uint8Array => {
    const body = input.body ?? input.content
    const header: TwinHeader = {
      flags: input.body ? 1 : 0,
      type: 1,
      niceness: 2,
      laneNumber: rig.lane.laneNumber,
      senderKeyId: keyIdOf('sender', rig.senderKey.publicKey),
      recipientKeyId: keyIdOf('recipient', rig.recipientKey.publicKey),
      epoch,
      seq: 2,
      prevHash: zero32,
      createdMs: rigNowMs,
      expiresMs: rigNowMs + 30 * dayMs,
      plainLen: input.content.length,
      sealedLen: body.length + 16 * Math.ceil(body.length / 65536),
      recordCount: input.count,
      policyHash: policyHashOf(rig.policy),
      approvalHash: zero32,
      ephemeralPub,
      noncePrefix,
      ...input.header,
    }
    return twinSeal({
      header,
      body,
      ephemeralSecret,
      recipientPublic: rig.recipientKey.publicKey,
      senderSeed: rig.senderKey.secretKey.slice(0, 32),
      ...input.twin,
    })
  }
  const epochEntry = encodeCanonical([7, new Uint8Array(8), 0, zero32, 'first-use', null])
  const first = seal({ content: epochEntry, count: 1, header: { type: 3, seq: 1, policyHash: zero32 } })
  const prevHash = twinBundleHash(first)
  return {
    epoch,
    first,
    prevHash,
    noncePrefix,
    ephemeralSecret,
    epochEntry,
    /** Seq 2, chained to `first`. */
    data: (input: LooseInput): Uint8Array => seal({ ...input, header: { prevHash, ...input.header } }),
    seal,
  }
}

/** Entries in the order of the format; raw values stand for what no entry can be. */
export function contentOf(parts: readonly (Entry | readonly CborInput[] | Uint8Array)[]): {
  content: Uint8Array
  count: number
} {
  const encoded = parts.map((part) =>
    part instanceof Uint8Array
      ? part
      : 'kind' in part
        ? encodeEntry(part as Entry)
        : encodeCanonical(part as readonly CborInput[]),
  )
  return { content: glue(...encoded), count: parts.length }
}

export const approvalHashOf = (entry: Entry): Uint8Array => twinHash('approval', encodeEntry(entry))
