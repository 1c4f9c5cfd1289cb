/** What may cross. The sender closes the slots that the policy withholds and says why; the receiver, who holds the same policy, checks every
 *  slot again (lane/SPEC.md, "Release"). A value is never rewritten here: a field goes whole or as its leaf. */
import { equalBytes } from '#crypto/bytes.ts'
import { isOpen, isRootOf, leafOfSlot, type Slots } from '../change/payload.ts'
import { Fault } from '../errors.ts'
import type { ApprovalEntry, ChangeEntry, Entry, Reason, RecordLabel, WithheldEntry, WithheldRow } from './entry.ts'
import { recordLabels } from './entry.ts'
import { higherLabel, isAbove, type ReleasePolicy } from './policy.ts'

export interface Released {
  readonly slots: Slots
  readonly reasons: readonly Reason[]
}

/** Closes what the policy keeps back. erasedBy: field to the id of the `erase` change (32 bytes) for slots that are closed already.
 *  Throws Fault 'lane/policy' for a type or field that the policy does not name (such an item is held for a person), 'lane/withheld' for a
 *  closed slot that nobody accounts for. */
export function releaseSlots(
  type: string,
  slots: Slots,
  policy: ReleasePolicy,
  erasedBy: ReadonlyMap<string, Uint8Array> = new Map(),
): Released {
  const rules = rulesOf(type, policy)
  const released: Slots = new Map()
  const reasons: Reason[] = []
  for (const name of [...slots.keys()].sort()) {
    const slot = slots.get(name)
    const rule = rules.get(name)
    if (!slot || rule === undefined) throw new Fault('lane/policy', { type, field: name, reason: 'field-unknown' })
    if (isOpen(slot) && rule === null) {
      released.set(name, slot)
      continue
    }
    const erased = erasedBy.get(name)
    if (!isOpen(slot) && !erased)
      throw new Fault('lane/withheld', { type, field: name, reason: 'closed-without-cause' })
    released.set(name, { leaf: leafOfSlot(name, slot) })
    reasons.push({ field: name, why: isOpen(slot) ? (rule as string) : (erased as Uint8Array) })
  }
  return { slots: released, reasons }
}

function rulesOf(type: string, policy: ReleasePolicy): ReadonlyMap<string, string | null> {
  const rules = policy.types.get(type)
  if (!rules) throw new Fault('lane/policy', { type, reason: 'type-unknown' })
  return rules
}

/** One row for each type, field and rule. An erased slot is no withholding and is not counted. */
export function withheldOf(entries: readonly Entry[]): WithheldEntry {
  const rows = new Map<string, WithheldRow>()
  for (const entry of entries) {
    if (entry.kind !== 1) continue
    for (const { field, why } of entry.reasons) {
      if (typeof why !== 'string') continue
      const key = `${entry.header.type}\0${field}\0${why}`
      rows.set(key, { type: entry.header.type, field, rule: why, count: (rows.get(key)?.count ?? 0) + 1 })
    }
  }
  return { kind: 11, rows: [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row) }
}

/** The receiver's check of one change. Throws Fault 'lane/policy' or 'lane/withheld'. */
export function checkRelease(entry: ChangeEntry, policy: ReleasePolicy): void {
  const { type } = entry.header
  const rules = rulesOf(type, policy)
  const closed: string[] = []
  for (const [name, slot] of entry.slots) {
    const rule = rules.get(name)
    if (rule === undefined) throw new Fault('lane/withheld', { type, field: name, reason: 'field-unknown' })
    if (!isOpen(slot)) closed.push(name)
    else if (rule !== null) throw new Fault('lane/policy', { type, field: name, reason: 'field-withheld' })
  }
  // Slots stand in the order of their names, so that equal lists mean: each closed slot has one reason, in slot order, and no other has.
  const reasoned = entry.reasons.map(({ field }) => field)
  if (closed.length !== reasoned.length || closed.some((name, i) => name !== reasoned[i]))
    throw new Fault('lane/withheld', { type, reason: 'reasons-unlike-slots' })
  for (const { field, why } of entry.reasons)
    if (typeof why === 'string' && rules.get(field) !== why)
      throw new Fault('lane/withheld', { type, field, reason: 'rule-unknown' })
}

/** The declared list says exactly what the entries say. Throws Fault 'lane/withheld'. */
export function checkWithheld(entries: readonly Entry[]): void {
  const declared = entries.find((entry) => entry.kind === 11)
  const found = withheldOf(entries).rows
  const isSame =
    declared?.rows.length === found.length &&
    found.every((row, i) => {
      const other = declared.rows[i]
      return (
        other?.type === row.type && other.field === row.field && other.rule === row.rule && other.count === row.count
      )
    })
  if (!isSame) throw new Fault('lane/withheld', { reason: 'list-unlike-entries' })
}

/** The label of the record that a change belongs to. The receiver knows its own records and may know more than the bundle says. */
export type LabelOf = (entry: ChangeEntry) => RecordLabel

/** From the bundle alone: the open slot `label`, else restricted. */
export const labelOfSlots: LabelOf = (entry) => {
  const slot = entry.slots.get('label')
  const value = slot && isOpen(slot) ? slot.value : null
  return recordLabels.find((label) => label === value) ?? 'restricted'
}

export interface ApprovalContext {
  readonly policy: ReleasePolicy
  readonly policyHash: Uint8Array
  readonly contentHash: Uint8Array
  readonly laneId: Uint8Array
  readonly labelOf: LabelOf
}

/** Labels against ceiling and approvals. An approval for another content, policy or lane is void, and a void one in the bundle refuses it.
 *  Throws Fault 'lane/policy' or 'lane/approval'. Whether its signature holds is asked later (signatures.ts). */
export function checkApprovals(entries: readonly Entry[], context: ApprovalContext): void {
  const changes = entries.filter((entry) => entry.kind === 1)
  const approvals = entries.filter((entry) => entry.kind === 12)
  const highest = changes.reduce<RecordLabel>((label, entry) => higherLabel(label, context.labelOf(entry)), 'public')
  if (isAbove(highest, context.policy.ceiling))
    throw new Fault('lane/policy', { label: highest, reason: 'above-ceiling' })
  for (const approval of approvals) checkApproval(approval, highest, changes, context)
  if (isAbove(highest, context.policy.approveAbove) && approvals.length === 0)
    throw new Fault('lane/approval', { label: highest, reason: 'missing' })
}

function checkApproval(
  entry: ApprovalEntry,
  label: RecordLabel,
  changes: readonly ChangeEntry[],
  context: ApprovalContext,
): void {
  const { approval } = entry
  const wrong = (reason: string) => new Fault('lane/approval', { reason })
  if (!equalBytes(approval.policyHash, context.policyHash)) throw wrong('other-policy')
  if (!equalBytes(approval.contentHash, context.contentHash)) throw wrong('other-content')
  if (!equalBytes(approval.laneId, context.laneId)) throw wrong('other-lane')
  if (isAbove(label, approval.label)) throw wrong('label-too-low')
  const isAuthor = changes.some(
    ({ header }) => header.officer !== null && equalBytes(header.officer, approval.approver),
  )
  if (isAuthor) throw wrong('approver-is-author')
}

/** The root over open slots and closed leaves is the one that the author signed. */
export const holdsRoot = (entry: ChangeEntry): boolean => isRootOf(entry.slots, entry.header.payloadRoot)
