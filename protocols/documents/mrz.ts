/** Machine-readable lines of passports, identity cards and visas (ICAO Doc 9303 part 3 for characters and check digits).
 *  Check digits find misreading, not forgery; and the line of names has none, so a name from here is never called verified. */
import { isCalendarDate } from './calendar.ts'
import { type MrzFormat, type MrzLayout, type MrzSpan, mrzFormatOf, mrzLayouts } from './mrz-layout.ts'

export type MrzField = 'documentNumber' | 'nationality' | 'birth' | 'sex' | 'expiry' | 'personalNumber' | 'composite'

export interface MrzDocument {
  readonly ok: true
  readonly format: MrzFormat
  /** One or two letters: 'P', 'I', 'V', 'AC' … */
  readonly documentCode: string
  readonly documentNumber: string
  /** One to three letters as printed: 'UTO', 'D'. */
  readonly nationality: string
  readonly issuer: string
  /** 'YYYY-MM-DD', or null where the document leaves a part of the date open. */
  readonly birth: string | null
  readonly sex: 'm' | 'f' | 'x'
  readonly expiry: string | null
  readonly surname: string
  readonly givenNames: string
  readonly nameVerified: false
}

export interface MrzRefusal {
  readonly ok: false
  readonly code: 'size' | 'character' | 'date' | 'check'
  readonly field?: MrzField
}

/** lines: two or three, exactly as read, without line ends. today: 'YYYY-MM-DD', because years have two digits: a birth is never later
 *  than today, an expiry lies less than fifty years from it. */
export function parseMrz(lines: readonly string[], today: string): MrzDocument | MrzRefusal {
  const format = mrzFormatOf(lines)
  if (!format) return { ok: false, code: 'size' }
  if (!lines.every((line) => /^[A-Z0-9<]*$/.test(line))) return { ok: false, code: 'character' }
  const layout = mrzLayouts[format]
  const read = ([line, first, last]: MrzSpan) => (lines[line] ?? '').slice(first - 1, last)

  const number = readNumber(layout, read)
  if (number === null) return { ok: false, code: 'check', field: 'documentNumber' }
  const fault = characterFault(layout, read) ?? checkFault(layout, read)
  if (fault) return fault
  const birth = readDate(read(layout.birth), (yy) => pastYear(yy, read(layout.birth), today))
  if (birth === undefined) return { ok: false, code: 'date', field: 'birth' }
  const expiry = readDate(read(layout.expiry), (yy) => nearYear(yy, today))
  if (expiry === undefined) return { ok: false, code: 'date', field: 'expiry' }

  const [surname = '', givenNames = ''] = read(layout.names).split('<<').map(words)
  return {
    ok: true,
    format,
    documentCode: words(read([0, 1, 2])),
    documentNumber: number,
    nationality: words(read(layout.nationality)),
    issuer: words(read([0, 3, 5])),
    birth,
    sex: sexes[read(layout.sex)] ?? 'x',
    expiry,
    surname,
    givenNames,
    nameVerified: false,
  }
}

/** Weights 7 3 1 repeating; digits as they are, letters 10..35, filler 0; sum modulo 10 (part 3, 4.9). Returns '0'..'9'. */
export function mrzCheckDigit(characters: string): string {
  const sum = [...characters].reduce(
    (total, c, index) => total + (c === '<' ? 0 : Number.parseInt(c, 36)) * [7, 3, 1][index % 3]!,
    0,
  )
  return String(sum % 10)
}

type Read = (span: MrzSpan) => string

const sexes: Readonly<Record<string, 'm' | 'f'>> = { M: 'm', F: 'f' }
const words = (text: string) => text.replaceAll('<', ' ').trim().replaceAll(/ +/g, ' ')
const digitFits = (digit: string, over: string) => digit === mrzCheckDigit(over) || (digit === '<' && /^<+$/.test(over))

/** The number, or null when its check digit does not fit. More than nine characters (parts 5 and 6): filler in place of the check digit,
 *  the rest at the start of the optional data, then the check digit over all of it, then filler. */
function readNumber(layout: MrzLayout, read: Read): string | null {
  const head = read(layout.number)
  const digit = read(layout.numberCheck)
  if (digit === '<' && layout.numberRest && !head.includes('<')) {
    const rest = read(layout.numberRest).split('<')[0] ?? ''
    const long = head + rest.slice(0, -1)
    return rest.length >= 2 && rest.at(-1) === mrzCheckDigit(long) ? long : null
  }
  return digitFits(digit, head) ? words(head) : null
}

function characterFault(layout: MrzLayout, read: Read): MrzRefusal | null {
  const rules: readonly (readonly [MrzField, MrzSpan, RegExp])[] = [
    ['nationality', layout.nationality, /^[A-Z<]{3}$/],
    ['birth', layout.birth, /^[0-9<]{6}$/],
    ['sex', layout.sex, /^[MFX<]$/],
    ['expiry', layout.expiry, /^[0-9<]{6}$/],
  ]
  const broken = rules.find(([, span, rule]) => !rule.test(read(span)))
  return broken ? { ok: false, code: 'character', field: broken[0] } : null
}

function checkFault(layout: MrzLayout, read: Read): MrzRefusal | null {
  const checks: [MrzField, string, string][] = [
    ['birth', read(layout.birthCheck), read(layout.birth)],
    ['expiry', read(layout.expiryCheck), read(layout.expiry)],
  ]
  if (layout.personal) checks.push(['personalNumber', read(layout.personal.digit), read(layout.personal.over)])
  if (layout.composite)
    checks.push(['composite', read(layout.composite.digit), layout.composite.over.map(read).join('')])
  const broken = checks.find(([, digit, over]) => !digitFits(digit, over))
  return broken ? { ok: false, code: 'check', field: broken[0] } : null
}

/** yymmdd -> 'YYYY-MM-DD'; null when a part is left open by filler; undefined when the day does not exist. */
function readDate(yymmdd: string, yearOf: (yy: number) => number): string | null | undefined {
  if (yymmdd.includes('<')) return null
  const year = String(yearOf(Number(yymmdd.slice(0, 2)))).padStart(4, '0')
  const date = `${year}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4, 6)}`
  return isCalendarDate(date) ? date : undefined
}

/** The latest year with these two digits that puts the day not after today. */
function pastYear(yy: number, yymmdd: string, today: string): number {
  const year = yearNotAfter(yy, Number(today.slice(0, 4)))
  return `${year}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4, 6)}` > today ? year - 100 : year
}

const nearYear = (yy: number, today: string) => yearNotAfter(yy, Number(today.slice(0, 4)) + 49)
const yearNotAfter = (yy: number, year: number) => year - ((((year - yy) % 100) + 100) % 100)
