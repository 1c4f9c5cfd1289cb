/** The one rule path: may this change be made, and what does the record look like afterwards. Runs on the device at once (provisionally) and
 *  at the record's home (for good). No clock, chance or I/O: what it needs of other records comes as facts. */
import { hash } from '#crypto/hash.ts'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { type Refusal, refuse } from '../errors.ts'
import { limits } from '../limits.ts'
import { holds } from '../record/condition.ts'
import type { RecordDef } from '../record/define.ts'
import type { HistoryLine, RecordDoc } from '../record/doc.ts'
import { type Action, type Actor, decide, whoMay } from '../record/rights.ts'
import { isSlotOf, type Json, type JsonObject } from '../record/value.ts'
import type { Change } from './change.ts'
import { decodeHlc, orderKeyOf } from './clock.ts'
import { mergeSlot, type Write } from './merge.ts'
import { valuesOfSlots } from './payload.ts'

/** What guards and merging need beside the record, read in the same transaction and logged with the outcome. */
export interface Facts {
  /** Related records by type, as the declaration's `relations` name them. */
  readonly related: Readonly<Record<string, readonly RecordDoc[]>>
  /** Log seq at which the change's base was admitted; null when unknown. */
  readonly baseSeq: number | null
  /** Place and time of admission; null while provisional. */
  readonly admission: { readonly seq: number; readonly receivedMs: number } | null
}

export type Outcome = { readonly ok: true; readonly record: RecordDoc } | Refusal

/** Slot name that sets the states a record is born in: { track: state }. */
export const bornSlot = 'born'

export function applyChange(record: RecordDoc | null, change: Change, actor: Actor, facts: Facts, def: RecordDef): Outcome {
  const values = valuesOfSlots(change.slots)
  const refusal =
    checkShape(def, record, change, values) ??
    checkFields(def, change, values) ??
    checkRights(def, record, change, actor, values) ??
    checkTransition(def, record, change, values, facts)
  return refusal ?? { ok: true, record: foldChange(record, change, facts, def) }
}

/** The record after an admitted change, without asking anybody: for replay, rebuild and hub, which take the outcome from the log.
 *  Closed slots leave their fields as they are. */
export function foldChange(record: RecordDoc | null, change: Change, facts: Facts, def: RecordDef): RecordDoc {
  const values = valuesOfSlots(change.slots)
  const write = writeOf(change, facts)
  const fields: Record<string, Json> = { ...record?.fields }
  const meta = { ...record?.meta }
  for (const [name, slot] of Object.entries(values)) {
    const fieldDef = Object.hasOwn(def.allFields, name) ? def.allFields[name] : undefined
    if (!fieldDef) continue
    const merged = mergeSlot(fieldDef, fields[name], meta[name], slot, write)
    fields[name] = merged.value
    meta[name] = merged.meta
  }
  for (const name of clearedBy(change, def)) {
    fields[name] = null
    meta[name] = { seq: write.seq, change: write.change, order: write.order }
  }
  const line = historyLine(record, change, facts, def, Object.keys(values))
  return {
    ...(record ?? bornRecord(change, def, write.atMs, values[bornSlot])),
    schema: def.version,
    version: versionAfter(record, change),
    seq: write.seq,
    updatedMs: write.atMs,
    tracks: line.track && line.to ? { ...record?.tracks, [line.track]: line.to } : (record?.tracks ?? bornTracks(def, values[bornSlot])),
    fields,
    meta,
    history: [...(record?.history ?? []), line].slice(-limits.historyLinesMax),
  }
}

/** Hex. H⟨version⟩(record ‖ version before or 32 zero bytes ‖ change id). */
export const versionAfter = (record: RecordDoc | null, change: Change): string =>
  toHex(hash('version', change.header.record, record ? fromHex(record.version) : new Uint8Array(32), change.id))

function checkShape(def: RecordDef, record: RecordDoc | null, change: Change, values: JsonObject): Refusal | null {
  const { kind, schema } = change.header
  if (schema !== def.version) return refuse('change/schema-unknown', { schema, known: def.version })
  if (Object.keys(values).length !== change.slots.size) return refuse('change/slot-closed')
  if (kind === 'create') {
    if (record) return refuse('change/record-exists')
    return checkBorn(def, values[bornSlot])
  }
  if (!record) return refuse('change/record-unknown')
  if (kind !== 'update' && !kind.startsWith('do:')) return refuse('change/transition-unknown', { kind })
  return null
}

function checkBorn(def: RecordDef, born: Json | undefined): Refusal | null {
  if (born === undefined) return null
  if (typeof born !== 'object' || born === null || Array.isArray(born)) return refuse('change/field-invalid', { field: bornSlot })
  for (const [trackName, state] of Object.entries(born)) {
    const track = Object.hasOwn(def.tracks, trackName) ? def.tracks[trackName] : undefined
    if (!track || !(track.initial === state || (track.born ?? []).includes(state as string)))
      return refuse('change/field-invalid', { field: bornSlot })
  }
  return null
}

function checkFields(def: RecordDef, change: Change, values: JsonObject): Refusal | null {
  for (const [name, value] of Object.entries(values)) {
    if (name === bornSlot && change.header.kind === 'create') continue
    const fieldDef = Object.hasOwn(def.allFields, name) ? def.allFields[name] : undefined
    if (!fieldDef) return refuse('change/field-unknown', { field: name })
    if (!isSlotOf(fieldDef, value)) return refuse('change/field-invalid', { field: name })
  }
  if (change.header.kind !== 'create') return null
  for (const [name, fieldDef] of Object.entries(def.allFields))
    if (fieldDef.required && (values[name] ?? null) === null) return refuse('change/field-missing', { field: name })
  return null
}

function checkRights(def: RecordDef, record: RecordDoc | null, change: Change, actor: Actor, values: JsonObject): Refusal | null {
  const object = record ?? { createdBy: actor.account, createdVia: actor.via?.device ?? actor.device, fields: values }
  for (const action of actionsOf(change, values)) {
    if (action.kind === 'update' && def.allFields[action.field]?.merge === 'locked')
      return refuse('change/denied', { field: action.field, may: '' })
    if (!decide(actor, def, action, object)) return refuse('change/denied', { act: nameOf(action), may: whoMay(def, action).join(' ') })
  }
  return null
}

function actionsOf(change: Change, values: JsonObject): Action[] {
  const { kind } = change.header
  if (kind === 'create') return [{ kind: 'create' }]
  if (kind.startsWith('do:')) return [{ kind: 'transition', transition: kind.slice(3) }]
  return Object.keys(values).map((field) => ({ kind: 'update', field }))
}

const nameOf = (action: Action): string =>
  action.kind === 'transition' ? `do:${action.transition}` : action.kind === 'update' ? `update:${action.field}` : action.kind

function checkTransition(def: RecordDef, record: RecordDoc | null, change: Change, values: JsonObject, facts: Facts): Refusal | null {
  const { kind } = change.header
  if (!record || !kind.startsWith('do:')) return null
  const name = kind.slice(3)
  const trackName = Object.hasOwn(def.trackOf, name) ? def.trackOf[name] : undefined
  const transition = trackName === undefined ? undefined : def.tracks[trackName]?.transitions[name]
  if (!transition || trackName === undefined) return refuse('change/transition-unknown', { transition: name })
  const state = record.tracks[trackName] ?? ''
  if (!transition.from.includes(state)) return refuse('change/transition-stale', { transition: name, state })
  const allowed = [...(transition.needs ?? []), ...(transition.takes ?? [])]
  for (const field of Object.keys(values))
    if (!allowed.includes(field)) return refuse('change/transition-denied', { transition: name, field })
  const subject = { fields: { ...record.fields, ...values }, tracks: record.tracks, related: facts.related }
  for (const field of transition.needs ?? [])
    if (!holds({ op: 'filled', field }, { ...subject, fields: values })) return refuse('change/field-missing', { field })
  const failed = (transition.guards ?? []).findIndex((guard) => !holds(guard, subject))
  return failed < 0 ? null : refuse('change/guard-failed', { transition: name, guard: failed })
}

function clearedBy(change: Change, def: RecordDef): readonly string[] {
  const { kind } = change.header
  if (!kind.startsWith('do:')) return []
  const name = kind.slice(3)
  return def.tracks[def.trackOf[name] ?? '']?.transitions[name]?.clears ?? []
}

function writeOf(change: Change, facts: Facts): Write {
  const hlc = decodeHlc(change.header.hlc)
  return {
    change: toHex(change.id),
    seq: facts.admission?.seq ?? 0,
    order: orderKeyOf(hlc, facts.admission?.receivedMs ?? null, limits.clockAheadMsMax),
    officer: officerOf(change),
    atMs: hlc.ms,
    baseSeq: facts.baseSeq,
  }
}

const officerOf = (change: Change): string | null => {
  const officer = change.header.officer ?? change.header.via?.officer ?? null
  return officer && toHex(officer)
}

function bornRecord(change: Change, def: RecordDef, atMs: number, born: Json | undefined): RecordDoc {
  const { header } = change
  return {
    id: toHex(header.record),
    type: header.type,
    station: toHex(header.station),
    schema: def.version,
    version: '',
    seq: 0,
    createdBy: officerOf(change),
    createdVia: toHex(header.via?.device ?? header.device),
    createdMs: atMs,
    updatedMs: atMs,
    tracks: bornTracks(def, born),
    fields: {},
    meta: {},
    history: [],
  }
}

const bornTracks = (def: RecordDef, born: Json | undefined): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(def.tracks).map(([name, track]) => [name, track.initial])),
  ...((born ?? {}) as Record<string, string>),
})

function historyLine(record: RecordDoc | null, change: Change, facts: Facts, def: RecordDef, fields: string[]): HistoryLine {
  const { header } = change
  const name = header.kind.startsWith('do:') ? header.kind.slice(3) : null
  const track = name === null ? undefined : def.trackOf[name]
  const to = name === null || track === undefined ? undefined : def.tracks[track]?.transitions[name]?.to
  const from = track === undefined ? undefined : record?.tracks[track]
  return {
    change: toHex(change.id),
    kind: header.kind,
    ...(track !== undefined && to !== undefined ? { track, to, ...(from === undefined ? {} : { from }) } : {}),
    fields,
    officer: officerOf(change),
    device: toHex(header.device),
    via: header.via && header.via.kind,
    pressedMs: decodeHlc(header.hlc).ms,
    takenMs: facts.admission?.receivedMs ?? null,
    seq: facts.admission?.seq ?? 0,
  }
}
