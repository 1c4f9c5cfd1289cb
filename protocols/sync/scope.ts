/** Which replicas a record belongs to, computed from its declaration. A scope key names an audience: the face (handheld or desk) and an
 *  account, a unit, or everybody of the station. Only the gateway decides scope; a replica is told. */
import type { RecordDef, ReplicaRule } from '../record/define.ts'
import type { RecordDoc } from '../record/doc.ts'
import type { Actor } from '../record/rights.ts'
import { accountsOf } from '../record/rights.ts'

export const faces = ['handheld', 'desk'] as const
export type Face = (typeof faces)[number]

/** `pulled`: the record travels only because another one refers to it, with the listed fields. */
export interface Membership {
  readonly key: string
  readonly record: string
  readonly type: string
  readonly fields: readonly string[] | null
}

export const accountKey = (face: Face, account: string): string => `${face}.account:${account}`
export const unitKey = (face: Face, unit: string): string => `${face}.unit:${unit}`
export const stationKey = (face: Face): string => `${face}.all`

/** The keys that an actor on this face may pull: own account, units of the posts, everybody. */
export const keysOfActor = (face: Face, actor: Actor): string[] => [
  ...(actor.account === null ? [] : [accountKey(face, actor.account)]),
  ...[...new Set(actor.posts.map((post) => post.unit))].map((unit) => unitKey(face, unit)),
  stationKey(face),
]

/** Every membership that this record causes: its own, and those of the records it pulls along. */
export function membershipsOf(def: RecordDef, doc: RecordDoc): Membership[] {
  const found: Membership[] = []
  for (const face of faces) {
    const rule = def.replica[face]
    if (!rule) continue
    for (const key of keysOf(face, rule, def, doc)) {
      found.push({ key, record: doc.id, type: doc.type, fields: rule.fields ?? null })
      for (const [name, fields] of Object.entries(rule.pulls ?? {})) {
        const target = doc.fields[name]
        const type = def.allFields[name]?.type
        if (typeof target === 'string' && type?.kind === 'ref') found.push({ key, record: target, type: type.to, fields })
      }
    }
  }
  return found
}

function keysOf(face: Face, rule: ReplicaRule, def: RecordDef, doc: RecordDoc): string[] {
  switch (rule.scope) {
    case 'own':
      return doc.createdBy === null ? [] : [accountKey(face, doc.createdBy)]
    case 'assigned':
      return accountsOf(def, doc).map((account) => accountKey(face, account))
    case 'unit':
    case 'linked-units':
      return typeof doc.fields['unit'] === 'string' ? [unitKey(face, doc.fields['unit'])] : []
    case 'all':
      return [stationKey(face)]
  }
}

/** The record as this replica may hold it. fields null: all of them. */
export function trimRecord(doc: RecordDoc, fields: readonly string[] | null): RecordDoc {
  if (fields === null) return doc
  const keep = <T>(map: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(map).filter(([name]) => fields.includes(name)))
  return { ...doc, fields: keep(doc.fields), meta: keep(doc.meta), history: [] }
}

/** Two rules that meet on one record: the wider one holds. */
export const widerFields = (a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null =>
  a === null || b === null ? null : [...new Set([...a, ...b])].sort()
