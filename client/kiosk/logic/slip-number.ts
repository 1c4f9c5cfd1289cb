/** A slip's number and code as people type them at the kiosk. The gateway judges them; this only helps the fingers. */

export const numberDigits = 10
export const codeLength = 4
/** Crockford's alphabet, as the code on the slip is made of: no I, L, O, U. */
export const codeAlphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'] as const

/** '2611210007' -> 'V261121-0007', as it stands on the slip, also while it is being typed. */
export const groupNumber = (digits: string): string => `V${digits.length > 6 ? `${digits.slice(0, 6)}-${digits.slice(6)}` : digits}`

/** Digits of what was typed or pasted, at most ten. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '').slice(0, numberDigits)

/** Most people leave on the day they came: '2026-11-21' -> '261121'. */
export const todayDigits = (dateText: string): string => dateText.slice(2).replaceAll('-', '')

/** O is 0, I and L are 1; what is not of the alphabet goes. */
export const codeOf = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, '')
    .slice(0, codeLength)

export const isComplete = (digits: string, code: string): boolean => digits.length === numberDigits && code.length === codeLength
