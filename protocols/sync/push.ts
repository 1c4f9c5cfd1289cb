/** What a device pushes: a canonical CBOR list with one item a change, in seq order. An item is the change's bytes, or a list of one byte
 *  string: the same bytes sealed to the station (S2), for a device that cannot read the change itself now, because another officer made it
 *  or because the readable copy is gone. Sealing proves nothing: the signature inside does. */
import { openSealed, seal } from '#crypto/seal.ts'
import type { KeyPair } from '#crypto/sign.ts'
import { decodeCanonical, encodeCanonical } from '../cbor.ts'
import { arrayOf, bytesOf } from '../cbor-read.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'

export type PushItem = { readonly plain: Uint8Array } | { readonly sealed: Uint8Array }

export const bytesOfItem = (item: PushItem): Uint8Array => ('plain' in item ? item.plain : item.sealed)

export const encodePush = (items: readonly PushItem[]): Uint8Array =>
  encodeCanonical(items.map((item) => ('plain' in item ? item.plain : [item.sealed])))

/** Throws Fault 'wire/too-large', 'wire/not-canonical', 'wire/malformed'. The items are not judged. */
export function decodePush(bytes: Uint8Array): PushItem[] {
  const list = arrayOf(decodeCanonical(bytes, { bytesMax: limits.pushBytesMax }), 'push')
  if (list.length > limits.pushChangesMax) throw new Fault('wire/too-large', { changes: list.length })
  return list.map((item) =>
    Array.isArray(item)
      ? { sealed: bytesOf(arrayOf(item, 'sealed', 1)[0], 'sealed') }
      : { plain: bytesOf(item, 'change') },
  )
}

/** A row of the device's change log (security.md, 5): only the station opens it. */
export const sealChange = (changeBytes: Uint8Array, stationBoxKey: Uint8Array): Uint8Array =>
  seal('row', changeBytes, stationBoxKey)

/** The change's bytes. Throws CannotOpen for a sealed item that is not for this station or not a row. */
export const openItem = (item: PushItem, stationBox: KeyPair): Uint8Array =>
  'plain' in item ? item.plain : openSealed('row', item.sealed, stationBox)
