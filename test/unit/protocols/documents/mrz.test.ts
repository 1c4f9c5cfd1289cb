import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mrzCheckDigit, type MrzDocument, parseMrz } from '#protocols/documents/mrz.ts'

const today = '2026-11-21'
const td3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']
const td1 = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<']
const td2 = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6']
const visaA = ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<']
const visaB = ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<']
const longNumber = [
  'I<UTOD23145890<7349<<<<<<<<<<<',
  '3407127M9507122UTO<<<<<<<<<<<2',
  'STEVENSON<<PETER<JOHN<<<<<<<<<',
]

const parsed = (lines: readonly string[]): MrzDocument => {
  const result = parseMrz(lines, today)
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.field}`)
  return result
}
const put = (lines: readonly string[], line: number, column: number, text: string) =>
  lines.map((old, index) =>
    index === line ? old.slice(0, column - 1) + text + old.slice(column - 1 + text.length) : old,
  )

describe('machine-readable lines (ICAO 9303)', () => {
  it('the passport specimen gives all its fields, and its name is not verified', () => {
    expect(parseMrz(td3, today)).toEqual({
      ok: true,
      format: 'TD3',
      documentCode: 'P',
      documentNumber: 'L898902C3',
      nationality: 'UTO',
      issuer: 'UTO',
      birth: '1974-08-12',
      sex: 'f',
      expiry: '2012-04-15',
      surname: 'ERIKSSON',
      givenNames: 'ANNA MARIA',
      nameVerified: false,
    })
  })

  it.each([
    ['TD1', td1, 'D23145890', '1974-08-12', '2012-04-15'],
    ['TD2', td2, 'D23145890', '1974-08-12', '2012-04-15'],
    ['MRV-A', visaA, 'L8988901C', '1940-09-07', '1996-12-10'],
    ['MRV-B', visaB, 'L8988901C', '1940-09-07', '1996-12-10'],
  ])('%s is read', (format, lines, documentNumber, birth, expiry) => {
    expect(parsed(lines)).toMatchObject({
      format,
      documentNumber,
      birth,
      expiry,
      surname: 'ERIKSSON',
      givenNames: 'ANNA MARIA',
    })
  })

  it('a number of more than nine characters goes on in the optional data', () => {
    expect(parsed(longNumber)).toMatchObject({
      documentNumber: 'D23145890734',
      birth: '1934-07-12',
      sex: 'm',
      expiry: '1995-07-12',
    })
    expect(parseMrz(put(longNumber, 0, 17, '5'), today)).toEqual({ ok: false, code: 'check', field: 'documentNumber' })
    expect(parseMrz(put(longNumber, 0, 16, '<'), today)).toEqual({ ok: false, code: 'check', field: 'documentNumber' })
  })

  it('a passport knows no long number: filler instead of the check digit is refused', () => {
    expect(parseMrz(put(td3, 1, 10, '<'), today)).toEqual({ ok: false, code: 'check', field: 'documentNumber' })
  })

  it.each([
    ['documentNumber', td3, 1, 1, 'M'],
    ['birth', td3, 1, 14, '84'],
    ['expiry', td3, 1, 22, '22'],
    ['personalNumber', td3, 1, 29, 'A'],
    ['composite', td3, 1, 44, '1'],
    ['documentNumber', td1, 0, 6, 'E'],
    ['composite', td1, 0, 20, 'B'],
    ['composite', td1, 1, 30, '7'],
    ['composite', td2, 1, 30, 'B'],
    ['birth', visaA, 1, 20, '9'],
    ['expiry', visaB, 1, 28, '0'],
  ])('a wrong %s is found by its check digit', (field, lines, line, column, text) => {
    expect(parseMrz(put(lines, line, column, text), today)).toEqual({ ok: false, code: 'check', field })
  })

  it.each([
    ['lower case', put(td3, 0, 6, 'eriksson'), undefined],
    ['a full stop', put(td3, 0, 6, '.'), undefined],
    ['a letter in a date', put(td3, 1, 14, '74O812'), 'birth'],
    ['a digit in the nationality', put(td3, 1, 11, 'UT0'), 'nationality'],
    ['an unknown sex', put(td3, 1, 21, 'Q'), 'sex'],
  ])('%s is refused as a character', (_what, lines, field) => {
    expect(parseMrz(lines, today)).toEqual({ ok: false, code: 'character', ...(field ? { field } : {}) })
  })

  it.each([
    [[]],
    [['']],
    [td3.slice(0, 1)],
    [[...td3, td3[0]!]],
    [[td3[0]!, td3[1]!.slice(1)]],
    [[td1[0]!, td1[1]!]],
    [td2.map((line) => `${line}<`)],
  ])('lines of no known size are refused (%#)', (lines) => {
    expect(parseMrz(lines, today)).toEqual({ ok: false, code: 'size' })
  })

  it('an empty personal number may have 0 or filler as its check digit', () => {
    for (const digit of ['0', '<']) {
      const start = `L898902C36UTO7408122F1204159${'<'.repeat(14)}${digit}`
      const composite = mrzCheckDigit(start.slice(0, 10) + start.slice(13, 20) + start.slice(21, 43))
      expect(parseMrz([td3[0]!, start + composite], today)).toMatchObject({ ok: true })
    }
  })

  it('a date left open by the document is null, one that does not exist is refused', () => {
    const withBirth = (birth: string) => [
      td3[0]!,
      rest(`L898902C36UTO${birth}${mrzCheckDigit(birth)}F1204159ZE184226B<<<<<1`),
    ]
    const rest = (line: string) => line + mrzCheckDigit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43))
    expect(parseMrz(withBirth('74<<<<'), today)).toMatchObject({ ok: true, birth: null })
    expect(parseMrz(withBirth('740231'), today)).toEqual({ ok: false, code: 'date', field: 'birth' })
  })

  it('two digits of a year: a birth is never later than today, an expiry lies within fifty years', () => {
    const visa = (birth: string, expiry: string) => [
      visaB[0]!,
      `L8988901C4UTO${birth}${mrzCheckDigit(birth)}F${expiry}${mrzCheckDigit(expiry)}<<<<<<<<`,
    ]
    expect(parsed(visa('261121', '361121'))).toMatchObject({ birth: '2026-11-21', expiry: '2036-11-21' })
    expect(parsed(visa('261122', '750101'))).toMatchObject({ birth: '1926-11-22', expiry: '2075-01-01' })
    expect(parsed(visa('000229', '760101'))).toMatchObject({ birth: '2000-02-29', expiry: '1976-01-01' })
  })

  it('a name without given names has none', () => {
    expect(parsed(put(td3, 0, 6, 'ARKFREITH'.padEnd(39, '<')))).toMatchObject({ surname: 'ARKFREITH', givenNames: '' })
  })

  it('any lines give a verdict', () => {
    const line = (length: number) => fc.stringMatching(new RegExp(`^[A-Z0-9<]{${length}}$`))
    const lines = fc.oneof(
      fc.array(fc.string({ maxLength: 50 }), { maxLength: 4 }),
      fc.tuple(line(44), line(44)),
      fc.tuple(line(36), line(36)),
      fc.tuple(line(30), line(30), line(30)),
    )
    fc.assert(fc.property(lines, (some) => typeof parseMrz(some, today).ok === 'boolean'))
  })
})
