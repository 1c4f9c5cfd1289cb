/** What a station's row says in one word, worst first. Pure. */
import type { CheckpointStatus, StationRow } from '#protocols/http/console.ts'
import type { Tone } from '../../shared/ui/tones.ts'

export type StationWord = 'fork' | 'missing' | 'waiting' | 'silent' | 'never' | 'whole'

const silentMs = 15 * 60_000

export function stationWord(row: StationRow, nowMs: number): { readonly word: StationWord; readonly tone: Tone } {
  if (row.fork) return { word: 'fork', tone: 'bad' }
  if (row.lastHeardMs === null) return { word: 'never', tone: 'off' }
  if (row.missing.length > 0) return { word: 'missing', tone: 'wait' }
  if (row.waiting > 0 || row.partialRecords > 0) return { word: 'waiting', tone: 'wait' }
  // A lane carries something whenever something happens: long silence may be a quiet night, so it is said and not judged.
  if (nowMs - row.lastHeardMs > silentMs) return { word: 'silent', tone: 'off' }
  return { word: 'whole', tone: 'ok' }
}

export const checkpointTone = (state: CheckpointStatus['state']): Tone =>
  (({ verified: 'ok', unproved: 'wait', fork: 'bad', none: 'off' }) as const)[state]

/** '4 to 7', or '4' alone. */
export const rangeText = ({ seqFrom, seqTo }: { readonly seqFrom: number; readonly seqTo: number }): string =>
  seqFrom === seqTo ? String(seqFrom) : `${seqFrom}–${seqTo}`

export const missingCount = (row: StationRow): number =>
  row.missing.reduce((sum, { seqFrom, seqTo }) => sum + seqTo - seqFrom + 1, 0)

/** Enough of an epoch or a device to tell it from the others. */
export const shortId = (id: string): string => id.slice(-8)
