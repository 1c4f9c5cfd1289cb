/** Deterministic CBOR: the one way in which anything signed, hashed or sent is written and read (lane/SPEC.md "Content").
 *  Writing: only whole numbers of the safe range, text, bytes, lists, maps with text keys, booleans, null. Reading: the scanner first,
 *  then cborg in strict mode, then the value is encoded again and must give the same bytes. What comes out is safe to judge by shape
 *  (cbor-read.ts). Nothing here may accept a byte string that it would not write itself. */
import { decodeFirst, encode, rfc8949EncodeOptions, Token, Tokenizer, Type } from 'cborg'
import { type CborCaps, type SequenceCaps, scanCanonical, scanSequence } from './cbor-scan.ts'
import { Fault } from './errors.ts'
import { limits } from './limits.ts'

export { type CborCaps, scanCanonical } from './cbor-scan.ts'

export type CborValue = null | boolean | number | string | Uint8Array | CborValue[] | Map<string, CborValue>
/** What may be written: plain objects stand for maps with text keys. */
export type CborInput =
  | CborValue
  | readonly CborInput[]
  | ReadonlyMap<string, CborInput>
  | { readonly [key: string]: CborInput }

/** Throws Fault 'wire/malformed' for floats, undefined, bigint, unsafe integers, lone surrogates and foreign objects,
 *  'wire/too-large' for a nesting (or a circle) beyond limits.cborDepthMax. */
export function encodeCanonical(value: CborInput): Uint8Array {
  checkInput(value, 0)
  // In Node cborg may hand out a view of the shared Buffer pool: a copy has memory of its own and may be transferred to a worker.
  return new Uint8Array(encode(value, rfc8949EncodeOptions))
}

/** Exactly one canonical item. Throws Fault 'wire/not-canonical' or 'wire/too-large'; never anything else, whatever the bytes are. */
export function decodeCanonical(bytes: Uint8Array, caps: CborCaps = {}): CborValue {
  scanCanonical(bytes, caps)
  return decodeScanned(bytes)
}

/** A row of canonical items without a frame around them, as in the content of a lane bundle. itemsMax holds for all together. */
export function decodeSequence(bytes: Uint8Array, caps: SequenceCaps = {}): CborValue[] {
  return splitSequence(bytes, caps).map((item) => decodeScanned(item))
}

/** The same, each item as its bytes: all are scanned, none is decoded yet. */
export function splitSequence(bytes: Uint8Array, caps: SequenceCaps = {}): Uint8Array[] {
  let start = 0
  return scanSequence(bytes, caps).map((end) => {
    const item = bytes.subarray(start, end)
    start = end
    return item
  })
}

const decodeOptions = {
  strict: true,
  rejectDuplicateMapKeys: true,
  useMaps: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
} as const

/** bytes: one item that the scanner accepted (splitSequence). */
export function decodeScanned(bytes: Uint8Array): CborValue {
  let value: CborValue
  let rest: Uint8Array
  try {
    // Of a Buffer cborg would cut views, of a plain Uint8Array it cuts copies.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const tokenizer = new ExactTokenizer(plain, decodeOptions)
    ;[value, rest] = decodeFirst(plain, { ...decodeOptions, tokenizer }) as [CborValue, Uint8Array]
  } catch (cause) {
    throw new Fault('wire/not-canonical', { reason: 'decoder' }, { cause })
  }
  if (rest.length > 0 || !isSame(encode(value, rfc8949EncodeOptions), bytes))
    throw new Fault('wire/not-canonical', { reason: 'encodes-otherwise' })
  return value
}

/** cborg reads text with a decoder that swallows a leading byte order mark, so that such a text could be written but never read. */
class ExactTokenizer extends Tokenizer {
  override next(): Token {
    const start = this.pos()
    const token = super.next()
    if (token.type.major !== 3) return token
    const info = (this.data[start] as number) & 31
    const text = start + (info < 24 ? 1 : 1 + 2 ** (info - 24))
    const isMarked =
      this.pos() - text >= 3 && this.data[text] === 0xef && this.data[text + 1] === 0xbb && this.data[text + 2] === 0xbf
    return isMarked ? new Token(Type.string, `\ufeff${token.value}`, token.encodedLength) : token
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Recursion is safe: the depth cap ends it before the stack does. */
function checkInput(value: unknown, depth: number): void {
  if (value === null || typeof value === 'boolean' || Number.isSafeInteger(value)) return
  if (typeof value === 'string') return checkText(value)
  if (value instanceof Uint8Array) return
  if (typeof value !== 'object')
    throw new Fault('wire/malformed', { reason: typeof value === 'number' ? 'number' : typeof value })
  if (depth >= limits.cborDepthMax) throw new Fault('wire/too-large', { depthMax: limits.cborDepthMax })
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkInput(value[i], depth + 1)
    return
  }
  if (value instanceof Map) {
    for (const [key, item] of value) checkEntry(key, item, depth)
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype)
    throw new Fault('wire/malformed', { reason: 'foreign-object' })
  for (const key of Object.keys(value)) checkEntry(key, (value as Record<string, unknown>)[key], depth)
}

function checkEntry(key: unknown, item: unknown, depth: number): void {
  if (typeof key !== 'string') throw new Fault('wire/malformed', { reason: 'key-not-text' })
  checkText(key)
  checkInput(item, depth + 1)
}

function checkText(text: string): void {
  if (!text.isWellFormed()) throw new Fault('wire/malformed', { reason: 'text-not-well-formed' })
}
