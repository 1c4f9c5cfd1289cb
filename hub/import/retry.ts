/** Changes that an older program could not read (a type or a schema of a later one) are tried again when a program starts. */
import { fromHex } from '#crypto/bytes.ts'
import { decodeCanonical } from '#protocols/cbor.ts'
import { arrayOf } from '#protocols/cbor-read.ts'
import { Fault } from '#protocols/errors.ts'
import { type ChangeEntry, parseEntry } from '#protocols/lane/entry.ts'
import { checkSignatures, type KnownKeys } from '#protocols/lane/signatures.ts'
import type { Database, Tx } from '../store/database.ts'
import { lockLedger, plain } from '../store/stations.ts'
import { stationKeys } from '../store/station-keys.ts'
import { type ProjectParts, projectChanges } from './project.ts'
import { takeChanges } from './take-changes.ts'

const codes = ['hub/type-unknown', 'change/schema-unknown', 'change/field-unknown', 'change/transition-unknown']

/** Returns how many were taken over. Those that still cannot be read stay where they are. */
export async function retryQuarantined(database: Database, parts: ProjectParts): Promise<number> {
  const stations = await database.query<{ station: string; lane: string }>(
    `select distinct q.station, s.lane from quarantine q join station s on s.station = q.station where q.kind = 'change' and q.code = any($1)`,
    [codes],
  )
  let taken = 0
  for (const { station, lane } of stations)
    taken += await database.transact(async (tx) => {
      await lockLedger(tx, station, lane)
      return retryStation(tx, station, parts)
    })
  return taken
}

async function retryStation(tx: Tx, station: string, parts: ProjectParts): Promise<number> {
  const rows = await tx.query<{ id: string; entry: Uint8Array }>(
    `select id, entry from quarantine where station = $1 and kind = 'change' and code = any($2) and entry is not null`,
    [station, codes],
  )
  const entries = rows
    .map(({ entry }) => parseEntry(arrayOf(decodeCanonical(plain(entry)), 'entry')))
    .filter((entry) => entry.kind === 1)
  const keys = await stationKeys(
    tx,
    station,
    entries.map(({ header }) => header),
  )
  const result = await takeChanges(tx, {
    station: fromHex(station),
    changes: entries.filter((entry) => isSigned(entry, keys)).map((entry) => ({ entry, epoch: '', bundleSeq: 0 })),
    authors: { grant: keys.grantOf, certificate: keys.certificateOf },
    defs: parts.defs,
  })
  const still = new Set(result.refused.map(({ id }) => id))
  const gone = rows.map(({ id }) => id).filter((id) => !still.has(id))
  await tx.query('delete from quarantine where station = $1 and id = any($2) and code = any($3)', [
    station,
    gone,
    codes,
  ])
  await projectChanges(tx, station, result.changes, parts)
  return result.changes.length
}

function isSigned(entry: ChangeEntry, keys: KnownKeys): boolean {
  try {
    return checkSignatures([entry], keys).waiting.length === 0
  } catch (cause) {
    if (cause instanceof Fault) return false
    throw cause
  }
}
