/** Small readings of a visit and its visitor for lists and heads. */
import { shortNumber } from '#protocols/numbers.ts'
import type { LineEntry, RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import type { FileRow, OwnChange, ShownRecord } from '../../shared/data/api.ts'
import type { ShownPhoto } from '../../shared/ui/shown-photo.ts'

export const textField = (record: RecordDoc | null | undefined, name: string): string => {
  const value = record?.fields[name]
  return typeof value === 'string' ? value : ''
}

export const numberField = (record: RecordDoc | null | undefined, name: string): number | null => {
  const value = record?.fields[name]
  return typeof value === 'number' ? value : null
}

export const numberOf = (visit: RecordDoc): string => shortNumber(textField(visit, 'number'))

/** Since when the visitor is here. */
export const hereSinceMs = (visit: RecordDoc): number => numberField(visit, 'checkedInAt') ?? visit.createdMs

export const feedbackOf = (visit: RecordDoc): readonly LineEntry[] => {
  const lines = visit.fields['feedback']
  return Array.isArray(lines) ? (lines as unknown as readonly LineEntry[]) : []
}

/** Set while a visit that was handed back waits for another officer. */
export interface HandBack {
  readonly by: string | null
  readonly reason: string
  readonly atMs: number
}
export function handBackOf(visit: RecordDoc): HandBack | null {
  if (visit.tracks['handling'] !== 'queued') return null
  const line = visit.history.findLast((each) => each.kind === 'do:handBack')
  return line ? { by: line.officer, reason: textField(visit, 'backReason'), atMs: line.pressedMs } : null
}

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

/** Whole years between a calendar date and a time, by the station's calendar; null when the date is none. */
export function ageOf(birth: string, dayText: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birth)) return null
  const years = Number(dayText.slice(0, 4)) - Number(birth.slice(0, 4))
  return dayText.slice(5) < birth.slice(5) ? years - 1 : years
}
