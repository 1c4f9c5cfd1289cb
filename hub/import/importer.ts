/** Takes bundles over, one at a time: judged, opened, checked, and written in one transaction together with its place. A bundle comes in whole or
 *  not at all; a change in a good bundle that cannot be taken stands in quarantine with its reason; a bundle that is refused is shown. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import type { Clock } from '#protocols/clock.ts'
import { type ErrorCode, errorCodes, Fault } from '#protocols/errors.ts'
import { checkLength, readHeader } from '#protocols/lane/bundle.ts'
import type { ChangeEntry, CheckpointEntry } from '#protocols/lane/entry.ts'
import { frozenBy, noteImported } from '#protocols/lane/sequence.ts'
import { checkSignatures } from '#protocols/lane/signatures.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { placesAround, putBundle } from '../store/bundles.ts'
import type { Database, Tx } from '../store/database.ts'
import { putIdentities } from '../store/identities.ts'
import { clearQuarantined, putQuarantined, type Quarantined } from '../store/quarantine.ts'
import type { Records } from '../store/records.ts'
import { lockLedger, saveLedger, type StoredStation, stationOfLane } from '../store/stations.ts'
import { putWaiting, takeWaiting, type WaitingChange } from '../store/waiting.ts'
import { matchLog } from '../witness/match.ts'
import { witnessCheckpoints } from '../witness/witness.ts'
import { type Authors, type Opened, type Opener, refuseUnknownApprovers } from './open.ts'
import { projectChanges } from './project.ts'
import { takeChanges } from './take-changes.ts'

export interface ImporterParts {
  readonly database: Database
  readonly opener: Opener
  readonly records: Records
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly clock: Clock
}

export interface Imported {
  readonly verdict: 'imported' | 'duplicate'
  readonly station: string
  readonly epoch: string
  readonly seq: number
  readonly changes: number
  readonly records: number
  readonly waiting: number
  readonly refused: number
  /** Something contradicts what this station said before. */
  readonly hasAlarm: boolean
}

export interface Importer {
  /** Throws the Fault with which the bundle is refused, after it stands in quarantine; and whatever keeps the store from answering, after which
   *  nothing has happened and the same file may be offered again. */
  importFile(file: Uint8Array): Promise<Imported>
}

type OpenedNew = Extract<Opened, { verdict: 'new' }>

export function createImporter(parts: ImporterParts): Importer {
  const { database, clock } = parts
  let last: Promise<unknown> = Promise.resolve()

  async function importFile(file: Uint8Array): Promise<Imported> {
    let station: StoredStation | null = null
    try {
      station = await stationOf(file)
      const known = station
      return await database.transact((tx) => importInto(tx, file, known))
    } catch (cause) {
      if (cause instanceof Fault && isJudgement(cause.code)) await noteRefused(file, station, cause)
      throw cause
    }
  }

  /** Before anything is believed of the file: whose lane does it name? */
  async function stationOf(file: Uint8Array): Promise<StoredStation> {
    checkLength(file)
    const lane = toHex(readHeader(file).laneNumber)
    const station = await stationOfLane(database, lane)
    if (!station) throw new Fault('hub/station-unknown', { lane })
    return station
  }

  async function importInto(tx: Tx, file: Uint8Array, station: StoredStation): Promise<Imported> {
    const nowMs = clock.nowMs()
    const { epoch, seq } = readHeader(file)
    const ledger = await lockLedger(tx, station.station, station.lane)
    const importedAt = await placesAround(tx, station, ledger, { epoch: toHex(epoch), seq })
    const opened = await parts.opener.open(tx, { file, station, ledger, importedAt, nowMs })
    const place = { station: station.station, epoch: opened.placed.epoch, seq: opened.placed.seq }
    await clearQuarantined(tx, station.station, [fileHashOf(file)])
    if (opened.verdict === 'duplicate')
      return { verdict: 'duplicate', ...place, changes: 0, records: 0, waiting: 0, refused: 0, hasAlarm: false }
    refuseUnknownApprovers(opened)
    await putBundle(tx, {
      ...station,
      placed: opened.placed,
      type: opened.header.type,
      entries: opened.content.entries.length,
      sizeBytes: file.length,
      createdMs: opened.header.createdMs,
      importedMs: nowMs,
    })
    await saveLedger(tx, station.station, station.lane, noteImported(ledger, opened.placed, opened.claim))
    await tx.query('update station set heard_ms = $2 where station = $1', [station.station, nowMs])
    const counts = await takeContent(tx, station, opened, nowMs)
    return { verdict: 'imported', ...place, ...counts }
  }

  async function takeContent(tx: Tx, station: StoredStation, opened: OpenedNew, nowMs: number) {
    const { certificates, grants, waiting } = opened.checked
    const id = fromHex(station.station)
    await putIdentities(tx, station.station, certificates, grants)
    const entries = opened.content.entries.filter((entry): entry is ChangeEntry => entry.kind === 1)
    const isWaiting = new Set<unknown>(waiting)
    const place = { epoch: opened.placed.epoch, bundleSeq: opened.placed.seq }
    const ready = entries.filter((entry) => !isWaiting.has(entry)).map((entry): WaitingChange => ({ entry, ...place }))
    const late =
      certificates.length + grants.length > 0 ? await wakeWaiting(tx, station, opened.authors, nowMs) : nothingLate
    await putWaiting(
      tx,
      station.station,
      entries.filter((entry) => isWaiting.has(entry)).map((entry) => ({ entry, ...place })),
      nowMs,
    )
    const taken = await takeChanges(tx, {
      station: id,
      changes: [...late.ready, ...ready],
      authors: opened.authors,
      defs: parts.defs,
    })
    await clearQuarantined(
      tx,
      station.station,
      taken.changes.map(({ change }) => toHex(change.id)),
    )
    const records = await projectChanges(tx, station.station, taken.changes, parts)
    const checkpoints = opened.content.entries.filter((entry): entry is CheckpointEntry => entry.kind === 10)
    const forks = await witnessCheckpoints(tx, station, checkpoints, nowMs)
    forks.push(...(await matchLog(tx, station.station)))
    const refused = [...late.refused, ...taken.refused, ...forks]
    await putQuarantined(tx, refused, nowMs)
    return {
      changes: taken.changes.length,
      records: records.length,
      waiting: waiting.length,
      refused: refused.length,
      hasAlarm: refused.some(({ code }) => errorCodes[code].level === 'error'),
    }
  }

  async function wakeWaiting(tx: Tx, station: StoredStation, authors: Authors, nowMs: number) {
    const ready: WaitingChange[] = []
    const still: WaitingChange[] = []
    const refused: Quarantined[] = []
    for (const change of await takeWaiting(tx, station.station)) {
      const verdict = judgeAgain(change, station, authors)
      if (verdict === 'ready') ready.push(change)
      else if (verdict === 'waiting') still.push(change)
      else refused.push(verdict)
    }
    await putWaiting(tx, station.station, still, nowMs)
    return { ready, refused }
  }

  /** A place that a fork contradicts freezes its lane; that and the refusal itself are kept even though nothing of the bundle was. */
  async function noteRefused(file: Uint8Array, station: StoredStation | null, fault: Fault): Promise<void> {
    const nowMs = clock.nowMs()
    await database.transact(async (tx) => {
      if (station && fault.code === 'lane/fork') {
        const ledger = await lockLedger(tx, station.station, station.lane)
        await saveLedger(tx, station.station, station.lane, frozenBy(ledger, fault))
      }
      const row = { station: station?.station ?? '', id: fileHashOf(file), kind: 'bundle' as const, entry: null }
      await putQuarantined(tx, [{ ...row, code: fault.code, detail: fault.detail, sizeBytes: file.length }], nowMs)
    })
  }

  return {
    importFile(file) {
      const next = last.then(() => importFile(file))
      last = next.catch(() => {})
      return next
    },
  }
}

const nothingLate: { ready: WaitingChange[]; refused: Quarantined[] } = { ready: [], refused: [] }

const fileHashOf = (file: Uint8Array): string => toHex(hash('file', file))

/** A store that does not answer says nothing about the bundle. */
const isJudgement = (code: ErrorCode): boolean =>
  !code.startsWith('hub/postgres') && !code.startsWith('store/') && code !== 'internal/fault'

/** With the keys of today. It was not checked when it came, for want of a key: so a signature that fails now is that one change's refusal. */
function judgeAgain(
  { entry }: WaitingChange,
  station: StoredStation,
  authors: Authors,
): 'ready' | 'waiting' | Quarantined {
  const keys = {
    issuerKeyOf: () => new Uint8Array(32),
    grantOf: (grantHash: Uint8Array) => authors.grant(grantHash),
    certificateOf: (device: Uint8Array) => authors.certificate(device),
  }
  try {
    return checkSignatures([entry], keys).waiting.length > 0 ? 'waiting' : 'ready'
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const id = toHex(hash('change-id', entry.headerBytes))
    return {
      station: station.station,
      id,
      kind: 'change',
      code: cause.code,
      detail: cause.detail,
      sizeBytes: entry.headerBytes.length,
      entry: null,
    }
  }
}
