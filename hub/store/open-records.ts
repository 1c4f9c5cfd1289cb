/** The records of a hub with the typed tables that its lists need. */
import type { RecordDef } from '#protocols/record/define.ts'
import type { Database } from './database.ts'
import { ensureProjection } from './projection.ts'
import { createRecords, type Records } from './records.ts'

/** Types whose lists the console shows. */
const projectedTypes = ['visit']

export async function openRecords(database: Database, defs: ReadonlyMap<string, RecordDef>): Promise<Records> {
  const projections = []
  for (const type of projectedTypes) {
    const def = defs.get(type)
    if (def) projections.push(await ensureProjection(database, def))
  }
  return createRecords(defs, projections)
}
