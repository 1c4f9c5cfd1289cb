/** The one typed table of rights: pure, deny by default. Asked by the gateway for every route, change, room and topic; a screen may ask the
 *  same table to hide a button, nothing more. */
import type { AccessRow, AccessScope, Role } from './access.ts'
import { may } from './access.ts'
import type { RecordDef } from './define.ts'
import type { RecordDoc } from './doc.ts'

export interface ActorPost {
  readonly role: Role
  readonly level: number
  /** Unit id, hex. */
  readonly unit: string
}

/** Who asks. A person has an account and posts; the gateway has none and acts for a device, or of itself. */
export interface Actor {
  readonly account: string | null
  readonly device: string
  /** The device on whose behalf the gateway acts: its kind is the role. */
  readonly via: { readonly kind: string; readonly device: string } | null
  readonly posts: readonly ActorPost[]
  /** Units below or linked to those of the posts, hex. */
  readonly linkedUnits: readonly string[]
}

export type Action =
  | { readonly kind: 'read' }
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly field: string }
  | { readonly kind: 'transition'; readonly transition: string }

/** What the scope of a right is compared with. For a create: the record as it would be born. */
export type RightsObject = Pick<RecordDoc, 'createdBy' | 'createdVia' | 'fields'>

export function rowsFor(def: RecordDef, action: Action): readonly AccessRow[] {
  switch (action.kind) {
    case 'read':
      return def.access.read
    case 'create':
      return def.access.create
    case 'update':
      return Object.hasOwn(def.access.update, action.field) ? (def.access.update[action.field] ?? []) : []
    case 'transition': {
      const track = def.tracks[def.trackOf[action.transition] ?? '']
      return track?.transitions[action.transition]?.by ?? []
    }
  }
}

export const decide = (actor: Actor, def: RecordDef, action: Action, object: RightsObject): boolean =>
  rowsFor(def, action).some((row) => rolesOf(actor).some((post) => matches(row, post, actor, def, object)))

/** Roles that could do it: what a refused person is told ("the front desk or a duty leader can"). */
export const whoMay = (def: RecordDef, action: Action): readonly Role[] => [
  ...new Set(rowsFor(def, action).map((row) => row.role)),
]

function rolesOf(actor: Actor): readonly ActorPost[] {
  if (actor.account !== null) return actor.posts
  return [{ role: (actor.via?.kind ?? 'gateway') as Role, level: 9, unit: '' }]
}

function matches(row: AccessRow, post: ActorPost, actor: Actor, def: RecordDef, object: RightsObject): boolean {
  return row.role === post.role && post.level >= row.level && inScope(row.scope, post, actor, def, object)
}

function inScope(scope: AccessScope, post: ActorPost, actor: Actor, def: RecordDef, object: RightsObject): boolean {
  switch (scope) {
    case 'own':
      return actor.account !== null
        ? object.createdBy === actor.account
        : actor.via !== null && object.createdVia === actor.via.device
    case 'assigned':
      return actor.account !== null && accountsOf(def, object).includes(actor.account)
    case 'unit':
      return object.fields['unit'] === post.unit
    case 'linked-units': {
      const unit = object.fields['unit']
      return unit === post.unit || (typeof unit === 'string' && actor.linkedUnits.includes(unit))
    }
    case 'all':
      return true
  }
}

/** Accounts named in the record's `assigned` fields. */
export function accountsOf(def: RecordDef, object: Pick<RecordDoc, 'fields'>): string[] {
  return (def.assigned ?? []).flatMap((name) => {
    const value = object.fields[name]
    if (typeof value === 'string') return [value]
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
  })
}

/** Rights that are no act on a record. The same rule: a row or a refusal. */
export const systemActions = {
  'device.enrol-ticket': [may('administrator', 'all'), may('front-desk', 'unit'), may('duty-leader', 'unit')],
  'operations.read': [may('administrator', 'all'), may('duty-leader', 'unit'), may('auditor', 'all')],
  'refused.read': [may('front-desk', 'unit'), may('duty-leader', 'unit'), may('auditor', 'all')],
} as const satisfies Record<string, readonly AccessRow[]>
export type SystemAction = keyof typeof systemActions

export const decideSystem = (actor: Actor, action: SystemAction): boolean =>
  actor.account !== null &&
  systemActions[action].some((row) => actor.posts.some((post) => post.role === row.role && post.level >= row.level))

/** The table as rows of text, for an administrator to print. */
export function rightsTable(defs: Iterable<RecordDef>): string[][] {
  const table: string[][] = []
  for (const def of defs) {
    const add = (act: string, rows: readonly AccessRow[]) => {
      for (const row of rows) table.push([def.type, act, row.role, row.scope, String(row.level)])
    }
    add('read', def.access.read)
    add('create', def.access.create)
    for (const [name, rows] of Object.entries(def.access.update)) add(`update ${name}`, rows)
    for (const track of Object.values(def.tracks))
      for (const [name, transition] of Object.entries(track.transitions)) add(`do ${name}`, transition.by)
  }
  for (const [action, rows] of Object.entries(systemActions))
    for (const row of rows) table.push(['(system)', action, row.role, row.scope, String(row.level)])
  return table
}
