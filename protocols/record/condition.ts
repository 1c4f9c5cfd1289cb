/** The one small condition language, as data: serves guards, form rules, alerts and traffic lights. No code, no clock. */
import type { Json } from './value.ts'

export type Condition =
  | { readonly op: 'eq' | 'ne'; readonly field: string; readonly value: Json }
  | { readonly op: 'lt' | 'lte' | 'gt' | 'gte'; readonly field: string; readonly value: number }
  | { readonly op: 'in'; readonly field: string; readonly values: readonly Json[] }
  | { readonly op: 'filled' | 'empty'; readonly field: string }
  | { readonly op: 'state'; readonly track: string; readonly states: readonly string[] }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  /** Over related records of a type that point here: all, some or none stand in one of the states of the named track. */
  | { readonly op: 'all' | 'some' | 'none'; readonly type: string; readonly track: string; readonly states: readonly string[] }

export const inState = (track: string, ...states: string[]): Condition => ({ op: 'state', track, states })
export const filled = (field: string): Condition => ({ op: 'filled', field })
export const empty = (field: string): Condition => ({ op: 'empty', field })
export const either = (...of: Condition[]): Condition => ({ op: 'or', of })
export const all = (type: string, track: string, states: readonly string[]): Condition => ({ op: 'all', type, track, states })
export const some = (type: string, track: string, states: readonly string[]): Condition => ({ op: 'some', type, track, states })
export const none = (type: string, track: string, states: readonly string[]): Condition => ({ op: 'none', type, track, states })

/** What a condition is asked about: the record's fields and states, and the states of related records by type. */
export interface ConditionSubject {
  readonly fields: Readonly<Record<string, Json>>
  readonly tracks: Readonly<Record<string, string>>
  readonly related: Readonly<Record<string, readonly { readonly tracks: Readonly<Record<string, string>> }[]>>
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

const equalJson = (a: Json | undefined, b: Json): boolean => JSON.stringify(a ?? null) === JSON.stringify(b)

/** True when the condition holds. A missing value never satisfies a comparison. */
export function holds(condition: Condition, subject: ConditionSubject): boolean {
  switch (condition.op) {
    case 'eq':
      return equalJson(subject.fields[condition.field], condition.value)
    case 'ne':
      return !equalJson(subject.fields[condition.field], condition.value)
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return compares(condition.op, subject.fields[condition.field], condition.value)
    case 'in':
      return condition.values.some((value) => equalJson(subject.fields[condition.field], value))
    case 'filled':
      return !isEmpty(subject.fields[condition.field])
    case 'empty':
      return isEmpty(subject.fields[condition.field])
    case 'state':
      return condition.states.includes(subject.tracks[condition.track] ?? '')
    case 'and':
      return condition.of.every((part) => holds(part, subject))
    case 'or':
      return condition.of.some((part) => holds(part, subject))
    case 'not':
      return !holds(condition.of, subject)
    default: {
      const states = (subject.related[condition.type] ?? []).map((other) => other.tracks[condition.track] ?? '')
      const stands = (state: string) => condition.states.includes(state)
      if (condition.op === 'all') return states.every(stands)
      return condition.op === 'some' ? states.some(stands) : !states.some(stands)
    }
  }
}

function compares(op: 'lt' | 'lte' | 'gt' | 'gte', found: Json | undefined, bound: number): boolean {
  if (typeof found !== 'number') return false
  if (op === 'lt') return found < bound
  if (op === 'lte') return found <= bound
  return op === 'gt' ? found > bound : found >= bound
}

/** Names of fields, tracks and related types that a condition speaks of: the registry test looks each of them up. */
export function conditionNames(condition: Condition): { fields: string[]; tracks: string[]; types: string[] } {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const parts = condition.of.map(conditionNames)
      return {
        fields: parts.flatMap((part) => part.fields),
        tracks: parts.flatMap((part) => part.tracks),
        types: parts.flatMap((part) => part.types),
      }
    }
    case 'not':
      return conditionNames(condition.of)
    case 'state':
      return { fields: [], tracks: [condition.track], types: [] }
    case 'all':
    case 'some':
    case 'none':
      return { fields: [], tracks: [], types: [condition.type] }
    default:
      return { fields: [condition.field], tracks: [], types: [] }
  }
}
