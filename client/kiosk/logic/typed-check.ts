/** Checks while the visitor types, so that a slip of the finger shows at once. The gateway checks again; nothing here decides. */
import { documentTypes } from '#protocols/codes/document-type.ts'
import { checkGb11643 } from '#protocols/documents/gb11643.ts'

export type Reads = (typeof documentTypes.rows)[number]['reads']

export const readsOf = (documentType: string): Reads => documentTypes.rows.find((row) => row.code === documentType)?.reads ?? 'text'

/** key: under 'typed.' in the catalogue. ok: may be sent. */
export interface NumberVerdict {
  readonly ok: boolean
  readonly tone: 'ok' | 'bad' | 'quiet'
  readonly key: 'left' | 'fits' | 'wrongDate' | 'wrongCharacter' | 'wrongCheck' | 'wrongLength' | 'numberNeeded' | null
  readonly n: number
}

const gbLength = 18
const otherMax = 40

const verdict = (ok: boolean, tone: NumberVerdict['tone'], key: NumberVerdict['key'] = null, n = 0): NumberVerdict => ({ ok, tone, key, n })

export function checkNumber(documentType: string, number: string): NumberVerdict {
  const reads = readsOf(documentType)
  if (reads === 'none') return verdict(true, 'quiet')
  if (number === '') return verdict(false, 'quiet', 'numberNeeded')
  if (reads !== 'gb11643') return verdict(number.length <= otherMax, 'quiet')
  if (!/^\d{0,17}$|^\d{17}[\dXx]$/.test(number.slice(0, gbLength))) return verdict(false, 'bad', 'wrongCharacter')
  if (number.length > gbLength) return verdict(false, 'bad', 'wrongLength', number.length - gbLength)
  if (number.length < gbLength) return verdict(false, 'quiet', 'left', gbLength - number.length)
  const checked = checkGb11643(number)
  if (checked.ok) return verdict(true, 'ok', 'fits')
  return verdict(false, 'bad', checked.code === 'date' ? 'wrongDate' : 'wrongCheck')
}

/** Characters that a number of this kind can have; the rest is not taken in. */
export const cleanNumber = (documentType: string, text: string): string => {
  const plain = text.toUpperCase().replace(/\s/g, '')
  return readsOf(documentType) === 'gb11643' ? plain.replace(/[^0-9X]/g, '').slice(0, gbLength) : plain.slice(0, otherMax)
}

const phoneMax = 24
export const cleanPhone = (text: string): string => text.replace(/[^\d+]/g, '').slice(0, phoneMax)
/** '' is fine: nobody must have one. */
export const isPhone = (text: string): boolean => text === '' || /^\+?\d{3,23}$/.test(text)

const nameMax = 80
export const cleanName = (text: string): string => text.replace(/\s+/g, ' ').trimStart().slice(0, nameMax)
export const isName = (text: string): boolean => text.trim() !== ''
