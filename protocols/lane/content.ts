/** The content of a bundle: entries one behind the other, in one order (lane/SPEC.md, "Content"). One content has one encoding, so that nobody
 *  can hide a message in the order and a hash over it means something. */
import { createHasher } from '#crypto/hash.ts'
import { type CborValue, decodeScanned, splitSequence } from '../cbor.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'
import type { BundleType } from './bundle.ts'
import { type Entry, encodeEntry, entryKinds, parseEntry } from './entry.ts'

export interface Content {
  readonly entries: readonly Entry[]
  /** P before compression. */
  readonly bytes: Uint8Array
  /** H⟨content⟩ over all entries but approvals: what an approver signs. */
  readonly contentHash: Uint8Array
  /** H⟨approval⟩ over the approvals; 32 zero bytes when there are none. */
  readonly approvalHash: Uint8Array
}

interface Encoded {
  readonly kind: number
  readonly bytes: Uint8Array
}

/** Puts entries in order and joins them. Throws Fault 'lane/content-form' when an entry stands twice or is too large. */
export function encodeContent(entries: readonly Entry[]): Content {
  const encoded = entries.map((entry) => ({ kind: entry.kind, bytes: encodeEntry(entry), entry })).sort(compareEncoded)
  checkOrder(encoded)
  const tooLarge = encoded.find(({ bytes }) => bytes.length > limits.bundleEntryBytesMax)
  if (tooLarge) throw new Fault('lane/content-form', { reason: 'entry-too-large', kind: tooLarge.kind })
  return contentOf(
    encoded,
    encoded.map(({ entry }) => entry),
    join(encoded.map(({ bytes }) => bytes)),
  )
}

/** Steps 11 and the first part of 12: form, count, order, then shapes. Throws Fault 'lane/content-form', 'lane/schema', 'lane/unsupported'. */
export function decodeContent(bytes: Uint8Array, type: BundleType, recordCount: number): Content {
  const encoded = inForm(() => {
    const items = splitSequence(bytes, {
      bytesMax: limits.bundlePlainBytesMax,
      itemsMax: limits.bundleCborItemsMax,
      itemBytesMax: limits.bundleEntryBytesMax,
      countMax: recordCount,
    })
    return items.map((item) => ({ ...kindOf(decodeScanned(item)), bytes: item }))
  })
  if (encoded.length !== recordCount) throw new Fault('lane/content-form', { reason: 'count', entries: encoded.length })
  checkOrder(encoded)
  const entries = inSchema(() => {
    checkKinds(
      type,
      encoded.map(({ kind }) => kind),
    )
    return encoded.map(({ value }) => parseEntry(value))
  })
  return contentOf(encoded, entries, bytes)
}

/** Which kinds a bundle of this type holds. */
function checkKinds(type: BundleType, kinds: readonly number[]): void {
  if (type === 'epoch') {
    if (kinds.length !== 1 || kinds[0] !== entryKinds.epoch) throw new Fault('lane/schema', { reason: 'epoch-alone' })
    return
  }
  if (type !== 'data') throw new Fault('lane/unsupported', { type })
  for (const kind of [entryKinds.epoch, entryKinds.index, entryKinds.policy])
    if (kinds.includes(kind)) throw new Fault('lane/schema', { reason: 'kind-elsewhere', kind })
  if (kinds.filter((kind) => kind === entryKinds.withheld).length !== 1)
    throw new Fault('lane/withheld', { reason: 'list-not-once' })
}

function kindOf(value: CborValue): { kind: number; value: CborValue[] } {
  const kind = Array.isArray(value) ? value[0] : undefined
  if (!Array.isArray(value) || typeof kind !== 'number' || kind < 1)
    throw new Fault('lane/content-form', { reason: 'no-kind' })
  return { kind, value }
}

function checkOrder(encoded: readonly Encoded[]): void {
  for (let i = 1; i < encoded.length; i++)
    if (compareEncoded(encoded[i - 1] as Encoded, encoded[i] as Encoded) >= 0)
      throw new Fault('lane/content-form', { reason: 'order', entry: i })
}

function compareEncoded(a: Encoded, b: Encoded): number {
  if (a.kind !== b.kind) return a.kind - b.kind
  const length = Math.min(a.bytes.length, b.bytes.length)
  for (let i = 0; i < length; i++) {
    const difference = (a.bytes[i] as number) - (b.bytes[i] as number)
    if (difference !== 0) return difference
  }
  return a.bytes.length - b.bytes.length
}

function contentOf(encoded: readonly Encoded[], entries: readonly Entry[], bytes: Uint8Array): Content {
  const isApproval = ({ kind }: Encoded) => kind === entryKinds.approval
  const approvals = encoded.filter(isApproval).map((each) => each.bytes)
  const others = encoded.filter((each) => !isApproval(each)).map((each) => each.bytes)
  return {
    entries,
    bytes,
    contentHash: hashOver('content', others),
    approvalHash: approvals.length === 0 ? new Uint8Array(32) : hashOver('approval', approvals),
  }
}

/** Entries are many: handed over as arguments of one call they would overflow the stack. */
function hashOver(label: 'content' | 'approval', parts: readonly Uint8Array[]): Uint8Array {
  const hasher = createHasher(label)
  for (const part of parts) hasher.update(part)
  return hasher.digest()
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

const inForm = <T>(run: () => T): T => under('lane/content-form', run)
const inSchema = <T>(run: () => T): T => under('lane/schema', run)

/** Faults of the wire become the code of the step they came up in; others keep their own. */
export function under<T>(code: 'lane/content-form' | 'lane/schema', run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof Fault && cause.code.startsWith('wire/')) throw new Fault(code, cause.detail, { cause })
    throw cause
  }
}
