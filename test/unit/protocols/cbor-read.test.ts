import { describe, expect, it } from 'vitest'
import { arrayOf, boolOf, bytesOf, closedMapOf, intOf, mapOf, orNull, textOf, wordOf } from '#protocols/cbor-read.ts'
import { Fault } from '#protocols/errors.ts'

describe('readers of closed shapes', () => {
  it('each gives back a value of its shape', () => {
    const map = new Map([['a', 1]])
    expect(mapOf(map, 'm')).toBe(map)
    expect(closedMapOf(map, 'm', ['a'])).toBe(map)
    expect(arrayOf([1], 'l', 1)).toEqual([1])
    expect(bytesOf(new Uint8Array(2), 'b', 2)).toEqual(new Uint8Array(2))
    expect(intOf(0, 'i')).toBe(0)
    expect(textOf('x', 't')).toBe('x')
    expect(boolOf(false, 'f')).toBe(false)
    expect(wordOf('b', 'w', ['a', 'b'])).toBe('b')
    expect(orNull(null, (value) => intOf(value, 'i'))).toBe(null)
    expect(orNull(5, (value) => intOf(value, 'i'))).toBe(5)
  })

  const wrong: [string, () => unknown][] = [
    ['a list for a map', () => mapOf([], 'x')],
    ['nothing for a map', () => mapOf(undefined, 'x')],
    ['a missing key', () => closedMapOf(new Map([['b', 1]]), 'x', ['a'])],
    [
      'a key too many',
      () =>
        closedMapOf(
          new Map([
            ['a', 1],
            ['b', 1],
          ]),
          'x',
          ['a'],
        ),
    ],
    ['bytes for a list', () => arrayOf(new Uint8Array(1), 'x')],
    ['a list of another length', () => arrayOf([1, 2], 'x', 1)],
    ['text for bytes', () => bytesOf('a', 'x')],
    ['bytes of another length', () => bytesOf(new Uint8Array(15), 'x', 16)],
    ['a negative number', () => intOf(-1, 'x')],
    ['a number above its maximum', () => intOf(6, 'x', 0, 5)],
    ['text for a number', () => intOf('1', 'x')],
    ['text that is too long', () => textOf('abc', 'x', 2)],
    ['a number for text', () => textOf(1, 'x')],
    ['0 for false', () => boolOf(0, 'x')],
    ['a word that is not listed', () => wordOf('c', 'x', ['a', 'b'])],
    ['a missing value for null', () => orNull(undefined, (value) => intOf(value, 'x'))],
  ]
  it.each(wrong)('%s is refused with the name of the field', (_, run) => {
    try {
      run()
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Fault)
      expect((error as Fault).code).toBe('wire/malformed')
      expect(String((error as Fault).detail['field'])).toMatch(/^x/)
    }
  })
})
