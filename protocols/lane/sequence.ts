/** The receiver's ledger of places: what was imported, what is missing, and when two stories of the sender cannot both be true (lane/SPEC.md,
 *  "Sequence, epoch, fork"). A pure state machine over a JSON-safe value; the imported set is kept for ever, as ranges. Epochs are 16, hashes
 *  64 lowercase hex characters here. Only validly signed headers may come in: anything else could freeze a lane. */
import { assert, Fault } from '../errors.ts'
import { addToRanges, gapsIn, hasInRanges, lastOfRanges, type Range } from './ranges.ts'

/** One epoch whose EPOCH bundle was imported. */
export interface EpochLedger {
  readonly epoch: string
  /** Imported seqs. */
  readonly imported: readonly Range[]
  /** The epoch before, and what its head was said to be; null for a lane's first. */
  readonly previous: { readonly epoch: string; readonly headSeq: number; readonly headHash: string } | null
  /** Last seq of the epoch, known from a header flag or from the next EPOCH; its hash when the next EPOCH names it. */
  readonly end: { readonly seq: number; readonly bundleHash: string | null } | null
}

export interface LaneLedger {
  /** In the order of their chain. */
  readonly epochs: readonly EpochLedger[]
  /** Set by a fork: nothing more is taken until a named operator accepts an epoch. */
  readonly fork: ForkEvidence | null
  /** The epoch that an operator accepted; its EPOCH bundle may contradict what was seen. Null once it has begun. */
  readonly accepted: string | null
  /** Stories that an operator left behind: further contradictions from these epochs, and from unknown ones with a counter below, are refused
   *  without freezing the lane again. What still fits the old story is taken. */
  readonly settled: readonly string[]
  readonly settledBelow: number
}

export const emptyLedger: LaneLedger = { epochs: [], fork: null, accepted: null, settled: [], settledBelow: 0 }

export const forkReasons = [
  'two-hashes',
  'prev-hash',
  'two-randoms',
  'counter-back',
  'head-lower',
  'head-other',
  'after-end',
] as const
export type ForkReason = (typeof forkReasons)[number]
export interface ForkEvidence {
  readonly reason: ForkReason
  readonly epoch: string
  readonly seq: number
  /** The bundle that contradicts. */
  readonly bundleHash: string
  /** What it contradicts: a bundle hash seen or named before, if there is one. */
  readonly knownHash: string | null
}

/** A place with the two hashes that chain it. */
export interface Placed {
  readonly epoch: string
  readonly seq: number
  readonly bundleHash: string
  readonly prevHash: string
  readonly isLastOfEpoch: boolean
  readonly isEpochBundle: boolean
}

/** The rows (epoch, seq, bundleHash, prevHash) that were written with each import. */
export type ImportedAt = (
  epoch: string,
  seq: number,
) => { readonly bundleHash: string; readonly prevHash: string } | undefined

export type PlaceVerdict = 'new' | 'duplicate'

export const counterOf = (epoch: string): number => Number.parseInt(epoch.slice(0, 8), 16)

/** Step 7 without expiry. Throws Fault 'lane/epoch' (waits for its EPOCH bundle) or 'lane/fork' with the evidence as detail; the caller then
 *  stores `frozenBy`. */
export function judgePlace(ledger: LaneLedger, importedAt: ImportedAt, placed: Placed): PlaceVerdict {
  const known = importedAt(placed.epoch, placed.seq)
  if (known?.bundleHash === placed.bundleHash) return 'duplicate'
  if (ledger.fork) throw new Fault('lane/fork', { reason: 'frozen', epoch: placed.epoch, seq: placed.seq })
  if (known) throw forkOf(ledger, 'two-hashes', placed, known.bundleHash)
  const epoch = ledger.epochs.find((each) => each.epoch === placed.epoch)
  if (!epoch) return judgeNewEpoch(ledger, placed)
  checkChain(ledger, epoch, importedAt, placed)
  return 'new'
}

function judgeNewEpoch(ledger: LaneLedger, placed: Placed): PlaceVerdict {
  if (placed.epoch !== ledger.accepted) {
    if (ledger.settled.includes(placed.epoch)) throw forkOf(ledger, 'two-randoms', placed, null)
    const twin = ledger.epochs.find(({ epoch }) => counterOf(epoch) === counterOf(placed.epoch))
    if (twin) throw forkOf(ledger, 'two-randoms', placed, null)
    const newest = ledger.epochs.at(-1)
    if (newest && counterOf(placed.epoch) < counterOf(newest.epoch)) throw forkOf(ledger, 'counter-back', placed, null)
  }
  if (!placed.isEpochBundle) throw new Fault('lane/epoch', { epoch: placed.epoch, seq: placed.seq })
  return 'new'
}

/** The neighbours that were imported, and the end of the epoch, must fit. */
function checkChain(ledger: LaneLedger, epoch: EpochLedger, importedAt: ImportedAt, placed: Placed): void {
  const before = importedAt(placed.epoch, placed.seq - 1)
  if (before && before.bundleHash !== placed.prevHash) throw forkOf(ledger, 'prev-hash', placed, before.bundleHash)
  const after = importedAt(placed.epoch, placed.seq + 1)
  if (after && after.prevHash !== placed.bundleHash) throw forkOf(ledger, 'prev-hash', placed, after.prevHash)
  const { end } = epoch
  if (end && placed.seq > end.seq) throw forkOf(ledger, 'after-end', placed, end.bundleHash)
  if (end && placed.seq === end.seq && end.bundleHash !== null && end.bundleHash !== placed.bundleHash)
    throw forkOf(ledger, 'head-other', placed, end.bundleHash)
  if (placed.isLastOfEpoch && lastOfRanges(epoch.imported) > placed.seq) throw forkOf(ledger, 'after-end', placed, null)
}

/** What an EPOCH bundle says of the epoch before. */
export interface EpochClaim {
  /** 16 zeros for none. */
  readonly previousEpoch: string
  readonly headSeq: number
  readonly headHash: string
}

const noEpoch = '0'.repeat(16)
const noHash = '0'.repeat(64)

/** The second part of step 7, once an EPOCH bundle is open. Throws Fault 'lane/epoch' when the epoch before it has not begun here yet,
 *  'lane/fork', or 'lane/schema' when header and entry do not agree. */
export function judgeEpoch(ledger: LaneLedger, importedAt: ImportedAt, placed: Placed, claim: EpochClaim): void {
  const isFirst = claim.previousEpoch === noEpoch
  if (
    claim.headHash !== placed.prevHash ||
    isFirst !== (claim.headSeq === 0) ||
    isFirst !== (claim.headHash === noHash)
  )
    throw new Fault('lane/schema', { reason: 'epoch-unlike-header' })
  if (!isFirst && counterOf(claim.previousEpoch) >= counterOf(placed.epoch))
    throw new Fault('lane/schema', { reason: 'epoch-counter' })
  if (placed.epoch === ledger.accepted) return
  const newest = ledger.epochs.at(-1)
  if (isFirst) {
    if (newest) throw forkOf(ledger, 'head-lower', placed, null)
    return
  }
  const previous = ledger.epochs.find(({ epoch }) => epoch === claim.previousEpoch)
  if (!previous && newest && counterOf(claim.previousEpoch) <= counterOf(newest.epoch))
    throw forkOf(ledger, 'head-other', placed, null)
  if (!previous) throw new Fault('lane/epoch', { epoch: claim.previousEpoch, seq: 1 })
  if (previous !== newest) throw forkOf(ledger, 'head-lower', placed, null)
  const end = previous.end?.seq ?? 0
  if (lastOfRanges(previous.imported) > claim.headSeq || (end > 0 && end !== claim.headSeq))
    throw forkOf(ledger, 'head-lower', placed, null)
  const head = importedAt(claim.previousEpoch, claim.headSeq)
  if (head && head.bundleHash !== claim.headHash) throw forkOf(ledger, 'head-other', placed, head.bundleHash)
}

/** The ledger after an import, in the same transaction as its row. claim: of an EPOCH bundle, else null. */
export function noteImported(ledger: LaneLedger, placed: Placed, claim: EpochClaim | null): LaneLedger {
  assert(placed.isEpochBundle === (claim !== null), 'an EPOCH bundle, and no other, comes with its claim')
  const epochs = ledger.epochs.map((each) => (each.epoch === placed.epoch ? withPlace(each, placed) : each))
  if (!claim) {
    assert(
      epochs.some(({ epoch }) => epoch === placed.epoch),
      'a bundle is imported into an epoch that has begun',
    )
    return { ...ledger, epochs }
  }
  const previous =
    claim.previousEpoch === noEpoch
      ? null
      : { epoch: claim.previousEpoch, headSeq: claim.headSeq, headHash: claim.headHash }
  const closed = epochs.map((each) =>
    each.epoch === previous?.epoch && placed.epoch !== ledger.accepted
      ? { ...each, end: { seq: previous.headSeq, bundleHash: previous.headHash } }
      : each,
  )
  const begun = withPlace({ epoch: placed.epoch, imported: [], previous, end: null }, placed)
  return { ...ledger, epochs: [...closed, begun], accepted: ledger.accepted === placed.epoch ? null : ledger.accepted }
}

const withPlace = (epoch: EpochLedger, placed: Placed): EpochLedger => ({
  ...epoch,
  imported: addToRanges(epoch.imported, placed.seq),
  end: placed.isLastOfEpoch && !epoch.end ? { seq: placed.seq, bundleHash: placed.bundleHash } : epoch.end,
})

export interface MissingRange {
  readonly epoch: string
  readonly seqFrom: number
  readonly seqTo: number
}

/** Every place that must exist and was not imported: gaps below the newest import, and up to a head that is known from the next epoch or a
 *  last-of-epoch flag; also whole epochs that only their successor names. */
export function missingOf(ledger: LaneLedger): MissingRange[] {
  return ledger.epochs.flatMap(({ epoch, imported, end, previous }) => {
    const isBeforeKnown = previous === null || ledger.epochs.some((each) => each.epoch === previous.epoch)
    const before = isBeforeKnown ? [] : [{ epoch: previous.epoch, seqFrom: 1, seqTo: previous.headSeq }]
    const gaps = gapsIn(imported, Math.max(lastOfRanges(imported), end?.seq ?? 0))
    return [...before, ...gaps.map(([seqFrom, seqTo]) => ({ epoch, seqFrom, seqTo }))]
  })
}

/** Highest epoch and seq imported; null before first contact. */
export function headOf(ledger: LaneLedger): { epoch: string; seq: number } | null {
  const newest = ledger.epochs.at(-1)
  return newest ? { epoch: newest.epoch, seq: lastOfRanges(newest.imported) } : null
}

export const isImported = (ledger: LaneLedger, epoch: string, seq: number): boolean =>
  hasInRanges(ledger.epochs.find((each) => each.epoch === epoch)?.imported ?? [], seq)

/** Freezes the lane on a fault of judgePlace or judgeEpoch; the first evidence stays. Both sides of the fork are to be kept by the caller. */
export function frozenBy(ledger: LaneLedger, fault: Fault): LaneLedger {
  const { reason, epoch, seq, bundleHash, knownHash } = fault.detail
  const forkReason = forkReasons.find((each) => each === reason)
  if (fault.code !== 'lane/fork' || !forkReason || ledger.fork) return ledger
  return {
    ...ledger,
    fork: {
      reason: forkReason,
      epoch: String(epoch),
      seq: Number(seq),
      bundleHash: String(bundleHash),
      knownHash: typeof knownHash === 'string' ? knownHash : null,
    },
  }
}

/** A named operator goes on with this epoch, after a fork or when the epoch before it is lost for good; who and why is the caller's record to
 *  keep. The epoch must be new here. */
export function acceptEpoch(ledger: LaneLedger, epoch: string): LaneLedger {
  assert(!ledger.epochs.some((each) => each.epoch === epoch), 'an operator accepts a new epoch')
  const left = [
    ...ledger.settled,
    ...ledger.epochs.map((each) => each.epoch),
    ...(ledger.fork ? [ledger.fork.epoch] : []),
  ]
  return {
    ...ledger,
    fork: null,
    accepted: epoch,
    settled: [...new Set(left)].filter((each) => each !== epoch),
    settledBelow: Math.max(ledger.settledBelow, counterOf(epoch)),
  }
}

function forkOf(ledger: LaneLedger, reason: ForkReason, placed: Placed, knownHash: string | null): Fault {
  const isKnown = ledger.epochs.some(({ epoch }) => epoch === placed.epoch)
  const isSettled = ledger.settled.includes(placed.epoch) || (!isKnown && counterOf(placed.epoch) < ledger.settledBelow)
  const { epoch, seq, bundleHash } = placed
  return new Fault('lane/fork', { reason: isSettled ? 'left-behind' : reason, epoch, seq, bundleHash, knownHash })
}
