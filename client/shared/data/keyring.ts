/** An officer's keys on this device: made at log-on, wrapped under a key that takes PIN and device secret, opened by the PIN with counted tries
 *  (security.md, 3 and 4). Opened keys live in memory of the worker only; `wipe` zeroes them. */
import { fromBase64Url, fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { hash } from '#crypto/hash.ts'
import { unwrapKey, type WrapBinding, wrapKey } from '#crypto/keys.ts'
import { deriveKek, type PinCost, pinCosts } from '#crypto/pin.ts'
import type { Random } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { type KeyPair, signKeyPair } from '#crypto/sign.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import { isLocked, judgeTry } from './pin-tries.ts'

/** What the device keeps of an officer, under the device's key. Hex and base64url. */
export interface OfficerDoc {
  /** Account id. */
  readonly id: string
  readonly name: string
  readonly policeNumber: string
  readonly grant: string
  readonly salt: string
  readonly ops: number
  readonly memBytes: number
  /** Null: erased after too many tries. */
  readonly wraps: { readonly L: string; readonly D2: string; readonly U: string } | null
  readonly tries: number
}

export interface OfficerKeys {
  /** U. */
  readonly sign: KeyPair
  /** D2. */
  readonly box: KeyPair
  /** L, 32 bytes. */
  readonly local: Uint8Array
  wipe(): void
}

export interface KeyringOptions {
  /** Hex. */
  readonly device: string
  /** The device secret, asked for at each use. */
  readonly secret: () => Promise<Uint8Array>
  readonly random: Random
  readonly timers: Timers
  readonly cost?: PinCost
  /** Durable when it resolves. */
  readonly save: (doc: OfficerDoc) => Promise<void>
}

export interface Keyring {
  /** New U and D2; L is new unless one is passed on. */
  make(local?: Uint8Array): OfficerKeys
  /** Wraps the keys under the PIN; the tries begin anew. */
  wrap(
    keys: OfficerKeys,
    officer: Pick<OfficerDoc, 'id' | 'name' | 'policeNumber' | 'grant'>,
    pin: string,
  ): Promise<OfficerDoc>
  /** Throws Fault 'logon/failed' { left }, 'logon/locked'; 'logon/locked' { erased: true } when the keys are gone. */
  open(doc: OfficerDoc, pin: string): Promise<OfficerKeys>
  /** Without counting, for a PIN that the gateway has just found right. Null when it opens nothing. */
  openKnown(doc: OfficerDoc, pin: string): Promise<OfficerKeys | null>
}

const wait = (timers: Timers, delayMs: number): Promise<void> =>
  delayMs === 0 ? Promise.resolve() : new Promise((resolve) => void timers.after(delayMs, resolve))

export function keysOf(sign: KeyPair, box: KeyPair, local: Uint8Array): OfficerKeys {
  return {
    sign,
    box,
    local,
    wipe() {
      for (const secret of [sign.secretKey, box.secretKey, local]) secret.fill(0)
    },
  }
}

export function createKeyring({
  device,
  secret,
  random,
  timers,
  cost = pinCosts.handheld,
  save,
}: KeyringOptions): Keyring {
  /** The cost and the salt are bound into every wrap: whoever lowers them opens nothing. */
  const bindingOf = (
    doc: Pick<OfficerDoc, 'id' | 'salt' | 'ops' | 'memBytes'>,
    name: WrapBinding['name'],
  ): WrapBinding => {
    const { id, salt, ops, memBytes } = doc
    const enrolment = encodeCanonical({ device, officer: id, salt, ops, memBytes, tier: 'T2' })
    return { device: fromHex(device), officer: fromHex(id), name, enrolment: hash('wrap', enrolment) }
  }

  async function kekOf(doc: Pick<OfficerDoc, 'id' | 'salt' | 'ops' | 'memBytes'>, pin: string): Promise<Uint8Array> {
    const devSecret = await secret()
    try {
      return deriveKek({
        device: fromHex(device),
        officer: fromHex(doc.id),
        pin,
        salt: fromHex(doc.salt),
        cost: { ops: doc.ops, memBytes: doc.memBytes },
        devSecret,
      })
    } finally {
      devSecret.fill(0)
    }
  }

  async function unwrapAll(doc: OfficerDoc, pin: string): Promise<OfficerKeys | null> {
    if (doc.wraps === null) return null
    const kek = await kekOf(doc, pin)
    try {
      const open = (name: WrapBinding['name'], wrapped: string) =>
        unwrapKey(kek, fromBase64Url(wrapped), bindingOf(doc, name))
      const [signSecret, boxSecret] = [open('U', doc.wraps.U), open('D2', doc.wraps.D2)]
      const sign = { publicKey: signSecret.slice(32), secretKey: signSecret }
      // The public half of D2 stands in the grant; here only its secret half is ever used.
      return keysOf(sign, { publicKey: new Uint8Array(32), secretKey: boxSecret }, open('L', doc.wraps.L))
    } catch (cause) {
      if (cause instanceof CannotOpen) return null
      throw cause
    } finally {
      kek.fill(0)
    }
  }

  return {
    make: (local = random.bytes(32)) => keysOf(signKeyPair(random), boxKeyPair(random), local),
    async wrap(keys, officer, pin) {
      const base = { ...officer, salt: toHex(random.bytes(16)), ops: cost.ops, memBytes: cost.memBytes }
      const kek = await kekOf(base, pin)
      const seal = (name: WrapBinding['name'], key: Uint8Array) =>
        toBase64Url(wrapKey(kek, key, bindingOf(base, name), random))
      const wraps = { L: seal('L', keys.local), D2: seal('D2', keys.box.secretKey), U: seal('U', keys.sign.secretKey) }
      kek.fill(0)
      const doc: OfficerDoc = { ...base, wraps, tries: 0 }
      await save(doc)
      return doc
    },
    async open(doc, pin) {
      const counted: OfficerDoc = { ...doc, tries: doc.tries + 1 }
      // On disk before the test: whoever pulls the plug in between has used the try.
      await save(counted)
      const verdict = judgeTry({ count: counted.tries })
      if (verdict.act === 'erase' || doc.wraps === null) {
        if (doc.wraps !== null) await save({ ...counted, wraps: null })
        throw new Fault('logon/locked', { erased: true })
      }
      if (verdict.act === 'refuse') throw new Fault('logon/locked', {})
      await wait(timers, verdict.delayMs)
      const keys = await unwrapAll(counted, pin)
      if (!keys)
        throw isLocked({ count: counted.tries })
          ? new Fault('logon/locked', {})
          : new Fault('logon/failed', { left: verdict.left })
      await save({ ...counted, tries: 0 })
      return keys
    },
    openKnown: unwrapAll,
  }
}
