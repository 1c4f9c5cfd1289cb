/** The one box: a part of a name, a document's last characters or whole number, or a visit's number. As queries over the replica; what was typed
 *  never leaves this device. */
import type { RecordQuery } from '../../shared/data/api.ts'

export const searchRowsMax = 200
const personsMax = 200

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
export const normalized = (typed: string): string => typed.normalize('NFKC').trim()

/** The end of a visit's number: serial alone, or yymmdd and serial with or without the letter and the hyphen. Null for anything else. */
export function numberEnding(typed: string): string | null {
  const text = normalized(typed).toUpperCase()
  const dated = /^V?(\d{6})-?(\d{4})$/.exec(text)
  if (dated) return `20${dated[1]}${dated[2]}$`
  const serial = /^(?:V?\d{6}-)?(\d{1,4})$/.exec(text)
  if (serial?.[1]) return `${serial[1].padStart(4, '0')}$`
  return /^\d{12}[A-Z]?\d{8,16}$/.test(text) ? `^${text}$` : null
}

export function personSearch(typed: string): RecordQuery | null {
  const text = normalized(typed)
  if (text === '') return null
  const upper = text.toUpperCase()
  const any: Record<string, unknown>[] = [{ 'fields.name': { $regex: quoted(text), $options: 'i' } }]
  // Four characters and more: fewer would find half the register.
  if (/^[0-9A-Z]{4}$/.test(upper)) any.push({ 'fields.numberMasked': { $regex: `${upper}$` } })
  if (/^[0-9A-Z]{5,40}$/.test(upper)) any.push({ 'fields.documentNumber': upper })
  return { type: 'person', selector: { $or: any }, sort: [{ createdMs: 'desc' }], limit: personsMax }
}

export function visitSearch(typed: string, persons: readonly string[]): RecordQuery | null {
  const ending = numberEnding(typed)
  const any: Record<string, unknown>[] = []
  if (persons.length > 0) any.push({ 'fields.visitor': { $in: persons } })
  if (ending !== null) any.push({ 'fields.number': { $regex: ending } })
  return any.length === 0
    ? null
    : { type: 'visit', selector: { $or: any }, sort: [{ createdMs: 'desc' }], limit: searchRowsMax }
}
