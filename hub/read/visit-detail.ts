/** One visit with every change of it. Signatures are checked now, from the stored bytes and up to the root: what the disk was made to say since
 *  the import does not pass for what an officer signed. */
import { toHex } from '#crypto/bytes.ts'
import { decodeHlc } from '#protocols/change/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { VisitChange, VisitDetail } from '#protocols/http/console.ts'
import { checkSignatures, type KnownKeys } from '#protocols/lane/signatures.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { changesOfRecords, type StoredChange } from '../store/changes.ts'
import type { Tx } from '../store/database.ts'
import { stationKeys } from '../store/station-keys.ts'
import { readVisit } from './visits.ts'

export async function readVisitDetail(
  tx: Tx,
  station: string,
  id: string,
  def: RecordDef,
): Promise<VisitDetail | null> {
  const visit = await readVisit(tx, station, id)
  const doc = visit && (await findDoc(tx, station, id, 'visit'))
  if (!doc) return null
  const changes = await changesOfRecords(tx, station, [id])
  const keys = await stationKeys(
    tx,
    station,
    changes.map(({ change }) => change.header),
  )
  const names = await namesOf(tx, station, changes)
  return {
    visit,
    fields: Object.fromEntries(Object.entries(doc.fields).filter(([name]) => isShown(def, name))),
    visitor: await visitorOf(tx, station, doc),
    changes: changes.map((stored) => ({ ...changeRowOf(stored, names), ...verdictOf(stored, keys) })),
  }
}

/** Sensitive values ask for a purpose, which the console does not have yet. */
const isShown = (def: RecordDef, name: string): boolean =>
  Object.hasOwn(def.allFields, name) && def.allFields[name]?.sensitive === false

async function findDoc(tx: Tx, station: string, id: string, type: string): Promise<RecordDoc | null> {
  const [row] = await tx.query<{ doc: RecordDoc }>(
    'select doc from record where station = $1 and id = $2 and type = $3',
    [station, id, type],
  )
  return row?.doc ?? null
}

async function visitorOf(tx: Tx, station: string, visit: RecordDoc): Promise<VisitDetail['visitor']> {
  const id = visit.fields['visitor']
  const person = typeof id === 'string' ? await findDoc(tx, station, id, 'person') : null
  if (!person) return null
  const text = (name: string) => (typeof person.fields[name] === 'string' ? (person.fields[name] as string) : null)
  return { documentType: text('documentType'), numberMasked: text('numberMasked') }
}

async function namesOf(tx: Tx, station: string, changes: readonly StoredChange[]): Promise<Map<string, string>> {
  const officers = new Set(
    changes.flatMap(({ change }) => (change.header.officer ? [toHex(change.header.officer)] : [])),
  )
  const rows = await tx.query<{ id: string; name: string | null }>(
    `select id, doc -> 'fields' ->> 'name' as name from record where station = $1 and id = any($2) and type = 'account'`,
    [station, [...officers]],
  )
  return new Map(rows.flatMap((row) => (row.name === null ? [] : [[row.id, row.name] as const])))
}

function verdictOf(stored: StoredChange, keys: KnownKeys): Pick<VisitChange, 'verified' | 'code'> {
  const { headerBytes, header, signature, slots } = stored.change
  const { reasons, seq, outcome, receivedMs } = stored
  try {
    const entry = { kind: 1, headerBytes, header, signature, slots, reasons, logSeq: seq, outcome, receivedMs } as const
    const isKnown = checkSignatures([entry], keys).waiting.length === 0
    return isKnown ? { verified: true, code: null } : { verified: false, code: 'change/unattributed' }
  } catch (cause) {
    if (cause instanceof Fault) return { verified: false, code: cause.code }
    throw cause
  }
}

function changeRowOf(stored: StoredChange, names: ReadonlyMap<string, string>): Omit<VisitChange, 'verified' | 'code'> {
  const { change, seq, outcome, receivedMs, reasons } = stored
  const { header } = change
  const account = header.officer && toHex(header.officer)
  return {
    id: toHex(change.id),
    seq,
    kind: header.kind,
    outcome,
    signer: {
      account,
      name: account === null ? null : (names.get(account) ?? null),
      via: header.via?.kind ?? null,
      device: toHex(header.device),
    },
    pressedMs: decodeHlc(header.hlc).ms,
    receivedMs,
    fields: [...change.slots.keys()],
    withheld: reasons.map(({ field, why }) => ({ field, why: typeof why === 'string' ? why : `erased ${toHex(why)}` })),
  }
}
