/** Records from logged outcomes. The state of a record is the fold of its admitted changes in the order of the station's log; what arrives
 *  late is folded in at its place, by folding the whole record anew. Pure: the same changes give the same record, in whatever order they came. */
import { toHex } from '#crypto/bytes.ts'
import { foldChange } from '#protocols/change/apply.ts'
import type { Change } from '#protocols/change/change.ts'
import { assert } from '#protocols/errors.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'

export interface LoggedChange {
  readonly change: Change
  /** Place in the station's log. */
  readonly seq: number
  readonly receivedMs: number
}

export interface Folded {
  readonly doc: RecordDoc
  /** False while something earlier of this record is missing: a change builds on a version that is not known here. */
  readonly isWhole: boolean
  /** Version of the record after each of these changes, by log seq. */
  readonly versions: ReadonlyMap<number, string>
}

/** changes: all admitted ones of one record, in the order of the log. Null: its making has not arrived, so there is no record to show yet. */
export function foldRecord(changes: readonly LoggedChange[], def: RecordDef): Folded | null {
  const born = changes.findIndex(({ change }) => change.header.kind === 'create')
  if (born < 0) return null
  return foldOnto(null, changes.slice(born), born === 0, () => null, def)
}

/** changes: all later than what `standing` holds. seqOfVersion: log seq of a version of this record among the changes folded before. */
export function foldOnto(
  standing: RecordDoc | null,
  changes: readonly LoggedChange[],
  wasWhole: boolean,
  seqOfVersion: (version: string) => number | null,
  def: RecordDef,
): Folded | null {
  const versions = new Map<number, string>()
  const seqByVersion = new Map<string, number>()
  let doc = standing
  let isWhole = wasWhole
  for (const { change, seq, receivedMs } of changes) {
    assert(doc === null || seq > doc.seq, 'a record is folded in the order of the log')
    const base = change.header.base && toHex(change.header.base)
    const baseSeq = base === null ? null : (seqByVersion.get(base) ?? seqOfVersion(base))
    if (base !== null && baseSeq === null) isWhole = false
    doc = foldChange(doc, change, { related: {}, baseSeq, admission: { seq, receivedMs } }, def)
    versions.set(seq, doc.version)
    seqByVersion.set(doc.version, seq)
  }
  return doc && { doc, isWhole, versions }
}
