/** The slip: number, queue number, QR code with 40 random bits, and the 4 characters that a typed number needs beside it. */
import { fromHex } from '#crypto/bytes.ts'
import type { Slip } from '#protocols/http/kiosk.ts'
import { shortNumber } from '#protocols/numbers.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'

/** Crockford's alphabet: no I, L, O, U that a hurried eye confuses. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** slipCode: 5 bytes as 10 hex characters. Returns 8 characters of 5 bits each. */
export function slipText(slipCode: string): string {
  let bits = 0n
  for (const byte of fromHex(slipCode)) bits = (bits << 8n) | BigInt(byte)
  return Array.from({ length: 8 }, (_, index) => alphabet[Number((bits >> BigInt(35 - index * 5)) & 31n)]).join('')
}

export const typedCode = (slipCode: string): string => slipText(slipCode).slice(0, 4)
export const qrText = (number: string, slipCode: string): string => `OV1:${number}:${slipText(slipCode)}`

/** number and 8 characters, or null when this is no slip of ours. */
export function parseQr(text: string): { number: string; code: string } | null {
  const parts = /^OV1:([0-9A-Z]{12,30}):([0-9A-HJKMNP-TV-Z]{8})$/.exec(text.trim().toUpperCase())
  return parts ? { number: parts[1] ?? '', code: parts[2] ?? '' } : null
}

/** As people type: spaces and dashes go, O is 0, I and L are 1. */
export const normaliseTyped = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

export function slipOf(visit: RecordDoc, station: { name: string; nameEn: string }): Slip {
  const number = String(visit.fields['number'] ?? '')
  const slipCode = String(visit.fields['slipCode'] ?? '')
  return {
    number,
    shortNumber: shortNumber(number),
    queue: Number(number.slice(-4)),
    code: typedCode(slipCode),
    qr: qrText(number, slipCode),
    reason: String(visit.fields['reason'] ?? ''),
    stationName: station.name,
    stationNameEn: station.nameEn,
    atMs: Number(visit.fields['checkedInAt'] ?? visit.createdMs),
  }
}
