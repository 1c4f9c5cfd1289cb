import {
  abytes,
  BadBytes,
  concat,
  equalBytes,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64Url,
  toHex,
  utf8,
} from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { labelBytes, labels, type Label } from '#crypto/labels.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

fc.configureGlobal({ seed: 20 })
const anyBytes = fc.uint8Array({ maxLength: 200 })

test('hex and base64url go there and back, and agree with the platform', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }),
  )
})

test('each value has one spelling: whatever is read is written again the same', () => {
  const written = (read: (text: string) => Uint8Array, write: (bytes: Uint8Array) => string) => (text: string) => {
    let bytes: Uint8Array
    try {
      bytes = read(text)
    } catch (cause) {
      expect(cause).toBeInstanceOf(BadBytes)
      return
    }
    expect(write(bytes)).toBe(text)
  }
  const nearHex = fc.string({ unit: fc.constantFrom(...'0189aAfFgG/:@`'), maxLength: 8 })
  const nearBase64 = fc.string({ unit: fc.constantFrom(...'AZaz09-_+/=Qw '), maxLength: 8 })
  fc.assert(fc.property(fc.oneof(fc.string(), nearHex), written(fromHex, toHex)), { numRuns: 500 })
  fc.assert(fc.property(fc.oneof(fc.string(), nearBase64), written(fromBase64Url, toBase64Url)), { numRuns: 500 })
})

test.each([
  ['an odd number of digits', () => fromHex('abc')],
  ['capitals', () => fromHex('AB')],
  ['characters between the digits and the letters', () => fromHex(':a')],
  ['another length than expected', () => fromHex('abcd', 3)],
  ['a number as hex', () => fromHex(12 as unknown as string)],
  ['a single base64 digit', () => fromBase64Url('A')],
  ['base64 padding', () => fromBase64Url('AA==')],
  ['base64 with ones in the spare bits', () => fromBase64Url('AB')],
  ['base64 of the other alphabet', () => fromBase64Url('+/+/')],
  ['nothing as base64', () => fromBase64Url(undefined as unknown as string)],
  ['bytes of another length', () => abytes(new Uint8Array(3), 4, 'key')],
  ['an array in place of bytes', () => abytes([1, 2], undefined, 'key')],
  ['null in place of bytes', () => abytes(null, 2, 'key')],
  ['text among parts', () => concat(new Uint8Array(1), 'a' as unknown as Uint8Array)],
  ['bad UTF-8', () => fromUtf8(Uint8Array.of(0xc3, 0x28))],
])('%s is refused with BadBytes', (_, run) => {
  expect(run).toThrow(BadBytes)
})

test('a refusal names label, expected and found, and never content', () => {
  const secret = utf8('swordfish-swordfish')
  for (const run of [
    () => abytes(secret, 32, 'page key'),
    () => fromHex('swordfish!'),
    () => fromBase64Url('swordfish!!!'),
    () => fromUtf8(concat(secret, Uint8Array.of(0xff))),
  ]) {
    try {
      run()
      expect.unreachable()
    } catch (cause) {
      expect((cause as Error).message).not.toContain('sword')
    }
  }
  expect(() => abytes(secret, 32, 'page key')).toThrow('page key: expected 32 bytes, found 19 bytes')
})

test('fromHex takes an expected length', () => {
  expect(fromHex('0aff', 2)).toEqual(Uint8Array.of(10, 255))
})

test('concat joins in order and copies', () => {
  const a = Uint8Array.of(1)
  const joined = concat(a, new Uint8Array(0), Uint8Array.of(2, 3))
  a[0] = 9
  expect(joined).toEqual(Uint8Array.of(1, 2, 3))
  expect(concat()).toEqual(new Uint8Array(0))
})

test('equalBytes is equality of bytes', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      expect(equalBytes(a, a.slice())).toBe(true)
      expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b))
    }),
  )
  expect(equalBytes(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4))).toBe(false)
})

test('text goes there and back as UTF-8, with its byte order mark', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromUtf8(utf8(text)) === text))
  expect(fromUtf8(utf8('\uFEFF值班'))).toBe('\uFEFF值班')
  expect(fromUtf8(Uint8Array.of(0x61, 0xff), false)).toBe('a\uFFFD')
})

test('a label is its prefix, its name and one zero byte, and none is the beginning of another', () => {
  for (const label of labels) expect(toHex(labelBytes(label))).toBe(toHex(utf8(`outpost/1/${label}\0`)))
  expect(new Set(labels).size).toBe(labels.length)
  for (const label of labels) expect(label).toMatch(/^[a-z]+(-[a-z]+)*$/)
  for (const a of labels)
    for (const b of labels)
      if (a !== b) expect(toHex(labelBytes(b)).startsWith(toHex(labelBytes(a))), `${a} ${b}`).toBe(false)
})

test('the list of labels is closed', () => {
  expect(() => labelBytes('session' as Label)).toThrow(BadBytes)
  expect(labels.length).toBe(43)
})

test('a failure to open says nothing but that', () => {
  const failure = new CannotOpen()
  expect(failure).toBeInstanceOf(Error)
  expect([failure.name, failure.code, failure.message]).toEqual([
    'CannotOpen',
    'crypto/cannot-open',
    'crypto/cannot-open',
  ])
})
