/** A change as it travels: [header bytes, signature, slots]. It is verified as received; nothing is encoded again to find an id or a
 *  signature. A change is signed, not encrypted. */
import { hash } from '#crypto/hash.ts'
import type { Random } from '#crypto/random.ts'
import { sign, verify } from '#crypto/sign.ts'
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts'
import { arrayOf, bytesOf, mapOf } from '../cbor-read.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Json } from '../record/value.ts'
import { type ChangeHeader, decodeHeader, encodeHeader } from './header.ts'
import { isOpen, openSlots, rootOfSlots, type Slots } from './payload.ts'

export interface Change {
  /** 32 bytes: H⟨change-id⟩(header bytes). */
  readonly id: Uint8Array
  readonly header: ChangeHeader
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
  readonly slots: Slots
}

export const changeIdOf = (headerBytes: Uint8Array): Uint8Array => hash('change-id', headerBytes)

/** Salts, orders and signs. `values`: slot values by field name. secretKey: 64 bytes, of the officer on this device or of the gateway. */
export function signChange(
  header: Omit<ChangeHeader, 'payloadRoot'>,
  values: Readonly<Record<string, Json>>,
  secretKey: Uint8Array,
  random: Random,
): Change {
  const slots = openSlots(values, random)
  const whole: ChangeHeader = { ...header, payloadRoot: rootOfSlots(slots) }
  const headerBytes = encodeHeader(whole)
  return {
    id: changeIdOf(headerBytes),
    header: whole,
    headerBytes,
    signature: sign('change', headerBytes, secretKey),
    slots,
  }
}

export const isSignedBy = (change: Change, publicKey: Uint8Array): boolean =>
  verify('change', change.headerBytes, change.signature, publicKey)

export const encodeChange = (change: Pick<Change, 'headerBytes' | 'signature' | 'slots'>): Uint8Array =>
  encodeCanonical([change.headerBytes, change.signature, slotsToCbor(change.slots)])

/** bytes: at most limits.changeBytesMax. Throws Fault 'wire/too-large', 'wire/not-canonical', 'wire/malformed', 'wire/version-unknown'. */
export function decodeChange(bytes: Uint8Array): Change {
  if (bytes.length > limits.changeBytesMax) throw new Fault('wire/too-large', { sizeBytes: bytes.length })
  const parts = arrayOf(decodeCanonical(bytes, { depthMax: limits.cborDepthMax }), 'change', 3)
  const headerBytes = bytesOf(parts[0], 'header')
  return {
    id: changeIdOf(headerBytes),
    header: decodeHeader(headerBytes),
    headerBytes,
    signature: bytesOf(parts[1], 'signature', 64),
    slots: slotsFromCbor(parts[2]),
  }
}

export const slotsToCbor = (slots: Slots): CborValue =>
  new Map([...slots].map(([name, slot]) => [name, isOpen(slot) ? [slot.salt, slot.value] : slot.leaf] as [string, CborValue]))

export function slotsFromCbor(value: CborValue | undefined): Slots {
  const map = mapOf(value, 'slots')
  if (map.size > limits.changeFieldsMax) throw new Fault('wire/too-large', { fields: map.size })
  const slots: Slots = new Map()
  for (const name of [...map.keys()].sort()) {
    const slot = map.get(name)
    if (slot instanceof Uint8Array) slots.set(name, { leaf: bytesOf(slot, name, 32) })
    else {
      const pair = arrayOf(slot, name, 2)
      slots.set(name, { salt: bytesOf(pair[0], name, 16), value: pair[1] ?? null })
    }
  }
  return slots
}
