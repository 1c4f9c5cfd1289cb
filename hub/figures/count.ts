/** Counts per day, kept up by the difference that each record makes: what it counted as before is taken away, what it counts as now is added.
 *  A drill is never counted. */
import { dateTextOf } from '#protocols/clock.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Tx } from '../store/database.ts'

/** [type, day, dimension, value]; dimension '' counts all. */
type FigureKey = readonly [type: string, day: string, dimension: string, value: string]

/** How one record counts. A dimension without a value counts under ''. */
export function figuresOf(def: RecordDef, doc: RecordDoc): FigureKey[] {
  if (doc.fields['drill'] === true) return []
  const day = dateTextOf(doc.createdMs)
  const keys: FigureKey[] = [[doc.type, day, '', '']]
  for (const name of def.views.statistics?.countBy ?? []) {
    const value = doc.fields[name]
    keys.push([doc.type, day, name, typeof value === 'string' || typeof value === 'number' ? String(value) : ''])
  }
  for (const track of Object.keys(def.tracks)) keys.push([doc.type, day, `track:${track}`, doc.tracks[track] ?? ''])
  return keys
}

export async function addFigures(
  tx: Tx,
  station: string,
  defs: ReadonlyMap<string, RecordDef>,
  moves: readonly { readonly before: RecordDoc | null; readonly after: RecordDoc }[],
): Promise<void> {
  const sums = new Map<string, { key: FigureKey; n: number }>()
  const add = (doc: RecordDoc | null, n: number) => {
    const def = doc && defs.get(doc.type)
    for (const key of def ? figuresOf(def, doc) : []) {
      const name = JSON.stringify(key)
      sums.set(name, { key, n: (sums.get(name)?.n ?? 0) + n })
    }
  }
  for (const { before, after } of moves) {
    add(before, -1)
    add(after, 1)
  }
  // One order for all writers, so that two of them can never wait for each other.
  const rows = [...sums]
    .filter(([, { n }]) => n !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
  if (rows.length === 0) return
  await tx.query(
    `insert into figure (station, type, day, dimension, value, n)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
     on conflict (station, type, day, dimension, value) do update set n = figure.n + excluded.n`,
    [station, ...[0, 1, 2, 3].map((index) => rows.map(({ key }) => key[index])), rows.map(({ n }) => n)],
  )
}
