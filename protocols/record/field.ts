/** The vocabulary of fields: what a value is, how two writes of it meet, how far it may travel.
 *  Values are JSON-safe (null, boolean, whole number, text, array, object): the same value stands in a payload slot, a projection and a replica. */
import type { Text } from '../text/text.ts'

/** sync.md "Merge": decides what a payload slot holds and how concurrent writes meet. */
export type Merge = 'last-write' | 'locked' | 'append' | 'rows' | 'union' | 'counter' | 'evidence' | 'narrative'
/** How far a field may travel: not beyond the station, to stations and hubs of the inner network, to the open network. */
export type Reach = 'stay' | 'inner' | 'open'

export type FieldKind =
  | { readonly kind: 'text'; readonly charsMax: number }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  /** Integer ms since epoch, UTC. */
  | { readonly kind: 'time' }
  /** 'YYYY-MM-DD', a calendar date without a zone. */
  | { readonly kind: 'date' }
  | { readonly kind: 'code'; readonly list: string }
  /** 32 lowercase hex characters: the id of a record of type `to`. */
  | { readonly kind: 'ref'; readonly to: string }
  | { readonly kind: 'refs'; readonly to: string }
  | { readonly kind: 'codes'; readonly list: string }
  /** Entries that are only ever added: text of at most charsMax characters each. */
  | { readonly kind: 'lines'; readonly charsMax: number }
  /** A list whose rows have ids; columns are fields of scalar kinds. */
  | { readonly kind: 'rows'; readonly columns: Readonly<Record<string, FieldKind>> }
  /** Plain hex of `bytes` bytes: public keys, hashes. */
  | { readonly kind: 'hex'; readonly bytes: number }
  /** lat and lon in 1e-7 degrees, accuracy in cm, time of capture in ms. */
  | { readonly kind: 'position' }

export interface FieldOptions {
  readonly title: Text
  readonly merge?: Merge
  readonly reach?: Reach
  /** Masked in lists; opening it asks for a purpose. */
  readonly sensitive?: boolean
  /** Must have a value when the record is created. */
  readonly required?: boolean
}

export interface FieldDef {
  readonly type: FieldKind
  readonly title: Text
  readonly merge: Merge
  readonly reach: Reach
  readonly sensitive: boolean
  readonly required: boolean
}

export const text = (charsMax: number): FieldKind => ({ kind: 'text', charsMax })
export const integer = (min: number, max: number): FieldKind => ({ kind: 'integer', min, max })
export const boolean = (): FieldKind => ({ kind: 'boolean' })
export const time = (): FieldKind => ({ kind: 'time' })
export const date = (): FieldKind => ({ kind: 'date' })
export const code = (list: string): FieldKind => ({ kind: 'code', list })
export const codes = (list: string): FieldKind => ({ kind: 'codes', list })
export const ref = (to: string): FieldKind => ({ kind: 'ref', to })
export const refs = (to: string): FieldKind => ({ kind: 'refs', to })
export const lines = (charsMax = 2000): FieldKind => ({ kind: 'lines', charsMax })
export const rows = (columns: Readonly<Record<string, FieldKind>>): FieldKind => ({ kind: 'rows', columns })
export const hex = (bytes: number): FieldKind => ({ kind: 'hex', bytes })
export const position = (): FieldKind => ({ kind: 'position' })

const defaultMerge = (type: FieldKind): Merge => {
  if (type.kind === 'lines') return 'append'
  if (type.kind === 'rows') return 'rows'
  if (type.kind === 'refs' || type.kind === 'codes') return 'union'
  return 'last-write'
}

export function field(type: FieldKind, options: FieldOptions): FieldDef {
  return {
    type,
    title: options.title,
    merge: options.merge ?? defaultMerge(type),
    reach: options.reach ?? 'inner',
    sensitive: options.sensitive ?? false,
    required: options.required ?? false,
  }
}

const listKinds = new Set(['lines', 'rows', 'refs', 'codes'])
const listMerges: Readonly<Record<string, readonly Merge[]>> = {
  lines: ['append'],
  rows: ['rows'],
  refs: ['union'],
  codes: ['union'],
}

/** Why this field cannot stand as declared, or null. A list under `last-write` would lose entries of the slower writer. */
export function fieldFault(name: string, def: FieldDef): string | null {
  if (!/^[a-z][a-zA-Z0-9]{0,39}$/.test(name)) return `field name "${name}"`
  if (listKinds.has(def.type.kind) && !(listMerges[def.type.kind] ?? []).includes(def.merge))
    return `field "${name}": merge "${def.merge}" on a list`
  if (!listKinds.has(def.type.kind) && ['append', 'rows', 'union'].includes(def.merge))
    return `field "${name}": merge "${def.merge}" needs a list`
  if (def.merge === 'counter' && def.type.kind !== 'integer') return `field "${name}": counter needs an integer`
  if (!def.title.zh || !def.title.en) return `field "${name}": title missing in a language`
  return null
}
