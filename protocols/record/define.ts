/** One declaration per record type. Everything generic reads it: validation, rights, merge, storage, routes, lists and forms, release, docs. */
import { t, type Text } from '../text/text.ts'
import type { AccessRow } from './access.ts'
import { type Condition, conditionNames } from './condition.ts'
import { code, type FieldDef, boolean as bool, field, fieldFault, ref, text } from './field.ts'
import type { JsonObject } from './value.ts'

export interface Transition {
  readonly title: Text
  readonly from: readonly string[]
  readonly to: string
  readonly by: readonly AccessRow[]
  /** Fields that must have a value in this change. */
  readonly needs?: readonly string[]
  /** Fields that may come with this change. */
  readonly takes?: readonly string[]
  /** Fields that lose their value: whoever hands a matter back is not its officer any more. */
  readonly clears?: readonly string[]
  readonly guards?: readonly Condition[]
}

export interface Track {
  readonly title: Text
  readonly states: readonly string[]
  readonly initial: string
  /** States in which a record may be born besides `initial`. */
  readonly born?: readonly string[]
  readonly final: readonly string[]
  readonly words: Readonly<Record<string, Text>>
  readonly transitions: Readonly<Record<string, Transition>>
}

export type ReplicaScope = 'own' | 'assigned' | 'unit' | 'linked-units' | 'all'
export interface ReplicaRule {
  readonly scope: ReplicaScope
  /** Closed records leave the replica this many days after their last change. */
  readonly keepDays: number
  /** Fields that travel; all when absent. */
  readonly fields?: readonly string[]
  /** ref field -> fields of its target that travel along. */
  readonly pulls?: Readonly<Record<string, readonly string[]>>
}

export interface RecordDeclaration {
  readonly type: string
  readonly version: number
  readonly title: Text
  readonly fields: Readonly<Record<string, FieldDef>>
  readonly home: { readonly born: 'station' | 'hub'; readonly moves: boolean }
  readonly tracks: Readonly<Record<string, Track>>
  readonly access: {
    readonly read: readonly AccessRow[]
    readonly create: readonly AccessRow[]
    readonly update: Readonly<Record<string, readonly AccessRow[]>>
  }
  /** Fields that name the accounts to whom this record is assigned. */
  readonly assigned?: readonly string[]
  /** Related type -> its ref field that points here: read as facts for guards and flows. */
  readonly relations?: Readonly<Record<string, string>>
  readonly label: 'public' | 'internal' | 'restricted'
  readonly replica: { readonly handheld?: ReplicaRule; readonly desk?: ReplicaRule }
  readonly retention: { readonly from: string; readonly keepDays: number; readonly then: 'erase' | 'review' | 'keep' }
  readonly views: {
    readonly list: readonly string[]
    readonly form?: readonly string[]
    readonly timeline?: readonly string[]
    readonly statistics?: { readonly countBy: readonly string[] }
  }
  /** To version n from n-1. Frozen: imports nothing, never edited. */
  readonly upgrades?: Readonly<Record<number, (fields: JsonObject) => JsonObject>>
}

/** What every record has beside its own fields (domain: number, unit, label, drill). */
export const commonFields = {
  number: field(text(40), { title: t('编号', 'Number'), merge: 'locked' }),
  unit: field(ref('unit'), { title: t('单位', 'Unit'), merge: 'locked' }),
  label: field(code('label'), { title: t('涉密标签', 'Label') }),
  drill: field(bool(), { title: t('演练', 'Drill'), merge: 'locked' }),
} as const satisfies Record<string, FieldDef>

export interface RecordDef extends RecordDeclaration {
  /** Own and common fields together. */
  readonly allFields: Readonly<Record<string, FieldDef>>
  /** Transition name -> its track: names are unique in a type. */
  readonly trackOf: Readonly<Record<string, string>>
}

/** Takes a declaration as it is or throws with every fault of it at once: a wrong declaration never starts. */
export function defineRecord(declaration: RecordDeclaration): RecordDef {
  const allFields = { ...commonFields, ...declaration.fields }
  const trackOf: Record<string, string> = {}
  const faults: string[] = []
  for (const [name, def] of Object.entries(allFields)) {
    const fault = fieldFault(name, def)
    if (fault) faults.push(fault)
  }
  for (const [trackName, track] of Object.entries(declaration.tracks)) {
    faults.push(...trackFaults(trackName, track, Object.keys(allFields)))
    for (const name of Object.keys(track.transitions)) {
      if (Object.hasOwn(trackOf, name)) faults.push(`transition "${name}" stands twice`)
      trackOf[name] = trackName
    }
  }
  faults.push(...nameFaults(declaration, allFields))
  if (faults.length > 0) throw new Error(`record type "${declaration.type}": ${faults.join('; ')}`)
  return { ...declaration, allFields, trackOf }
}

function trackFaults(name: string, track: Track, fields: readonly string[]): string[] {
  const faults: string[] = []
  const known = (state: string, where: string) => {
    if (!track.states.includes(state)) faults.push(`track "${name}": unknown state "${state}" in ${where}`)
  }
  known(track.initial, 'initial')
  for (const state of [...track.final, ...(track.born ?? [])]) known(state, 'final or born')
  for (const state of track.states)
    if (!track.words[state]?.zh || !track.words[state]?.en) faults.push(`state "${state}" has no words`)
  for (const [transitionName, transition] of Object.entries(track.transitions)) {
    for (const state of [...transition.from, transition.to]) known(state, transitionName)
    for (const fieldName of [...(transition.needs ?? []), ...(transition.takes ?? []), ...(transition.clears ?? [])])
      if (!fields.includes(fieldName)) faults.push(`${transitionName}: unknown field "${fieldName}"`)
    if (transition.by.length === 0) faults.push(`${transitionName}: nobody may`)
  }
  return faults
}

function nameFaults(declaration: RecordDeclaration, allFields: Readonly<Record<string, FieldDef>>): string[] {
  const faults: string[] = []
  const mustExist = (names: Iterable<string>, where: string) => {
    for (const name of names) if (!Object.hasOwn(allFields, name)) faults.push(`${where}: unknown field "${name}"`)
  }
  mustExist(Object.keys(declaration.access.update), 'access.update')
  mustExist(declaration.assigned ?? [], 'assigned')
  mustExist(declaration.views.list, 'views.list')
  mustExist(declaration.views.form ?? [], 'views.form')
  mustExist(declaration.views.timeline ?? [], 'views.timeline')
  mustExist(declaration.views.statistics?.countBy ?? [], 'views.statistics')
  for (const rule of [declaration.replica.handheld, declaration.replica.desk]) {
    mustExist(rule?.fields ?? [], 'replica')
    mustExist(Object.keys(rule?.pulls ?? {}), 'replica.pulls')
  }
  for (const track of Object.values(declaration.tracks))
    for (const transition of Object.values(track.transitions))
      for (const guard of transition.guards ?? []) {
        const names = conditionNames(guard)
        mustExist(names.fields, 'guard')
        for (const other of names.tracks)
          if (!Object.hasOwn(declaration.tracks, other)) faults.push(`guard: unknown track "${other}"`)
        for (const type of names.types)
          if (!Object.hasOwn(declaration.relations ?? {}, type)) faults.push(`guard: no relation to "${type}"`)
      }
  return faults
}
