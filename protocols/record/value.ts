/** Values of fields and the check of one against its declared kind. Pure; never throws on bad input. */
import { limits } from '../limits.ts'
import type { FieldDef, FieldKind } from './field.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
const isText = (value: unknown, charsMax: number): value is string =>
  typeof value === 'string' && value.length <= charsMax && value.isWellFormed()
const isCode = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(value)

/** Days of the month by the real calendar. */
export function isDate(value: unknown): value is string {
  const parts = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null
  if (!parts) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}

/** Is `value` one whole value of this kind (not a slot of a list merge)? null is "no value" and always allowed. */
export function isValueOf(kind: FieldKind, value: unknown): boolean {
  if (value === null) return true
  switch (kind.kind) {
    case 'text':
      return isText(value, Math.min(kind.charsMax, limits.textCharsMax))
    case 'integer':
      return isWhole(value) && value >= kind.min && value <= kind.max
    case 'boolean':
      return typeof value === 'boolean'
    case 'time':
      return isWhole(value) && value >= 0
    case 'date':
      return isDate(value)
    case 'code':
      return isCode(value)
    case 'ref':
      return isId(value)
    case 'hex':
      return typeof value === 'string' && value.length === kind.bytes * 2 && /^[0-9a-f]*$/.test(value)
    case 'position':
      return (
        isObject(value) &&
        Object.keys(value).every((key) => ['lat', 'lon', 'accuracyCm', 'atMs'].includes(key) && isWhole(value[key])) &&
        isWhole(value['lat']) &&
        isWhole(value['lon'])
      )
    default:
      return false
  }
}

/** Is `value` a well-formed slot value of this field, by the table of change/SPEC.md "Slots"? */
export function isSlotOf(def: FieldDef, value: unknown): boolean {
  const type = def.type
  switch (def.merge) {
    case 'append':
      return (
        type.kind === 'lines' &&
        Array.isArray(value) &&
        value.length <= limits.rowsMax &&
        value.every((entry) => Array.isArray(entry) && entry.length === 2 && isId(entry[0]) && isText(entry[1], type.charsMax))
      )
    case 'rows':
      return (
        type.kind === 'rows' &&
        isObject(value) &&
        Object.keys(value).length <= limits.rowsMax &&
        Object.entries(value).every(([id, row]) => isId(id) && (row === null || isRow(type.columns, row)))
      )
    case 'union':
      return (
        isObject(value) &&
        Object.keys(value).every((key) => key === 'add' || key === 'remove') &&
        [value['add'] ?? [], value['remove'] ?? []].every(
          (list) =>
            Array.isArray(list) &&
            list.length <= limits.rowsMax &&
            list.every((item) => (type.kind === 'refs' ? isId(item) : isCode(item))),
        )
      )
    case 'counter':
      return isWhole(value)
    case 'narrative':
      return false // a narrative is written by changes of its own kind
    default:
      return isValueOf(type, value)
  }
}

function isRow(columns: Readonly<Record<string, FieldKind>>, row: unknown): boolean {
  if (!isObject(row)) return false
  return Object.entries(row).every(([name, value]) => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    return column !== undefined && isValueOf(column, value)
  })
}
