import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CborInput,
  type CborValue,
  decodeCanonical,
  decodeSequence,
  encodeCanonical,
  scanCanonical,
} from '#protocols/cbor.ts'
import { Fault } from '#protocols/errors.ts'

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const faultOf = (run: () => unknown): Fault => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('what is written', () => {
  const cases: [string, CborInput, string][] = [
    ['null', null, 'f6'],
    ['false', false, 'f4'],
    ['true', true, 'f5'],
    ['zero', 0, '00'],
    ['minus zero is zero', -0, '00'],
    ['23', 23, '17'],
    ['24', 24, '1818'],
    ['256', 256, '190100'],
    ['65536', 65536, '1a00010000'],
    ['2^32', 2 ** 32, '1b0000000100000000'],
    ['the greatest safe integer', Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    ['-1', -1, '20'],
    ['the least safe integer', Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
    ['bytes', fromHex('0102'), '420102'],
    ['text', 'ü', '62c3bc'],
    ['text with a leading byte order mark', '\ufeffa', '64efbbbf61'],
    ['list', [1, [2, 3]], '8201820203'],
    ['map, keys ordered by their encoding', { aa: 1, b: 2, a: 3 }, 'a3616103616202626161' + '01'],
    [
      'Map',
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
      'a2616102616201',
    ],
    ['an own key named __proto__', JSON.parse('{"__proto__": 1}'), 'a1695f5f70726f746f5f5f01'],
  ]
  it.each(cases)('%s has one encoding and comes back from it', (_, value, hex) => {
    expect(toHex(encodeCanonical(value))).toBe(hex)
    expect(toHex(encodeCanonical(decodeCanonical(fromHex(hex))))).toBe(hex)
  })

  const circle: unknown[] = []
  circle.push(circle)
  const refusals: [string, unknown, string][] = [
    ['a fraction', 1.5, 'wire/malformed'],
    ['not a number', Number.NaN, 'wire/malformed'],
    ['infinity', Number.POSITIVE_INFINITY, 'wire/malformed'],
    ['an unsafe integer', 2 ** 53, 'wire/malformed'],
    ['undefined', undefined, 'wire/malformed'],
    ['undefined in a list', [undefined], 'wire/malformed'],
    ['a hole in a list', new Array(2), 'wire/malformed'],
    ['undefined under a key', { a: undefined }, 'wire/malformed'],
    ['bigint', 1n, 'wire/malformed'],
    ['a date', new Date(0), 'wire/malformed'],
    ['a set', new Set([1]), 'wire/malformed'],
    ['a typed array of words', new Uint16Array(1), 'wire/malformed'],
    ['a function', () => 1, 'wire/malformed'],
    ['a symbol', Symbol('x'), 'wire/malformed'],
    ['a lone surrogate', '\ud800', 'wire/malformed'],
    ['a lone surrogate as key', { '\udc00': 1 }, 'wire/malformed'],
    ['a map with a number as key', new Map([[1, 1]]), 'wire/malformed'],
    ['a circle', circle, 'wire/too-large'],
  ]
  it.each(refusals)('%s is refused', (_, value, code) => {
    expect(faultOf(() => encodeCanonical(value as CborInput)).code).toBe(code)
  })

  it('an encoded value shares no memory with the next one', () => {
    const first = encodeCanonical(7)
    encodeCanonical(8)
    first[0] = 0xff
    expect(toHex(encodeCanonical(7))).toBe('07')
  })
})

describe('what is read', () => {
  it('bytes come out as copies, also of a Buffer', () => {
    const source = Buffer.from('8241ff4101', 'hex')
    const [first] = decodeCanonical(source) as Uint8Array[]
    source.fill(0)
    expect(first?.constructor).toBe(Uint8Array)
    expect(first).toEqual(Uint8Array.from([0xff]))
    expect(encodeCanonical([]).constructor).toBe(Uint8Array)
  })

  const cases: [string, string, string][] = [
    ['nothing', '', 'cut-off'],
    ['a trailing byte', '0000', 'trailing-bytes'],
    ['a wide integer of 1 byte', '1817', 'not-shortest'],
    ['a wide integer of 2 bytes', '1900ff', 'not-shortest'],
    ['a wide integer of 4 bytes', '1a0000ffff', 'not-shortest'],
    ['a wide integer of 8 bytes', '1b00000000ffffffff', 'not-shortest'],
    ['a wide negative integer', '3817', 'not-shortest'],
    ['a wide length of bytes', '580100', 'not-shortest'],
    ['a wide length of text', '780161', 'not-shortest'],
    ['a wide length of a list', '980100', 'not-shortest'],
    ['2^53', '1b0020000000000000', 'integer-too-wide'],
    ['-2^53', '3b001fffffffffffff', 'integer-too-wide'],
    ['2^64 - 1', '1bffffffffffffffff', 'integer-too-wide'],
    ['a cut integer', '19ff', 'cut-off'],
    ['cut bytes', '4201', 'cut-off'],
    ['cut text', '6261', 'cut-off'],
    ['a cut list', '8201', 'cut-off'],
    ['a map without its value', 'a16161', 'cut-off'],
    ['a length beyond everything', '5b001fffffffffffff', 'cut-off'],
    ['a count beyond everything', '9b001fffffffffffff', 'cut-off'],
    ['a count of pairs beyond everything', 'bb001fffffffffffff', 'cut-off'],
    ['reserved 28', '1c', 'reserved'],
    ['reserved 29 of a list', '9d', 'reserved'],
    ['indefinite bytes', '5f4101ff', 'indefinite-length'],
    ['indefinite text', '7f6161ff', 'indefinite-length'],
    ['an indefinite list', '9f01ff', 'indefinite-length'],
    ['an indefinite map', 'bf616101ff', 'indefinite-length'],
    ['a lone break', 'ff', 'simple-value'],
    ['a tag', 'c000', 'tag'],
    ['a half float', 'f93c00', 'float'],
    ['minus zero as float', 'f98000', 'float'],
    ['a single float', 'fa3f800000', 'float'],
    ['a double float', 'fb3ff0000000000000', 'float'],
    ['undefined', 'f7', 'simple-value'],
    ['simple value 19', 'f3', 'simple-value'],
    ['simple value in two bytes', 'f8ff', 'simple-value'],
    ['true in two bytes', 'f815', 'simple-value'],
    ['map keys out of order', 'a2616201616101', 'map-order'],
    ['the longer key first', 'a2626161016162' + '01', 'map-order'],
    ['a repeated key', 'a2616101616101', 'map-order'],
    ['a number as key', 'a10101', 'key-not-text'],
    ['bytes as key', 'a1416101', 'key-not-text'],
    ['a list as key', 'a18001', 'key-not-text'],
    ['a lone continuation byte', '6180', 'text-not-utf8'],
    ['an overlong slash', '62c0af', 'text-not-utf8'],
    ['an overlong form of 3 bytes', '63e080af', 'text-not-utf8'],
    ['an overlong form of 4 bytes', '64f08080af', 'text-not-utf8'],
    ['a surrogate', '63eda080', 'text-not-utf8'],
    ['above U+10FFFF', '64f4908080', 'text-not-utf8'],
    ['text that ends inside a character', '61c3', 'text-not-utf8'],
    ['a bad third byte', '63e28228', 'text-not-utf8'],
    ['bad UTF-8 as key', 'a161ff01', 'text-not-utf8'],
  ]
  it.each(cases)('%s is refused and its reason named', (_, hex, reason) => {
    const fault = faultOf(() => decodeCanonical(fromHex(hex)))
    expect([fault.code, fault.detail['reason']]).toEqual(['wire/not-canonical', reason])
  })

  const nested = (depth: number) => Uint8Array.from([...new Array(depth - 1).fill(0x81), 0x80])
  it('a depth of 16 is read, of 17 refused, of a million refused without falling', () => {
    expect(decodeCanonical(nested(16))).toBeInstanceOf(Array)
    expect(faultOf(() => decodeCanonical(nested(17))).code).toBe('wire/too-large')
    expect(faultOf(() => scanCanonical(nested(1_000_000))).code).toBe('wire/too-large')
  })

  it('more bytes or items than the caps allow are refused', () => {
    const bytes = encodeCanonical([1, 2, 3])
    expect(faultOf(() => decodeCanonical(bytes, { bytesMax: 3 })).code).toBe('wire/too-large')
    expect(faultOf(() => decodeCanonical(bytes, { itemsMax: 3 })).code).toBe('wire/too-large')
    expect(decodeCanonical(bytes, { bytesMax: 4, itemsMax: 4, depthMax: 1 })).toEqual([1, 2, 3])
  })

  it('an empty map and an empty list inside a map are read', () => {
    const value = decodeCanonical(fromHex('a36161806162a06163' + '01'))
    expect(value).toEqual(
      new Map<string, CborValue>([
        ['a', []],
        ['b', new Map()],
        ['c', 1],
      ]),
    )
  })
})

describe('a sequence', () => {
  it('items follow each other without a frame', () => {
    expect(decodeSequence(fromHex('01820203f6'))).toEqual([1, [2, 3], null])
    expect(decodeSequence(new Uint8Array())).toEqual([])
  })
  it('one bad item refuses the whole', () => {
    expect(faultOf(() => decodeSequence(fromHex('01f7'))).code).toBe('wire/not-canonical')
    expect(faultOf(() => decodeSequence(fromHex('0182'))).code).toBe('wire/not-canonical')
    expect(faultOf(() => decodeSequence(fromHex('0102'), { bytesMax: 1 })).code).toBe('wire/too-large')
  })
})

describe('for all values and bytes', () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.uint8Array(),
  )
  const { value: anyValue } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 8, depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 6 }),
      fc
        .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), tie('value')), {
          maxLength: 6,
          selector: ([key]) => key,
        })
        .map((entries) => new Map(entries)),
    ),
  }))
  const plain = (value: CborValue): unknown =>
    value instanceof Map
      ? [
          'map',
          [...value]
            .map(([key, item]) => [key, plain(item)])
            .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
        ]
      : Array.isArray(value)
        ? value.map(plain)
        : Object.is(value, -0)
          ? 0
          : value

  it('what is written is read back equal', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(plain(decodeCanonical(encodeCanonical(value)))).toEqual(plain(value))
      }),
      { numRuns: 500, seed: 11 },
    )
  })

  it('any bytes give a value that encodes to the same bytes, or a Fault', () => {
    let read = 0
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (bytes) => {
        try {
          expect(toHex(encodeCanonical(decodeCanonical(bytes)))).toBe(toHex(bytes))
          read++
        } catch (error) {
          if (!(error instanceof Fault)) throw error
        }
      }),
      { numRuns: 5000, seed: 12 },
    )
    expect(read).toBeGreaterThan(50)
  })

  it('a valid item with one changed byte never throws anything but a Fault', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, mask) => {
        const bytes = encodeCanonical(value).slice()
        const at = place % bytes.length
        bytes[at] = (bytes[at] as number) ^ mask
        try {
          expect(toHex(encodeCanonical(decodeCanonical(bytes)))).toBe(toHex(bytes))
        } catch (error) {
          if (!(error instanceof Fault)) throw error
        }
      }),
      { numRuns: 2000, seed: 13 },
    )
  })
})
