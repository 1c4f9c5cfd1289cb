/** Chinese identity number (GB 11643-1999; residence permits of Hong Kong, Macao and Taiwan residents use the same rule).
 *  6 digits address, 8 birth date, 3 serial (odd = male), 1 check character. It judges the number alone: that a number is well formed
 *  says nothing about who presents it. An address code that is in no list is accepted: codes change faster than lists. */
import { isCalendarDate } from './calendar.ts'

export type Gb11643Verdict =
  | { readonly ok: true; readonly number: string; readonly birth: string; readonly sex: 'm' | 'f' }
  | { readonly ok: false; readonly code: 'length' | 'character' | 'date' | 'check' }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
const checkCharacters = '10X98765432'

/** text: as typed or read; `x` is taken as `X`, nothing else is repaired. birth: 'YYYY-MM-DD'. */
export function checkGb11643(text: string): Gb11643Verdict {
  if (text.length !== 18) return { ok: false, code: 'length' }
  if (!/^[0-9]{17}[0-9Xx]$/.test(text)) return { ok: false, code: 'character' }
  const number = text.toUpperCase()
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isCalendarDate(birth)) return { ok: false, code: 'date' }
  if (number[17] !== gb11643CheckCharacter(number.slice(0, 17))) return { ok: false, code: 'check' }
  return { ok: true, number, birth, sex: Number(number[16]) % 2 === 1 ? 'm' : 'f' }
}

/** digits: the first 17 digits. Returns '0'..'9' or 'X'. */
export function gb11643CheckCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return checkCharacters.charAt(sum % 11)
}
