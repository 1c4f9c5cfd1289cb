/** Records as they stand, with what follows from them: typed tables and figures, written in the same transaction. */
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { addFigures } from '../figures/count.ts'
import type { Tx } from './database.ts'
import type { Projection } from './projection.ts'

export interface StoredRecord {
  readonly doc: RecordDoc
  readonly isWhole: boolean
}

export interface Records {
  find(tx: Tx, station: string, ids: readonly string[]): Promise<Map<string, StoredRecord>>
  /** before: what stood, by id. */
  put(
    tx: Tx,
    station: string,
    records: readonly StoredRecord[],
    before: ReadonlyMap<string, StoredRecord>,
  ): Promise<void>
}

export function createRecords(defs: ReadonlyMap<string, RecordDef>, projections: readonly Projection[]): Records {
  return {
    async find(tx, station, ids) {
      if (ids.length === 0) return new Map()
      const rows = await tx.query<{ id: string; doc: RecordDoc; is_whole: boolean }>(
        'select id, doc, is_whole from record where station = $1 and id = any($2)',
        [station, ids],
      )
      return new Map(rows.map((row) => [row.id, { doc: row.doc, isWhole: row.is_whole }]))
    },
    async put(tx, station, records, before) {
      const batchRows = 500
      for (let from = 0; from < records.length; from += batchRows)
        await putBatch(tx, station, records.slice(from, from + batchRows))
      for (const projection of projections)
        await projection.write(
          tx,
          records.map(({ doc }) => doc).filter(({ type }) => type === projection.type),
        )
      await addFigures(
        tx,
        station,
        defs,
        records.map(({ doc }) => ({ before: before.get(doc.id)?.doc ?? null, after: doc })),
      )
    },
  }
}

async function putBatch(tx: Tx, station: string, records: readonly StoredRecord[]): Promise<void> {
  const column = <T>(read: (record: StoredRecord) => T): T[] => records.map(read)
  await tx.query(
    `insert into record (station, id, type, seq, version, is_whole, created_ms, updated_ms, doc)
     select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::bigint[], $8::bigint[], $9::jsonb[])
     on conflict (station, id) do update set seq = excluded.seq, version = excluded.version, is_whole = excluded.is_whole,
       created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, doc = excluded.doc`,
    [
      station,
      column(({ doc }) => doc.id),
      column(({ doc }) => doc.type),
      column(({ doc }) => doc.seq),
      column(({ doc }) => doc.version),
      column(({ isWhole }) => isWhole),
      column(({ doc }) => doc.createdMs),
      column(({ doc }) => doc.updatedMs),
      column(({ doc }) => JSON.stringify(doc)),
    ],
  )
}
