/** Figures of visits as bars: one bar a day, or one a day and station while there are few; stacked by reason. Pure. */
import { codeList } from '#protocols/codes.ts'
import type { VisitFigure } from '#protocols/http/console.ts'

export interface Bar {
  readonly day: string
  /** Null: all stations together. */
  readonly station: string | null
}
export interface Stack {
  /** '' for visits whose reason is not known. */
  readonly reason: string
  /** Place of its colour: fixed for a reason, whatever else is shown. */
  readonly colour: number
  /** One figure for each bar. */
  readonly counts: readonly number[]
}
export interface Bars {
  /** Stations whose bars stand side by side; empty while all are one bar. */
  readonly apart: readonly string[]
  readonly bars: readonly Bar[]
  readonly stacks: readonly Stack[]
  readonly total: number
}

const stationsApartMax = 3
const barsMax = 45

export function barsOf(figures: readonly VisitFigure[], days: readonly string[]): Bars {
  const stations = [...new Set(figures.map((each) => each.station))].sort()
  const apart = stations.length > 1 && stations.length <= stationsApartMax && stations.length * days.length <= barsMax
  const bars = days.flatMap((day): Bar[] =>
    apart ? stations.map((station) => ({ day, station })) : [{ day, station: null }],
  )
  const at = new Map(bars.map((bar, index) => [`${bar.day} ${bar.station ?? ''}`, index]))
  const order = [...codeList('visit-reason').rows.map((row) => row.code), '']
  const counts = new Map<string, number[]>()
  let total = 0
  for (const { day, station, reason, n } of figures) {
    const index = at.get(`${day} ${apart ? station : ''}`)
    if (index === undefined) continue
    const row = counts.get(reason) ?? bars.map(() => 0)
    row[index] = (row[index] ?? 0) + n
    counts.set(reason, row)
    total += n
  }
  const place = (reason: string) => (order.includes(reason) ? order.indexOf(reason) : order.length)
  const stacks = [...counts]
    .map(([reason, row]) => ({ reason, colour: place(reason), counts: row }))
    .sort((a, b) => a.colour - b.colour)
  return { apart: apart ? stations : [], bars, stacks, total }
}

/** One sign a station, for the foot of its bars: the first of its name, or numbers when two names begin alike. */
export function stationSigns(names: readonly string[]): readonly string[] {
  const first = names.map((name) => [...name][0] ?? '')
  return new Set(first).size === names.length && !first.includes('')
    ? first
    : names.map((_, index) => String(index + 1))
}
