/** A record with own changes on top, by the same rule path that decided them. Pure. A pending change that no longer fits (the record moved on
 *  meanwhile) is left out; it stays in the list of own changes until its receipt says more. */
import { applyChange, type Facts, foldChange } from '#protocols/change/apply.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { changeOfOwn, isContainedIn, isOnTop, type OwnDoc } from './own-change.ts'

export interface OnTop {
  readonly shown: RecordDoc | null
  /** Own changes of this record that its admitted state does not contain. */
  readonly count: number
}

/** own: changes of this record, in any order. related: as in Facts. actor null (not known yet): pending changes are left out. */
export function ownOnTop(
  admitted: RecordDoc | null,
  own: readonly OwnDoc[],
  actor: Actor | null,
  related: Facts['related'],
  def: RecordDef,
): OnTop {
  const top = own
    .filter((each) => isOnTop(each) && !(admitted && isContainedIn(each, admitted)))
    .sort((a, b) => a.seq - b.seq)
  let shown = admitted
  for (const each of top) shown = withOne(shown, each, actor, { related, baseSeq: admitted?.seq ?? null }, def)
  return { shown, count: top.length }
}

function withOne(
  doc: RecordDoc | null,
  own: OwnDoc,
  actor: Actor | null,
  facts: Pick<Facts, 'related' | 'baseSeq'>,
  def: RecordDef,
): RecordDoc | null {
  const change = changeOfOwn(own)
  if (own.state === 'admitted') {
    // Decided for good: it is not asked again, only shown until the record comes.
    if (doc === null && own.kind !== 'create') return null
    return foldChange(doc, change, { ...facts, admission: null }, def)
  }
  if (actor === null) return doc
  const outcome = applyChange(doc, change, actor, { ...facts, admission: null }, def)
  return outcome.ok ? outcome.record : doc
}
