/** The entries of a bundle's content as values, and their bytes (lane/SPEC.md, "Content"). Closed shapes: what is not listed here is refused.
 *  An entry is judged by its shape alone; policies, approvals and signatures come later and elsewhere. */
import { type CborInput, type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts'
import { arrayOf, bytesOf, closedMapOf, intOf, mapOf, textOf, wordOf } from '../cbor-read.ts'
import { encodeChange, slotsFromCbor, slotsToCbor } from '../change/change.ts'
import { type ChangeHeader, decodeHeader } from '../change/header.ts'
import type { Slots } from '../change/payload.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'

export const entryKinds = {
  change: 1,
  attachment: 2,
  receipt: 3,
  codeList: 4,
  organisation: 5,
  key: 6,
  epoch: 7,
  index: 8,
  policy: 9,
  checkpoint: 10,
  withheld: 11,
  approval: 12,
  submitted: 13,
  skipped: 14,
} as const
const kindNumbers: readonly number[] = Object.values(entryKinds)

/** public < internal < restricted; a record without one counts as restricted. */
export const recordLabels = ['public', 'internal', 'restricted'] as const
export type RecordLabel = (typeof recordLabels)[number]

/** Why a slot is closed: a rule of the policy by its id, or the change that erased it (32 bytes). */
export interface Reason {
  readonly field: string
  readonly why: string | Uint8Array
}

/** A change as the station's log holds it, with slots closed by policy or erasure. */
export interface ChangeEntry {
  readonly kind: 1
  readonly headerBytes: Uint8Array
  readonly header: ChangeHeader
  readonly signature: Uint8Array
  readonly slots: Slots
  /** One for each closed slot, in the order of field names. */
  readonly reasons: readonly Reason[]
  /** Place in the station's log, from 1. */
  readonly logSeq: number
  /** As the log holds it; never decided again. */
  readonly outcome: CborValue
  readonly receivedMs: number
}

/** A signed certificate or grant. `bytes`: as `[body, signature]`, for identity/certificate.ts and identity/grant.ts. */
export interface KeyEntry {
  readonly kind: 6
  readonly what: 'certificate' | 'grant'
  readonly bytes: Uint8Array
}

export const epochReasons = ['first-use', 'state-lost', 'restore'] as const
export interface EpochEntry {
  readonly kind: 7
  /** 8 bytes; zero for a lane's first epoch, and then the two below are zero as well. */
  readonly previousEpoch: Uint8Array
  readonly headSeq: number
  readonly headHash: Uint8Array
  readonly reason: (typeof epochReasons)[number]
}

export interface CheckpointEntry {
  readonly kind: 10
  /** `[body, signature]`, for sync/checkpoint.ts. */
  readonly bytes: Uint8Array
  readonly station: Uint8Array
  /** Consistency with the checkpoint that the witness saw last: hashes of 32 bytes. */
  readonly proof: readonly Uint8Array[]
}

export interface WithheldRow {
  readonly type: string
  readonly field: string
  readonly rule: string
  readonly count: number
}
export interface WithheldEntry {
  readonly kind: 11
  /** Sorted by type, field, rule; no row twice. */
  readonly rows: readonly WithheldRow[]
}

export interface Approval {
  readonly policyHash: Uint8Array
  readonly contentHash: Uint8Array
  readonly laneId: Uint8Array
  readonly approver: Uint8Array
  readonly grant: Uint8Array
  readonly label: RecordLabel
  readonly timeMs: number
}
export interface ApprovalEntry {
  readonly kind: 12
  readonly body: Uint8Array
  readonly signature: Uint8Array
  readonly approval: Approval
}

export type Entry = ChangeEntry | KeyEntry | EpochEntry | CheckpointEntry | WithheldEntry | ApprovalEntry

export const encodeEntry = (entry: Entry): Uint8Array => encodeCanonical(cborOf(entry))

function cborOf(entry: Entry): CborInput {
  switch (entry.kind) {
    case 1:
      return [
        1,
        entry.headerBytes,
        entry.signature,
        slotsToCbor(entry.slots),
        entry.reasons.map(({ field, why }) => [field, why]),
        [entry.logSeq, entry.outcome, entry.receivedMs],
      ]
    case 6:
      return [6, ...signedPartsOf(entry.bytes)]
    case 7:
      return [7, entry.previousEpoch, entry.headSeq, entry.headHash, entry.reason, null]
    case 10:
      return [10, ...signedPartsOf(entry.bytes), [...entry.proof]]
    case 11:
      return [11, entry.rows.map(({ type, field, rule, count }) => [type, field, rule, count])]
    case 12:
      return [12, entry.body, entry.signature]
  }
}

/** value: an array that begins with its kind (content.ts has seen to that). Throws Fault 'wire/…' for a wrong shape, 'lane/unsupported' for
 *  what the format knows and this version does not take. */
export function parseEntry(value: readonly CborValue[]): Entry {
  const kind = intOf(value[0], 'kind')
  switch (kind) {
    case entryKinds.change:
      return parseChange(arrayOf(value as CborValue[], 'change', 6))
    case entryKinds.key:
      return parseKey(arrayOf(value as CborValue[], 'key', 3))
    case entryKinds.epoch:
      return parseEpoch(arrayOf(value as CborValue[], 'epoch', 6))
    case entryKinds.checkpoint:
      return parseCheckpoint(arrayOf(value as CborValue[], 'checkpoint', 4))
    case entryKinds.withheld:
      return parseWithheld(arrayOf(value as CborValue[], 'withheld', 2))
    case entryKinds.approval:
      return parseApproval(arrayOf(value as CborValue[], 'approval', 3))
    default:
      throw kindNumbers.includes(kind) ? new Fault('lane/unsupported', { kind }) : new Fault('wire/malformed', { kind })
  }
}

function parseChange(value: CborValue[]): ChangeEntry {
  const headerBytes = bytesOf(value[1], 'header')
  const signature = bytesOf(value[2], 'signature', 64)
  const slots = slotsFromCbor(value[3])
  const sizeBytes = encodeChange({ headerBytes, signature, slots }).length
  if (sizeBytes > limits.changeBytesMax) throw new Fault('wire/too-large', { sizeBytes })
  const log = arrayOf(value[5], 'log', 3)
  return {
    kind: 1,
    headerBytes,
    header: decodeHeader(headerBytes),
    signature,
    slots,
    reasons: arrayOf(value[4], 'reasons').map(parseReason),
    logSeq: intOf(log[0], 'logSeq', 1),
    outcome: log[1] ?? null,
    receivedMs: intOf(log[2], 'receivedMs'),
  }
}

function parseReason(value: CborValue): Reason {
  const [field, why] = arrayOf(value, 'reason', 2)
  return {
    field: textOf(field, 'reason', 64),
    why: typeof why === 'string' ? textOf(why, 'rule', 64) : bytesOf(why, 'erase', 32),
  }
}

function parseKey(value: CborValue[]): KeyEntry {
  const { body, bytes } = signedOf(value, 'key')
  if (body.has('subject')) return { kind: 6, what: 'certificate', bytes }
  if (body.has('userKey')) return { kind: 6, what: 'grant', bytes }
  throw new Fault('lane/unsupported', { kind: 6 })
}

function parseEpoch(value: CborValue[]): EpochEntry {
  if (value[5] !== null) throw new Fault('lane/unsupported', { kind: 7, what: 'restore' })
  return {
    kind: 7,
    previousEpoch: bytesOf(value[1], 'previousEpoch', 8),
    headSeq: intOf(value[2], 'headSeq'),
    headHash: bytesOf(value[3], 'headHash', 32),
    reason: wordOf(value[4], 'reason', epochReasons),
  }
}

function parseCheckpoint(value: CborValue[]): CheckpointEntry {
  const { body, bytes } = signedOf(value, 'checkpoint')
  const proof = arrayOf(value[3], 'proof')
  if (proof.length > limits.checkpointProofHashesMax) throw new Fault('wire/too-large', { proof: proof.length })
  return {
    kind: 10,
    bytes,
    station: bytesOf(body.get('station'), 'station', 16),
    proof: proof.map((each) => bytesOf(each, 'proof', 32)),
  }
}

function parseWithheld(value: CborValue[]): WithheldEntry {
  const rows = arrayOf(value[1], 'withheld').map((row): WithheldRow => {
    const [type, field, rule, count] = arrayOf(row, 'withheld', 4)
    return {
      type: textOf(type, 'type', 64),
      field: textOf(field, 'field', 64),
      rule: textOf(rule, 'rule', 64),
      count: intOf(count, 'count', 1),
    }
  })
  if (rows.length > limits.bundleWithheldRowsMax) throw new Fault('wire/too-large', { rows: rows.length })
  return { kind: 11, rows }
}

const approvalKeys = ['v', 'suite', 'policyHash', 'contentHash', 'laneId', 'approver', 'grant', 'label', 'timeMs']

function parseApproval(value: CborValue[]): ApprovalEntry {
  const body = bytesOf(value[1], 'approval')
  const map = closedMapOf(decodeCanonical(body), 'approval', approvalKeys)
  intOf(map.get('v'), 'v', 1, 1)
  intOf(map.get('suite'), 'suite', 1, 1)
  return {
    kind: 12,
    body,
    signature: bytesOf(value[2], 'signature', 64),
    approval: {
      policyHash: bytesOf(map.get('policyHash'), 'policyHash', 32),
      contentHash: bytesOf(map.get('contentHash'), 'contentHash', 32),
      laneId: bytesOf(map.get('laneId'), 'laneId', 32),
      approver: bytesOf(map.get('approver'), 'approver', 16),
      grant: bytesOf(map.get('grant'), 'grant', 32),
      label: wordOf(map.get('label'), 'label', recordLabels),
      timeMs: intOf(map.get('timeMs'), 'timeMs'),
    },
  }
}

/** [kind, body, signature, …] of the kinds that carry a signed object. */
function signedOf(value: CborValue[], name: string): { body: Map<string, CborValue>; bytes: Uint8Array } {
  const bodyBytes = bytesOf(value[1], name)
  const signature = bytesOf(value[2], 'signature', 64)
  return { body: mapOf(decodeCanonical(bodyBytes), name), bytes: encodeCanonical([bodyBytes, signature]) }
}

function signedPartsOf(bytes: Uint8Array): CborInput[] {
  return arrayOf(decodeCanonical(bytes), 'signed', 2)
}
