/** The hub's own look at a change that its station logged. It decides nothing again: rights, guards and transitions were the home's business.
 *  It asks whether the author could have signed this here and then, and whether the values are such as the declaration knows, so that folding
 *  them cannot go wrong. Pure. */
import { equalBytes } from '#crypto/bytes.ts'
import { bornSlot } from '#protocols/change/apply.ts'
import type { Change } from '#protocols/change/change.ts'
import { decodeHlc } from '#protocols/change/clock.ts'
import { valuesOfSlots } from '#protocols/change/payload.ts'
import { type Refusal, refuse } from '#protocols/errors.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { isSlotOf, type Json } from '#protocols/record/value.ts'

/** The grant of an officer, or the certificate of the gateway. */
export interface Author {
  readonly station: Uint8Array
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** station: the sender, 16 bytes. Null: sound. */
export function checkLogged(
  change: Change,
  outcome: string,
  station: Uint8Array,
  author: Author,
  defs: ReadonlyMap<string, RecordDef>,
): Refusal | null {
  const { header } = change
  if (!equalBytes(header.station, station)) return refuse('change/home-elsewhere', {})
  if (!equalBytes(author.station, station)) return refuse('change/outside-grant', { reason: 'station' })
  const { ms } = decodeHlc(header.hlc)
  // What the station refused for its time is in its log all the same, and stands here as refused too.
  if (outcome !== 'admitted') return null
  if (ms < author.notBeforeMs || ms > author.notAfterMs) return refuse('change/outside-grant', { reason: 'time' })
  const def = defs.get(header.type)
  if (!def) return refuse('hub/type-unknown', { type: header.type })
  if (header.schema > def.version) return refuse('change/schema-unknown', { schema: header.schema, known: def.version })
  return checkKind(def, header.kind) ?? checkValues(def, header.kind, valuesOfSlots(change.slots))
}

function checkKind(def: RecordDef, kind: string): Refusal | null {
  if (kind === 'create' || kind === 'update') return null
  const isKnown = kind.startsWith('do:') && Object.hasOwn(def.trackOf, kind.slice(3))
  return isKnown ? null : refuse('change/transition-unknown', { kind })
}

function checkValues(def: RecordDef, kind: string, values: Readonly<Record<string, Json>>): Refusal | null {
  for (const [name, value] of Object.entries(values)) {
    if (name === bornSlot && kind === 'create') {
      if (!isBirth(def, value)) return refuse('change/field-invalid', { field: name })
      continue
    }
    const field = Object.hasOwn(def.allFields, name) ? def.allFields[name] : undefined
    if (!field) return refuse('change/field-unknown', { field: name })
    if (!isSlotOf(field, value)) return refuse('change/field-invalid', { field: name })
  }
  return null
}

function isBirth(def: RecordDef, value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([track, state]) => Object.hasOwn(def.tracks, track) && (def.tracks[track]?.states ?? []).includes(state as string),
  )
}
