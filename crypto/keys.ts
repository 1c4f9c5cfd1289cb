/** Sub-keys of a master key, and the wrapping of an officer's keys under the KEK (security.md, 3 and 4). One key, one purpose. */
import { sodium } from '#crypto/sodium'
import { abytes, BadBytes, concat, utf8 } from './bytes.ts'
import { type Label, labelBytes } from './labels.ts'
import { lock, unlock } from './lock.ts'
import type { Random } from './random.ts'
import { sizes } from './sodium.ts'

/** The WASM back-end refuses greater numbers. */
const subKeyIdMax = 0x7fff_ffff

/** `crypto_kdf_derive_from_key`. context8: a label of at most 8 characters, filled with zeros to 8 bytes. id: 0..2^31-1. Returns 32 bytes. */
export const subKey = (master32: Uint8Array, id: number, context8: Label): Uint8Array => {
  abytes(master32, sizes.key, 'master key')
  if (!Number.isInteger(id) || id < 0 || id > subKeyIdMax)
    throw new BadBytes('sub-key id', '0 to 2147483647', 'another number')
  labelBytes(context8)
  if (context8.length > sizes.context)
    throw new BadBytes('sub-key context', 'at most 8 characters', `${context8.length}`)
  const context = new Uint8Array(sizes.context)
  context.set(utf8(context8))
  return sodium.crypto_kdf_derive_from_key(sizes.key, id, context, master32)
}

/** What a wrap is bound to: it opens for this device, officer, key name and enrolment record, or not at all. */
export interface WrapBinding {
  /** 16 bytes each. */
  readonly device: Uint8Array
  readonly officer: Uint8Array
  /** L local database key, D2 secret half of the device box, U secret half of the officer's signing key. */
  readonly name: 'L' | 'D2' | 'U'
  /** 32 bytes: hash of the signed enrolment record. A server cannot lower the cost parameters in it without losing the wraps. */
  readonly enrolment: Uint8Array
}

const bindingBytes = (binding: WrapBinding): Uint8Array =>
  concat(
    abytes(binding.device, sizes.id, 'device id'),
    abytes(binding.officer, sizes.id, 'officer id'),
    abytes(binding.enrolment, sizes.hash, 'enrolment hash'),
    utf8(binding.name),
  )

/** Returns 40 bytes more than the key. */
export const wrapKey = (kek: Uint8Array, key: Uint8Array, binding: WrapBinding, random: Random): Uint8Array =>
  lock('wrap', kek, key, bindingBytes(binding), random)

/** Throws CannotOpen for every cause: a wrong PIN looks like an altered wrap. */
export const unwrapKey = (kek: Uint8Array, wrapped: Uint8Array, binding: WrapBinding): Uint8Array =>
  unlock('wrap', kek, wrapped, bindingBytes(binding))
