/** A record's history as lines to show, newest first. Pure: who and what in ids and kinds; words are put to it by the screen. */
import { recordDefs } from '#protocols/records/index.ts'
import type { HistoryLine, LineEntry, RecordDoc } from '#protocols/record/doc.ts'

export type Author =
  | { readonly kind: 'account'; readonly id: string }
  /** The gateway acted for a device of this kind. */
  | { readonly kind: 'device'; readonly via: string }
  | { readonly kind: 'gateway' }

export interface TimelineEntry {
  readonly id: string
  readonly kind: string
  readonly fields: readonly string[]
  readonly state: { readonly track: string; readonly to: string } | null
  readonly by: Author
  /** The true time of the press. */
  readonly pressedMs: number
  /** Set when it was taken in so much later that people should see both times. */
  readonly takenLaterMs: number | null
  readonly delivered: boolean
  /** What was written with this act: entries of lines, reasons. */
  readonly texts: readonly string[]
}

const lateMs = 60_000

export function timelineOf(record: RecordDoc): readonly TimelineEntry[] {
  return record.history.map((line) => entryOf(record, line)).reverse()
}

function entryOf(record: RecordDoc, line: HistoryLine): TimelineEntry {
  return {
    id: line.change,
    kind: line.kind,
    fields: line.fields.filter((name) => name !== 'born'),
    state: line.track !== undefined && line.to !== undefined ? { track: line.track, to: line.to } : null,
    by: authorOf(line),
    pressedMs: line.pressedMs,
    takenLaterMs: line.takenMs !== null && line.takenMs - line.pressedMs > lateMs ? line.takenMs : null,
    delivered: line.takenMs !== null,
    texts: textsOf(record, line),
  }
}

function authorOf(line: HistoryLine): Author {
  if (line.officer !== null) return { kind: 'account', id: line.officer }
  return line.via !== null ? { kind: 'device', via: line.via } : { kind: 'gateway' }
}

/** Entries of lines carry no change id: the time of the press and its author name them. A single text stands only while it is still the
 *  one this act wrote. */
function textsOf(record: RecordDoc, line: HistoryLine): string[] {
  const def = recordDefs.get(record.type)
  return line.fields.flatMap((name) => {
    const kind = def?.allFields[name]?.type.kind
    const value = record.fields[name]
    if (kind === 'lines' && Array.isArray(value))
      return (value as unknown as readonly LineEntry[])
        .filter((entry) => entry.atMs === line.pressedMs && entry.officer === line.officer)
        .map((entry) => entry.text)
    if (
      kind === 'text' &&
      line.kind.startsWith('do:') &&
      typeof value === 'string' &&
      record.meta[name]?.change === line.change
    )
      return [value]
    return []
  })
}
