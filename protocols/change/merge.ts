/** How one slot of an admitted change meets the value that stands (change/SPEC.md, "Merge"). Pure. */
import { assert } from '../errors.ts'
import type { FieldMeta, LineEntry } from '../record/doc.ts'
import type { FieldDef } from '../record/field.ts'
import type { Json, JsonObject } from '../record/value.ts'

/** The write that arrives: who, when, and where in the log. */
export interface Write {
  readonly change: string
  readonly seq: number
  readonly order: string
  readonly officer: string | null
  readonly atMs: number
  /** Log seq of the version this write was made on; null when not known. */
  readonly baseSeq: number | null
}

export interface Merged {
  readonly value: Json
  readonly meta: FieldMeta
}

export function mergeSlot(def: FieldDef, standing: Json | undefined, meta: FieldMeta | undefined, slot: Json, write: Write): Merged {
  const own: FieldMeta = { seq: write.seq, change: write.change, order: write.order }
  switch (def.merge) {
    case 'last-write':
      return meta && isLater(meta, own) ? { value: standing ?? null, meta } : { value: slot, meta: own }
    case 'locked':
      return { value: slot, meta: own }
    case 'append':
      return { value: appendLines(standing, slot, write), meta: own }
    case 'rows':
      return { value: mergeRows(standing, slot), meta: own }
    case 'union':
      return { value: mergeUnion(standing, slot), meta: own }
    case 'counter':
      return { value: (typeof standing === 'number' ? standing : 0) + (slot as number), meta: own }
    case 'evidence':
      return mergeEvidence(standing, meta, slot, own, write)
    case 'narrative':
      return assert(false, 'a narrative is not merged by slots') as never
  }
}

const isLater = (a: FieldMeta, b: FieldMeta): boolean => a.order > b.order || (a.order === b.order && a.change > b.change)

function appendLines(standing: Json | undefined, slot: Json, write: Write): Json {
  const entries = [...((standing ?? []) as unknown as LineEntry[])]
  for (const entry of slot as readonly (readonly [string, string])[])
    if (!entries.some((known) => known.id === entry[0]))
      entries.push({ id: entry[0], text: entry[1], officer: write.officer, atMs: write.atMs })
  return entries as unknown as Json
}

function mergeRows(standing: Json | undefined, slot: Json): Json {
  const rows: Record<string, Json> = { ...((standing ?? {}) as JsonObject) }
  for (const [id, row] of Object.entries(slot as JsonObject))
    if (row === null) delete rows[id]
    else rows[id] = { ...((rows[id] ?? {}) as JsonObject), ...(row as JsonObject) }
  return rows
}

function mergeUnion(standing: Json | undefined, slot: Json): Json {
  const { add = [], remove = [] } = slot as { add?: readonly string[]; remove?: readonly string[] }
  const items = new Set((standing ?? []) as readonly string[])
  for (const item of add) items.add(item)
  for (const item of remove) items.delete(item)
  return [...items].sort()
}

function mergeEvidence(standing: Json | undefined, meta: FieldMeta | undefined, slot: Json, own: FieldMeta, write: Write): Merged {
  const concurrent = meta !== undefined && (write.baseSeq === null || meta.seq > write.baseSeq)
  if (!concurrent || JSON.stringify(standing) === JSON.stringify(slot)) return { value: slot, meta: own }
  const other = { value: slot, change: write.change, officer: write.officer }
  return { value: standing ?? null, meta: { ...meta, others: [...(meta.others ?? []), other] } }
}
