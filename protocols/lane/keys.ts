/** Names of lanes and of their keys (lane/SPEC.md, "Lane, parties, keys"). One key, one purpose. */
import { equalBytes, toHex } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import { assert, Fault } from '../errors.ts'

const keyIdBytes = 8

/** A lane has one direction: the opposite one is another lane. All three 16 bytes. Returns 32 bytes. */
export function laneIdOf(laneNumber: Uint8Array, sender: Uint8Array, recipient: Uint8Array): Uint8Array {
  assert(
    laneNumber.length === 16 && sender.length === 16 && recipient.length === 16,
    'a lane is named by three ids of 16 bytes',
  )
  return hash('lane', laneNumber, sender, recipient)
}

export const keyPurposes = { sender: 1, recipient: 2, link: 3, receiver: 4 } as const
export type KeyPurpose = keyof typeof keyPurposes

/** publicKey: 32 bytes. Returns 8 bytes. */
export function keyIdOf(purpose: KeyPurpose, publicKey: Uint8Array): Uint8Array {
  assert(publicKey.length === 32, 'a public key has 32 bytes')
  return hash('lane-key', Uint8Array.of(keyPurposes[purpose]), publicKey).slice(0, keyIdBytes)
}

export interface KeyRegister<Key extends { readonly publicKey: Uint8Array }> {
  /** Throws Fault 'lane/key-id-taken' when another key has this id; the same key again is no news. */
  add(key: Key): void
  find(keyId: Uint8Array): Key | undefined
}

/** Eight bytes can be made to collide with effort: the first key keeps its id. */
export function createKeyRegister<Key extends { readonly publicKey: Uint8Array }>(
  purpose: KeyPurpose,
  keys: readonly Key[] = [],
): KeyRegister<Key> {
  const byId = new Map<string, Key>()
  const add = (key: Key): void => {
    const id = toHex(keyIdOf(purpose, key.publicKey))
    const known = byId.get(id)
    if (known && !equalBytes(known.publicKey, key.publicKey)) throw new Fault('lane/key-id-taken', { keyId: id })
    byId.set(id, key)
  }
  keys.forEach(add)
  return { add, find: (keyId) => byId.get(toHex(keyId)) }
}
