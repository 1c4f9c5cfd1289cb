/** The payload of a change: top-level field names to salted slots, and the one root that the header signs (change/SPEC.md, "Payload").
 *  A slot is open (salt and value) or closed (only its leaf hash); closing one leaves the signature valid. */
import { hash } from '#crypto/hash.ts'
import { equalBytes } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { type CborInput, type CborValue, encodeCanonical } from '../cbor.ts'
import type { Json } from '../record/value.ts'

export type OpenSlot = { readonly salt: Uint8Array; readonly value: CborValue }
export type ClosedSlot = { readonly leaf: Uint8Array }
export type Slot = OpenSlot | ClosedSlot
/** Field name to slot, sorted bytewise by name (field names are ASCII). */
export type Slots = Map<string, Slot>

export const saltBytes = 16
export const isOpen = (slot: Slot): slot is OpenSlot => 'salt' in slot

/** leaf = H⟨leaf⟩(cbor([salt, name, value])). salt: 16 bytes, fresh per field and change. Returns 32 bytes. */
export const leafOf = (name: string, salt: Uint8Array, value: CborInput): Uint8Array =>
  hash('leaf', encodeCanonical([salt, name, value]))

/** root = H⟨payload⟩(cbor([[name, leaf], …])), one row per field, sorted bytewise by name. */
export const payloadRootOf = (leaves: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
  hash('payload', encodeCanonical([...leaves].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, leaf]) => [name, leaf])))

export const leafOfSlot = (name: string, slot: Slot): Uint8Array =>
  isOpen(slot) ? leafOf(name, slot.salt, slot.value) : slot.leaf

export const rootOfSlots = (slots: Slots): Uint8Array =>
  payloadRootOf([...slots].map(([name, slot]) => [name, leafOfSlot(name, slot)] as const))

export const isRootOf = (slots: Slots, payloadRoot: Uint8Array): boolean => equalBytes(rootOfSlots(slots), payloadRoot)

/** Salts every value and puts the slots in order. Values are JSON-safe (record/value.ts). */
export function openSlots(values: Readonly<Record<string, Json>>, random: Random): Slots {
  const slots: Slots = new Map()
  for (const name of Object.keys(values).sort())
    slots.set(name, { salt: random.bytes(saltBytes), value: jsonToCbor(values[name] ?? null) })
  return slots
}

/** The values of the open slots; a closed one is left out. */
export function valuesOfSlots(slots: Slots): Record<string, Json> {
  const values: Record<string, Json> = {}
  for (const [name, slot] of slots) if (isOpen(slot)) values[name] = cborToJson(slot.value)
  return values
}

export function jsonToCbor(value: Json): CborValue {
  if (Array.isArray(value)) return value.map((item: Json) => jsonToCbor(item))
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([key, item]) => [key, jsonToCbor(item as Json)]))
  return value as null | boolean | number | string
}

/** Byte strings have no place in a value and come out as null, which no field check accepts for a required value. */
export function cborToJson(value: CborValue): Json {
  if (value instanceof Uint8Array) return null
  if (Array.isArray(value)) return value.map(cborToJson)
  if (value instanceof Map) {
    const object: Record<string, Json> = Object.create(null)
    for (const [key, item] of value) object[key] = cborToJson(item)
    return object
  }
  return value
}
