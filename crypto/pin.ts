/** PINs: the slow derivation, the key that an officer's keys are wrapped under, and the server's check (security.md, 4 "Unlock"). A cost below
 *  the floor is refused, so nobody can make a client work with less; one above the ceiling as well, so nobody can stall it. The counting of
 *  attempts is not done here: the caller counts before it asks. */
import { sodium } from '#crypto/sodium'
import { abytes, BadBytes, utf8 } from './bytes.ts'
import { hashKeyed } from './hash.ts'
import type { Random } from './random.ts'
import { sizes } from './sodium.ts'

/** Argon2id: passes over the memory, and the memory in bytes. */
export interface PinCost {
  readonly ops: number
  readonly memBytes: number
}

const MiB = 1024 * 1024

export const pinCosts = {
  floor: { ops: 2, memBytes: 19 * MiB },
  handheld: { ops: 3, memBytes: 64 * MiB },
  strong: { ops: 3, memBytes: 128 * MiB },
  operator: { ops: 3, memBytes: 256 * MiB },
} as const satisfies Record<string, PinCost>

const ceiling: PinCost = { ops: 16, memBytes: 1024 * MiB }
const pinCharsMax = 256

const checkCost = (cost: PinCost): void => {
  const within = (value: number, least: number, most: number): boolean =>
    Number.isSafeInteger(value) && value >= least && value <= most
  if (!within(cost.ops, pinCosts.floor.ops, ceiling.ops)) throw new BadBytes('pin cost ops', '2 to 16', `${cost.ops}`)
  if (!within(cost.memBytes, pinCosts.floor.memBytes, ceiling.memBytes))
    throw new BadBytes('pin cost memory', '19 to 1024 MiB', `${cost.memBytes} bytes`)
}

/** NFKC, so that a full-width digit of an input method is the digit. */
const pinBytes = (pin: string): Uint8Array => {
  if (typeof pin !== 'string') throw new BadBytes('pin', 'text', typeof pin)
  if (pin.length === 0 || pin.length > pinCharsMax) throw new BadBytes('pin', '1 to 256 characters', 'another length')
  return utf8(pin.normalize('NFKC'))
}

/** Argon2id of the PIN. salt16: 16 bytes. Returns 32 bytes; the caller wipes them. Blocks for its whole cost (219 ms in WASM at `handheld`). */
export const derivePin = (pin: string, salt16: Uint8Array, cost: PinCost): Uint8Array => {
  checkCost(cost)
  abytes(salt16, sizes.salt, 'pin salt')
  const password = pinBytes(pin)
  try {
    return sodium.crypto_pwhash(sizes.hash, password, salt16, cost.ops, cost.memBytes)
  } finally {
    sodium.memzero(password)
  }
}

/** The same off the event loop in Node with the native back-end. */
export const derivePinAsync = async (pin: string, salt16: Uint8Array, cost: PinCost): Promise<Uint8Array> => {
  checkCost(cost)
  abytes(salt16, sizes.salt, 'pin salt')
  const password = pinBytes(pin)
  try {
    return await sodium.crypto_pwhash_async(sizes.hash, password, salt16, cost.ops, cost.memBytes)
  } finally {
    sodium.memzero(password)
  }
}

export interface KekInput {
  /** 16 bytes each. */
  readonly device: Uint8Array
  readonly officer: Uint8Array
  readonly pin: string
  readonly salt: Uint8Array
  readonly cost: PinCost
  /** 32 bytes that stay with the device (tier table of security.md, 4). */
  readonly devSecret: Uint8Array
}

/** KEK = BLAKE2b-256 keyed with devSecret over label kek, device, officer, derived PIN. Returns 32 bytes, never to be stored. */
export const deriveKek = (input: KekInput): Uint8Array => {
  abytes(input.device, sizes.id, 'device id')
  abytes(input.officer, sizes.id, 'officer id')
  abytes(input.devSecret, sizes.key, 'device secret')
  const derived = derivePin(input.pin, input.salt, input.cost)
  try {
    return hashKeyed('kek', input.devSecret, input.device, input.officer, derived)
  } finally {
    sodium.memzero(derived)
  }
}

/** What a server keeps of a PIN. salt 16 bytes, hash 32 bytes. */
export interface StoredPin extends PinCost {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

export const hashPin = (pin: string, cost: PinCost, random: Random): StoredPin => {
  const salt = abytes(random.bytes(sizes.salt), sizes.salt, 'pin salt')
  return { salt, ops: cost.ops, memBytes: cost.memBytes, hash: derivePin(pin, salt, cost) }
}

export const hashPinAsync = async (pin: string, cost: PinCost, random: Random): Promise<StoredPin> => {
  const salt = abytes(random.bytes(sizes.salt), sizes.salt, 'pin salt')
  return { salt, ops: cost.ops, memBytes: cost.memBytes, hash: await derivePinAsync(pin, salt, cost) }
}

/** Constant-time comparison. False for a wrong PIN; throws BadBytes for a stored value that is below the floor or malformed. */
export const verifyPin = (pin: string, stored: StoredPin): boolean =>
  matches(derivePin(pin, stored.salt, stored), stored)

export const verifyPinAsync = async (pin: string, stored: StoredPin): Promise<boolean> =>
  matches(await derivePinAsync(pin, stored.salt, stored), stored)

const matches = (derived: Uint8Array, stored: StoredPin): boolean =>
  sodium.memcmp(derived, abytes(stored.hash, sizes.hash, 'stored pin hash'))

export { isBannedPin, issuePin } from './pin-choice.ts'
