/** Readers for closed shapes: they turn a decoded value into the type that a format asks for, or say which field is wrong.
 *  `name` is the field's name as the format calls it, never content. All throw Fault 'wire/malformed' { field, expected }. */
import type { CborValue } from './cbor.ts'
import { Fault } from './errors.ts'

type Read = CborValue | undefined

const wrong = (field: string, expected: string): Fault => new Fault('wire/malformed', { field, expected })

export function mapOf(value: Read, name: string): Map<string, CborValue> {
  if (!(value instanceof Map)) throw wrong(name, 'map')
  return value
}

/** A map with exactly these keys. */
export function closedMapOf(value: Read, name: string, keys: readonly string[]): Map<string, CborValue> {
  const map = mapOf(value, name)
  const missing = keys.find((key) => !map.has(key))
  if (missing !== undefined) throw wrong(`${name}.${missing}`, 'present')
  if (map.size !== keys.length) throw wrong(name, `exactly ${keys.length} keys`)
  return map
}

/** length: exact number of items, if the shape fixes it. */
export function arrayOf(value: Read, name: string, length?: number): CborValue[] {
  if (!Array.isArray(value)) throw wrong(name, 'list')
  if (length !== undefined && value.length !== length) throw wrong(name, `list of ${length}`)
  return value
}

/** length: exact number of bytes, if the shape fixes it. */
export function bytesOf(value: Read, name: string, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrong(name, 'bytes')
  if (length !== undefined && value.length !== length) throw wrong(name, `${length} bytes`)
  return value
}

/** A whole number, from 0 unless the format says otherwise. */
export function intOf(value: Read, name: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || value < min || value > max) throw wrong(name, `whole number ${min}..${max}`)
  return value
}

export function textOf(value: Read, name: string, charsMax = 65_536): string {
  if (typeof value !== 'string' || value.length > charsMax) throw wrong(name, `text of at most ${charsMax}`)
  return value
}

export function boolOf(value: Read, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'boolean')
  return value
}

/** One of a closed list of words. */
export function wordOf<Word extends string>(value: Read, name: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === value)
  if (word === undefined) throw wrong(name, words.join(' | '))
  return word
}

/** null stays null, anything else, a missing value too, goes to the reader. */
export function orNull<T>(value: Read, read: (value: Read) => T): T | null {
  return value === null ? null : read(value)
}
