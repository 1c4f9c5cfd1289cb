/** Figures across stations. Kept up with each import; nothing is counted at the time of asking. */
import type { VisitFigure } from '#protocols/http/console.ts'
import type { Tx } from '../store/database.ts'

export interface FigureFilter {
  readonly station: string | null
  readonly from: string | null
  readonly to: string | null
}

const rowsMax = 100_000

export const readVisitFigures = (tx: Tx, filter: FigureFilter): Promise<VisitFigure[]> =>
  tx.query<VisitFigure>(
    `select day, station, value as reason, n from figure
     where type = 'visit' and dimension = 'reason' and n <> 0
       and ($1::text is null or station = $1) and ($2::text is null or day >= $2) and ($3::text is null or day <= $3)
     order by day, station, value limit ${rowsMax}`,
    [filter.station, filter.from, filter.to],
  )
