/** The only source of real chance. Everything that needs random bytes takes a `Random`; only composition roots pass `systemRandom`. It draws
 *  from the platform, not from libsodium, whose WASM build takes 47 microseconds a call (measured). */
import { BadBytes } from './bytes.ts'
import { sizes } from './sodium.ts'

export interface Random {
  /** n fresh random bytes, n from 0. */
  bytes(n: number): Uint8Array
}

/** The platform gives at most this many bytes in one call. */
const platformBytesMax = 65_536

export const checkCount = (n: number): number => {
  if (!Number.isSafeInteger(n) || n < 0) throw new BadBytes('random', 'a whole number from 0', typeof n)
  return n
}

export const systemRandom: Random = {
  bytes(n) {
    const bytes = new Uint8Array(checkCount(n))
    for (let at = 0; at < n; at += platformBytesMax)
      globalThis.crypto.getRandomValues(bytes.subarray(at, at + platformBytesMax))
    return bytes
  },
}

/** 16 random bytes: the id of a record, officer, device. Never made from a person's number. */
export const newId = (random: Random): Uint8Array => random.bytes(sizes.id)
