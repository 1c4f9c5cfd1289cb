/** The device's own secrets, held by the browser so that no script can read them out (security.md, 3 and 4): D1, which says "this device", and the
 *  key over the device secret, 32 bytes that take part in every officer's key. They open without a PIN and are never enough to read a record. */
import { concat } from '#crypto/bytes.ts'
import { type Label, labelBytes } from '#crypto/labels.ts'
import type { Random } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'

/** As it lies in the row store: key handles, which cannot be exported, and the wrapped secret. */
export interface DeviceKeyRow {
  readonly d1: CryptoKey
  /** 32 bytes. */
  readonly d1Public: Uint8Array
  readonly secretKey: CryptoKey
  readonly nonce: Uint8Array
  readonly wrappedSecret: Uint8Array
}

export interface DeviceKeys {
  readonly publicKey: Uint8Array
  /** Signature of D1: 64 bytes over label bytes and message. */
  sign(label: Label, ...message: readonly Uint8Array[]): Promise<Uint8Array>
  /** The device secret, 32 bytes; the caller wipes it. */
  secret(): Promise<Uint8Array>
}

const secretBytes = 32
const nonceBytes = 12
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

export async function makeDeviceKeys(subtle: SubtleCrypto, random: Random): Promise<DeviceKeyRow> {
  const pair = (await subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])) as CryptoKeyPair
  const d1Public = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
  const secretKey = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = random.bytes(nonceBytes)
  const secret = random.bytes(secretBytes)
  const cipher = { name: 'AES-GCM', iv: plain(nonce), additionalData: plain(labelBytes('wrap')) }
  const wrappedSecret = new Uint8Array(await subtle.encrypt(cipher, secretKey, plain(secret)))
  secret.fill(0)
  return { d1: pair.privateKey, d1Public, secretKey, nonce, wrappedSecret }
}

export function openDeviceKeys(subtle: SubtleCrypto, row: DeviceKeyRow): DeviceKeys {
  return {
    publicKey: row.d1Public,
    async sign(label, ...message) {
      const bytes = concat(labelBytes(label), ...message)
      return new Uint8Array(await subtle.sign({ name: 'Ed25519' }, row.d1, plain(bytes)))
    },
    async secret() {
      const cipher = { name: 'AES-GCM', iv: plain(row.nonce), additionalData: plain(labelBytes('wrap')) }
      try {
        return new Uint8Array(await subtle.decrypt(cipher, row.secretKey, plain(row.wrappedSecret)))
      } catch (cause) {
        throw new Fault('store/wrong-key', { what: 'device secret' }, { cause })
      }
    },
  }
}
