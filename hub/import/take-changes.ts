/** Takes changes of one station into its log here: each with a known author whose signature holds. Says of each what became of it; nothing is
 *  dropped silently, and taking the same ones again changes nothing. */
import { toHex } from '#crypto/bytes.ts'
import type { CborValue } from '#protocols/cbor.ts'
import { type Change, changeIdOf } from '#protocols/change/change.ts'
import { isOpen, type Slots } from '#protocols/change/payload.ts'
import { type ErrorCode, errorCodes, type Refusal, refuse } from '#protocols/errors.ts'
import type { ChangeEntry } from '#protocols/lane/entry.ts'
import { encodeEntry } from '#protocols/lane/entry.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { findById, findKnown, type KnownChange, putChanges, saveSlots, type StoredChange } from '../store/changes.ts'
import type { Tx } from '../store/database.ts'
import type { Quarantined } from '../store/quarantine.ts'
import type { WaitingChange } from '../store/waiting.ts'
import { type Author, checkLogged } from './check-change.ts'
import type { Authors } from './open.ts'

export interface Taken {
  /** New in this log, or fuller than before. */
  readonly changes: readonly StoredChange[]
  readonly refused: readonly Quarantined[]
}

export interface TakeInput {
  /** 16 bytes. */
  readonly station: Uint8Array
  /** Their signatures were checked. */
  readonly changes: readonly WaitingChange[]
  readonly authors: Authors
  readonly defs: ReadonlyMap<string, RecordDef>
}

export async function takeChanges(tx: Tx, input: TakeInput): Promise<Taken> {
  const station = toHex(input.station)
  const candidates = input.changes.map((each) => candidateOf(each, input))
  const index = indexOf(
    await findKnown(
      tx,
      station,
      candidates.map(({ stored }) => stored),
    ),
  )
  const fresh: StoredChange[] = []
  const fuller: StoredChange[] = []
  const refused: Quarantined[] = []
  for (const { stored, entry, refusal } of candidates) {
    const place = refusal ?? placeOf(stored, index)
    if (place === 'new') {
      fresh.push(stored)
      index.add(knownOf(stored))
    } else if (place === 'known') {
      const more = await fullerOf(tx, station, stored)
      if (more) fuller.push(more)
    } else refused.push(quarantinedOf(station, stored.change.id, place, encodeEntry(entry)))
  }
  await putChanges(tx, station, fresh)
  for (const each of fuller) await saveSlots(tx, station, each.seq, each.change, each.reasons)
  return { changes: [...fresh, ...fuller], refused }
}

interface Candidate {
  readonly stored: StoredChange
  readonly entry: ChangeEntry
  readonly refusal: Refusal | null
}

function candidateOf({ entry, epoch, bundleSeq }: WaitingChange, input: TakeInput): Candidate {
  const { header, headerBytes, signature, slots, reasons, receivedMs } = entry
  const change: Change = { id: changeIdOf(headerBytes), header, headerBytes, signature, slots }
  const outcome = outcomeOf(entry.outcome)
  const stored: StoredChange = {
    change,
    seq: entry.logSeq,
    outcome: outcome ?? 'unknown',
    detail: {},
    reasons,
    receivedMs,
    epoch,
    bundleSeq,
  }
  const author = authorOf(change, input.authors)
  if (!author) return { stored, entry, refusal: refuse('change/unattributed', {}) }
  if (outcome === null) return { stored, entry, refusal: refuse('wire/malformed', { field: 'outcome' }) }
  return { stored, entry, refusal: checkLogged(change, outcome, input.station, author, input.defs) }
}

/** As the station's log writes it: 'admitted' or the code of the refusal. */
function outcomeOf(value: CborValue): string | null {
  if (typeof value !== 'string') return null
  return value === 'admitted' || Object.hasOwn(errorCodes, value) ? value : null
}

function authorOf(change: Change, authors: Authors): Author | undefined {
  const { grant, device } = change.header
  return grant ? authors.grant(grant) : authors.certificate(device)
}

const knownOf = ({ change, seq, outcome }: StoredChange): KnownChange => ({
  id: toHex(change.id),
  seq,
  device: toHex(change.header.device),
  deviceSeq: change.header.seq,
  outcome,
})

interface Index {
  byId(id: string): KnownChange | undefined
  bySeq(seq: number): KnownChange | undefined
  byDevice(device: string, deviceSeq: number): KnownChange | undefined
  add(known: KnownChange): void
}

function indexOf(all: readonly KnownChange[]): Index {
  const ids = new Map<string, KnownChange>()
  const seqs = new Map<number, KnownChange>()
  const devices = new Map<string, KnownChange>()
  const add = (known: KnownChange): void => {
    ids.set(known.id, known)
    seqs.set(known.seq, known)
    devices.set(`${known.device} ${known.deviceSeq}`, known)
  }
  all.forEach(add)
  return {
    byId: (id) => ids.get(id),
    bySeq: (seq) => seqs.get(seq),
    byDevice: (device, deviceSeq) => devices.get(`${device} ${deviceSeq}`),
    add,
  }
}

/** A log says one thing for ever: one change at one place with one outcome, and one change for each number of a device. */
function placeOf(stored: StoredChange, index: Index): 'new' | 'known' | Refusal {
  const own = knownOf(stored)
  const same = index.byId(own.id)
  if (same) {
    const agrees = same.seq === own.seq && same.outcome === own.outcome
    return agrees ? 'known' : refuse('hub/log-contradiction', { seq: own.seq, knownSeq: same.seq })
  }
  const other = index.bySeq(own.seq)
  if (other) return refuse('hub/log-contradiction', { seq: own.seq, knownSeq: other.seq })
  const twin = index.byDevice(own.device, own.deviceSeq)
  return twin ? refuse('change/equivocation', { device: own.device, seq: own.deviceSeq }) : 'new'
}

/** The same change with slots open that were withheld here; null when it brings nothing new. What is open stays open, and what was erased stays
 *  closed. */
async function fullerOf(tx: Tx, station: string, stored: StoredChange): Promise<StoredChange | null> {
  const known = await findById(tx, station, toHex(stored.change.id))
  if (!known) return null
  const erased = new Set(known.reasons.flatMap(({ field, why }) => (typeof why === 'string' ? [] : [field])))
  const slots: Slots = new Map()
  let isFuller = false
  for (const [name, slot] of known.change.slots) {
    const offered = stored.change.slots.get(name)
    const opens = !isOpen(slot) && offered !== undefined && isOpen(offered) && !erased.has(name)
    slots.set(name, opens ? offered : slot)
    isFuller ||= opens
  }
  const reasons = known.reasons.filter(({ field }) => {
    const slot = slots.get(field)
    return slot !== undefined && !isOpen(slot)
  })
  return isFuller ? { ...known, change: { ...known.change, slots }, reasons } : null
}

const quarantinedOf = (station: string, id: Uint8Array, refusal: Refusal, entry: Uint8Array): Quarantined => ({
  station,
  id: toHex(id),
  kind: 'change',
  code: refusal.code as ErrorCode,
  detail: refusal.detail,
  sizeBytes: entry.length,
  entry,
})
