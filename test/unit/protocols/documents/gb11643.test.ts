import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGb11643, gb11643CheckCharacter } from '#protocols/documents/gb11643.ts'
import { maskNumber } from '#protocols/documents/mask.ts'

describe('identity numbers (GB 11643)', () => {
  it.each([
    ['11010519491231002X', '1949-12-31', 'f'],
    ['440524188001010014', '1880-01-01', 'm'],
    ['000000200002290010', '2000-02-29', 'm'],
    ['00000019881222404X', '1988-12-22', 'f'],
    ['000000199003201010', '1990-03-20', 'm'],
    ['000000195411072029', '1954-11-07', 'f'],
    ['000000201406013030', '2014-06-01', 'm'],
    ['000000200002295057', '2000-02-29', 'm'],
    ['000000197909106061', '1979-09-10', 'f'],
  ])('%s is taken, with its birth date and sex', (number, birth, sex) => {
    expect(checkGb11643(number)).toEqual({ ok: true, number, birth, sex })
  })

  it('a small x is taken as X', () => {
    expect(checkGb11643('11010519491231002x')).toMatchObject({ ok: true, number: '11010519491231002X' })
  })

  it.each([
    ['110105194912310021', 'check'],
    ['000000190002290014', 'date'],
    ['000000200013010010', 'date'],
    ['000000200000010010', 'date'],
    ['000000200004310010', 'date'],
    ['000000000001010010', 'date'],
    ['11010519491231002', 'length'],
    ['11010519491231002X ', 'length'],
    ['', 'length'],
    ['110105491231002', 'length'],
    ['1101051949123100X2', 'character'],
    ['11010519491231002Y', 'character'],
    ['11010519491231002x'.replace('1', '１'), 'character'],
    ['-10105194912310021', 'character'],
  ])('%j is refused: %s', (number, code) => {
    expect(checkGb11643(number)).toEqual({ ok: false, code })
  })

  it('a date that does not exist is refused although the check character fits', () => {
    expect(gb11643CheckCharacter('00000019000229001')).toBe('4')
  })

  const valid = fc
    .tuple(
      fc.nat(999_999),
      fc.date({ min: new Date('1880-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.nat(999),
    )
    .map(([address, date, serial]) => {
      const digits = `${String(address).padStart(6, '0')}${date.toISOString().slice(0, 10).replaceAll('-', '')}${String(serial).padStart(3, '0')}`
      return digits + gb11643CheckCharacter(digits)
    })

  it('every address code is accepted', () => {
    fc.assert(fc.property(valid, (number) => checkGb11643(number).ok))
  })

  it('one wrong digit is always found', () => {
    fc.assert(
      fc.property(valid, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const wrong = String((Number(number[at]) + shift) % 10)
        return !checkGb11643(number.slice(0, at) + wrong + number.slice(at + 1)).ok
      }),
    )
  })

  it('two neighbours that change places are always found', () => {
    fc.assert(
      fc.property(valid, fc.nat(15), (number, at) => {
        fc.pre(number[at] !== number[at + 1])
        return !checkGb11643(number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2)).ok
      }),
    )
  })

  it('any text gives a verdict', () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => typeof checkGb11643(text).ok === 'boolean'))
  })
})

describe('masks', () => {
  it.each([
    ['11010519491231002X', '110***********002X'],
    ['L898902C3', '********3'],
    ['L898902C36', 'L89***2C36'],
    ['A', 'A'],
    ['', ''],
  ])('%s is shown as %s', (number, shown) => {
    expect(maskNumber(number)).toBe(shown)
  })

  it('a mask never shows more than seven characters and keeps the length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{0,40}$/), (number) => {
        const shown = maskNumber(number)
        return shown.length === number.length && [...shown].filter((c) => c !== '*').length <= 7
      }),
    )
  })
})
