/** The key of a link and the MAC of a datagram (lane.md, 6). The MAC keeps strangers out of the assembler; it says nothing about content, which
 *  only the bundle's signature does. */
import { sodium } from '#crypto/sodium'
import { agree } from './agree.ts'
import { abytes, BadBytes } from './bytes.ts'
import { hash, mac16 } from './hash.ts'
import { sizes } from './sodium.ts'

export interface LinkKeyInput {
  /** Our own static secret, 32 bytes, and the peer's static public key. */
  readonly secret: Uint8Array
  readonly peerPublic: Uint8Array
  /** u32 and u16 of the datagram header. */
  readonly link: number
  readonly keyEpoch: number
  /** Link public keys of the two ends by direction, 32 bytes each. */
  readonly senderPublic: Uint8Array
  readonly recipientPublic: Uint8Array
}

const whole = (value: number, most: number, label: string): number => {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new BadBytes(label, `0 to ${most}`, 'another number')
  return value
}

/** H<link>(X25519 result, link, keyEpoch, sender's, recipient's public key). Returns 32 bytes. */
export const linkKey = (input: LinkKeyInput): Uint8Array => {
  abytes(input.senderPublic, sizes.boxKey, 'link sender key')
  abytes(input.recipientPublic, sizes.boxKey, 'link recipient key')
  const numbers = new Uint8Array(6)
  const view = new DataView(numbers.buffer)
  view.setUint32(0, whole(input.link, 0xffff_ffff, 'link number'))
  view.setUint16(4, whole(input.keyEpoch, 0xffff, 'link key epoch'))
  const shared = agree(input.secret, input.peerPublic)
  const key = hash('link', shared, numbers, input.senderPublic, input.recipientPublic)
  sodium.memzero(shared)
  return key
}

/** 16 bytes over all bytes before them. */
export const datagramMac = (key: Uint8Array, datagram: Uint8Array): Uint8Array =>
  mac16('datagram', abytes(key, sizes.key, 'link key'), datagram)

/** Constant time. False for a MAC of another length. */
export const verifyDatagramMac = (key: Uint8Array, datagram: Uint8Array, mac: Uint8Array): boolean => {
  if (!(mac instanceof Uint8Array) || mac.length !== sizes.mac) return false
  return sodium.memcmp(datagramMac(key, datagram), mac)
}
