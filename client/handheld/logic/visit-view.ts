/** Small readings of a visit for lists and heads. */
import { shortNumber } from '#protocols/numbers.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import type { FileRow, OwnChange, ShownRecord } from '../../shared/data/api.ts'
import type { ShownPhoto } from '../../shared/ui/shown-photo.ts'
import { maskName } from './names.ts'

export const textField = (record: RecordDoc | null, name: string): string => {
  const value = record?.fields[name]
  return typeof value === 'string' ? value : ''
}

export const numberOf = (record: RecordDoc): string => shortNumber(textField(record, 'number'))

/** When it came to the officer who has it now. */
export const assignedAtMs = (record: RecordDoc): number =>
  record.history.findLast((line) => line.kind === 'do:assign' || line.kind === 'do:transfer')?.pressedMs ??
  record.updatedMs

/** Masked name of the visitor, or '' while the person is not here. */
export const visitorMasked = (visit: RecordDoc, persons: ReadonlyMap<string, RecordDoc>): string =>
  maskName(textField(persons.get(textField(visit, 'visitor')) ?? null, 'name'))

/** Photos in the order they were taken; one whose change is not yet delivered is pending. */
export function photosOf(visit: ShownRecord, own: readonly OwnChange[]): readonly ShownPhoto[] {
  const rows = (visit.fields['photos'] ?? {}) as Readonly<Record<string, Json>>
  const pending = new Set(
    own
      .filter((change) => change.record === visit.id && change.state === 'pending')
      .flatMap((change) => Object.keys((change.values['photos'] ?? {}) as Readonly<Record<string, Json>>)),
  )
  return Object.entries(rows)
    .map(([id, row]) => ({ id, row: row as unknown as FileRow, pending: pending.has(id) }))
    .sort((a, b) => a.row.takenAt - b.row.takenAt)
}
