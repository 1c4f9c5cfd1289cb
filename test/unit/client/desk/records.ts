/** Records for the desk's tests: as small as the rules allow, with ids that can be read. */
import type { HistoryLine } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Role } from '#protocols/record/access.ts'
import type { Json } from '#protocols/record/value.ts'
import type { ShownRecord } from '../../../../client/shared/data/api.ts'

export const idOf = (name: string): string =>
  [...name]
    .map((each) => each.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('')
    .padEnd(32, '0')
    .slice(0, 32)
export const unit = idOf('unit')

export function recordOf(
  type: string,
  name: string,
  tracks: Record<string, string>,
  fields: Record<string, Json> = {},
  more: Partial<ShownRecord> = {},
): ShownRecord {
  return {
    id: idOf(name),
    type,
    station: idOf('station'),
    schema: 1,
    version: '00'.repeat(32),
    seq: 1,
    createdBy: null,
    createdVia: idOf('kiosk'),
    createdMs: 1000,
    updatedMs: 1000,
    tracks,
    fields: { unit, ...fields },
    meta: {},
    history: [],
    pendingChanges: 0,
    ...more,
  }
}

export const visitOf = (
  presence: string,
  handling: string,
  fields: Record<string, Json> = {},
  more: Partial<ShownRecord> = {},
): ShownRecord => recordOf('visit', `${presence}/${handling}`, { presence, handling }, fields, more)

export const lineOf = (kind: string, pressedMs: number, officer: string | null = null): HistoryLine => ({
  change: `${kind} ${pressedMs}`,
  kind,
  fields: [],
  officer,
  device: idOf('desk'),
  via: null,
  pressedMs,
  takenMs: pressedMs,
  seq: 1,
})

export const actorOf = (role: Role, account = idOf(role)): Actor => ({
  account,
  device: idOf('desk'),
  via: null,
  posts: [{ role, level: 6, unit }],
  linkedUnits: [],
})
