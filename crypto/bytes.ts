/** Bytes and their text forms. Bounds are checked here, first, with label, expected and found: never with content. */

/** A wrong length or form of an argument: our bug or an unparsed input that should have been checked before. Never carries content. */
export class BadBytes extends Error {
  readonly label: string
  constructor(label: string, expected: string, found: string) {
    super(`${label}: expected ${expected}, found ${found}`)
    this.name = 'BadBytes'
    this.label = label
  }
}

/** Checks that `value` is a Uint8Array, of `length` bytes unless that is undefined, and hands it back. Throws BadBytes. */
export const abytes = (value: unknown, length: number | undefined, label: string): Uint8Array => {
  const expected = length === undefined ? 'bytes' : `${length} bytes`
  if (!(value instanceof Uint8Array)) throw new BadBytes(label, expected, value === null ? 'null' : typeof value)
  if (length !== undefined && value.length !== length) throw new BadBytes(label, expected, `${value.length} bytes`)
  return value
}

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += abytes(part, undefined, 'concat part').length
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Compares without stopping at the first difference. The length is not a secret. For keys and PIN hashes the modules here use libsodium's. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  abytes(a, undefined, 'a')
  abytes(b, undefined, 'b')
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lowercase, two characters a byte. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of abytes(bytes, undefined, 'bytes')) text += hexOfByte[byte]
  return text
}

/** Reads lowercase hex only, so that a value has one spelling. `length` in bytes, when it is known. Throws BadBytes. */
export const fromHex = (text: string, length?: number): Uint8Array => {
  if (typeof text !== 'string') throw new BadBytes('hex', 'text', typeof text)
  if (length !== undefined && text.length !== length * 2)
    throw new BadBytes('hex', `${length * 2} characters`, `${text.length}`)
  if (text.length % 2 !== 0) throw new BadBytes('hex', 'an even number of characters', `${text.length}`)
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * hexDigit(text.charCodeAt(2 * i)) + hexDigit(text.charCodeAt(2 * i + 1))
  return bytes
}

const hexDigit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  throw new BadBytes('hex', '0-9 and a-f', 'another character')
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const base64Values = new Map([...base64Digits].map((digit, value) => [digit, value]))

/** RFC 4648 section 5, without padding. */
export const toBase64Url = (bytes: Uint8Array): string => {
  abytes(bytes, undefined, 'bytes')
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = Math.min(3, bytes.length - i)
    const triple = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let digit = 0; digit <= left; digit++) text += base64Digits[(triple >>> (18 - 6 * digit)) & 63]
  }
  return text
}

/** Reads what toBase64Url writes and nothing else: no padding, no spare bits. Throws BadBytes. */
export const fromBase64Url = (text: string): Uint8Array => {
  if (typeof text !== 'string') throw new BadBytes('base64url', 'text', typeof text)
  if (text.length % 4 === 1) throw new BadBytes('base64url', 'no single digit at the end', `${text.length} characters`)
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let held = 0
  let bits = 0
  let at = 0
  for (const digit of text) {
    const value = base64Values.get(digit)
    if (value === undefined) throw new BadBytes('base64url', 'A-Z, a-z, 0-9, - and _', 'another character')
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >>> bits) & 0xff
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw new BadBytes('base64url', 'zeros in the spare bits', 'ones')
  return bytes
}

const encoder = new TextEncoder()
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** fatal (the default): bad UTF-8 throws BadBytes; else it becomes U+FFFD. A byte order mark is kept, so that bytes and text stay one to one. */
export const fromUtf8 = (bytes: Uint8Array, fatal = true): string => {
  abytes(bytes, undefined, 'utf-8')
  if (!fatal) return lenient.decode(bytes)
  try {
    return strict.decode(bytes)
  } catch {
    throw new BadBytes('utf-8', 'well-formed text', 'another byte order')
  }
}
