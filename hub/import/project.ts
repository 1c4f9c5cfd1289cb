/** Brings the records of a station up to what its log holds here. A record whose new changes are all later than what it holds is folded on;
 *  one that got something earlier, or a fuller slot, is folded anew from its whole log. */
import { toHex } from '#crypto/bytes.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { changesOfRecords, type StoredChange, saveVersions, seqsOfVersions } from '../store/changes.ts'
import type { Tx } from '../store/database.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { type Folded, foldOnto, foldRecord } from './fold.ts'

export interface ProjectParts {
  readonly records: Records
  readonly defs: ReadonlyMap<string, RecordDef>
}

/** changes: new or fuller ones, already in the log. Returns the records that changed. */
export async function projectChanges(
  tx: Tx,
  station: string,
  changes: readonly StoredChange[],
  parts: ProjectParts,
): Promise<StoredRecord[]> {
  const byRecord = groupByRecord(changes.filter(({ outcome }) => outcome === 'admitted'))
  const before = await parts.records.find(tx, station, [...byRecord.keys()])
  const anew = [...byRecord].filter(([id, list]) => !isLater(before.get(id), list)).map(([id]) => id)
  const whole = groupByRecord(
    (await changesOfRecords(tx, station, anew)).filter(({ outcome }) => outcome === 'admitted'),
  )
  const seqOf = await seqsOfVersions(tx, station, basesOf(changes))
  const folded: Folded[] = []
  for (const [id, list] of byRecord) {
    const result = whole.has(id)
      ? fromStart(whole.get(id) ?? [], parts.defs)
      : further(before.get(id), list, seqOf, parts.defs)
    if (result) folded.push(result)
  }
  const records = folded.map(({ doc, isWhole }) => ({ doc, isWhole }))
  await parts.records.put(tx, station, records, before)
  await saveVersions(tx, station, new Map(folded.flatMap(({ versions }) => [...versions])))
  return records
}

function groupByRecord(changes: readonly StoredChange[]): Map<string, StoredChange[]> {
  const groups = new Map<string, StoredChange[]>()
  for (const stored of [...changes].sort((a, b) => a.seq - b.seq)) {
    const id = toHex(stored.change.header.record)
    const group = groups.get(id)
    if (group) group.push(stored)
    else groups.set(id, [stored])
  }
  return groups
}

const isLater = (standing: StoredRecord | undefined, list: readonly StoredChange[]): boolean =>
  standing !== undefined &&
  list.every(({ seq, change }) => seq > standing.doc.seq && change.header.type === standing.doc.type)

const basesOf = (changes: readonly StoredChange[]): string[] =>
  changes.flatMap(({ change }) => (change.header.base ? [toHex(change.header.base)] : []))

function further(
  standing: StoredRecord | undefined,
  list: readonly StoredChange[],
  seqOf: ReadonlyMap<string, number>,
  defs: ReadonlyMap<string, RecordDef>,
): Folded | null {
  const def = standing && defs.get(standing.doc.type)
  return def ? foldOnto(standing.doc, list, standing.isWhole, (version) => seqOf.get(version) ?? null, def) : null
}

/** Of a record that has a maker; changes that name another type than it was made with are none of its own. */
function fromStart(list: readonly StoredChange[], defs: ReadonlyMap<string, RecordDef>): Folded | null {
  const born = list.find(({ change }) => change.header.kind === 'create')
  const def = born && defs.get(born.change.header.type)
  if (!def) return null
  return foldRecord(
    list.filter(({ change }) => change.header.type === def.type),
    def,
  )
}
