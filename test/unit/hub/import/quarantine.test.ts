import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { ready } from '#crypto/sodium'
import { type Change, signChange } from '#protocols/change/change.ts'
import { encodeHlc } from '#protocols/change/clock.ts'
import type { ChangeHeader, ChangeKind } from '#protocols/change/header.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import { leafOfSlot } from '#protocols/change/payload.ts'
import { beginEpoch, nextPlace, type SenderHead } from '#protocols/lane/place.ts'
import { encodePolicy, type ReleasePolicy } from '#protocols/lane/policy.ts'
import { releaseSlots, withheldOf } from '#protocols/lane/release.ts'
import { sealBundle } from '#protocols/lane/seal.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { innerPolicy } from '../../../../edge/lane/policy.ts'
import { createImporter } from '../../../../hub/import/importer.ts'
import { retryQuarantined } from '../../../../hub/import/retry.ts'
import { readQuarantine } from '../../../../hub/read/quarantine.ts'
import { createRecords } from '../../../../hub/store/records.ts'
import type { Database } from '../../../../hub/store/database.ts'
import {
  createTestHub,
  createTestStation,
  startTestServer,
  type TestHub,
  type TestServer,
  type TestStation,
} from '../test-hub.ts'

const usual = innerPolicy(recordDefs)
/** The same lane with less: a reason's own words stay at the station. */
const strict: ReleasePolicy = {
  ...usual,
  id: 'less',
  types: new Map(
    [...usual.types].map(([type, fields]) => [
      type,
      new Map([...fields, ...(type === 'visit' ? [['reasonText', 'reach-stay'] as const] : [])]),
    ]),
  ),
}

let server: TestServer
let database: Database
let hub: TestHub
let station: TestStation
let lying: ReturnType<typeof createLyingSender>

beforeAll(async () => {
  await ready
  server = await startTestServer()
}, 60_000)
afterAll(() => server.close(), 60_000)
beforeEach(async () => {
  database = await server.database()
  hub = await createTestHub(database, server.folder)
  station = await createTestStation(hub, 'station-one')
  await hub.takeCard({ ...station.card(), policies: [usual, strict].map((policy) => toHex(encodePolicy(policy))) })
  lying = createLyingSender()
  await hub.importer.importFile(lying.epoch)
  return () => station.close()
})

/** A station's sealer in wrong hands: it has the lane's key, and says of anything that the station logged it. */
function createLyingSender() {
  const { keys, random, clock } = station.core
  const seal = (place: ReturnType<typeof nextPlace>, entries: readonly Entry[], policy: ReleasePolicy | null) =>
    sealBundle({
      lane: { laneNumber: keys.laneNumber, sender: keys.station, recipient: hub.keys.hub },
      senderKey: keys.lane,
      recipientPublicKey: hub.keys.box.publicKey,
      place,
      niceness: 2,
      createdMs: clock.nowMs(),
      expiresMs: clock.nowMs() + 3600_000,
      entries,
      policy,
      random,
    })
  const first = beginEpoch(1, null, 'first-use', random)
  const epoch = seal(first.place, [first.entry], null)
  let head: SenderHead = { epoch: first.place.epoch, seq: 1, bundleHash: epoch.bundleHash }
  const bundleUnder = (policy: ReleasePolicy, ...entries: Entry[]): Uint8Array => {
    const sealed = seal(nextPlace(head), [...entries, withheldOf(entries)], policy)
    head = { epoch: head.epoch, seq: head.seq + 1, bundleHash: sealed.bundleHash }
    return sealed.bytes
  }
  return {
    epoch: epoch.bytes,
    bundleUnder,
    bundle: (...entries: Entry[]) => bundleUnder(usual, ...entries),
    /** A change as an entry of the log. */
    logged(change: Change, logSeq: number, outcome = 'admitted', policy = usual): ChangeEntry {
      const { slots, reasons } = releaseSlots(change.header.type, change.slots, policy)
      const { header, headerBytes, signature } = change
      return { kind: 1, header, headerBytes, signature, slots, reasons, logSeq, outcome, receivedMs: clock.nowMs() }
    },
    grant: (): Entry => ({ kind: 6, what: 'grant', bytes: station.desk.grant.bytes }),
  }
}

/** Signed with the desk's own key and grant. */
function made(values: Record<string, Json>, more: Partial<ChangeHeader> & { kind?: ChangeKind } = {}): Change {
  const { random, clock, keys } = station.core
  const header = {
    station: keys.station,
    type: 'visit',
    record: random.bytes(16),
    kind: 'create' as const,
    device: fromHex(station.desk.device),
    officer: fromHex(station.staff.accounts['front-desk'] ?? ''),
    grant: station.desk.grant.hash,
    via: null,
    seq: 1,
    prev: new Uint8Array(32),
    hlc: encodeHlc({ ms: clock.nowMs(), counter: 0 }),
    base: null,
    schema: 1,
    ...more,
  }
  return signChange(header, values, station.desk.user.secretKey, random)
}

const reasons = async () => (await readQuarantine(database, null, 50)).map(({ kind, code }) => `${kind} ${code}`).sort()
const records = async () => (await database.query('select id from record')).length

describe('quarantine', { timeout: 60_000 }, () => {
  it('keeps a change whole that names values, types, kinds or times which cannot be folded, and takes the rest of its bundle', async () => {
    const good = made({ reason: 'help' })
    const bad: [string, Change][] = [
      ['change/field-invalid', made({ reason: 7 }, { seq: 2 })],
      ['change/field-invalid', made({ born: { handling: 'nowhere' } }, { seq: 3 })],
      ['change/field-invalid', made({ feedback: 'not a list' }, { seq: 4 })],
      ['change/transition-unknown', made({}, { seq: 5, kind: 'do:vanish' })],
      ['change/transition-unknown', made({}, { seq: 6, kind: 'erase' })],
      ['change/schema-unknown', made({ reason: 'help' }, { seq: 7, schema: 99 })],
      [
        'change/outside-grant',
        made({ reason: 'help' }, { seq: 8, hlc: encodeHlc({ ms: station.desk.grant.notAfterMs + 1, counter: 0 }) }),
      ],
      ['change/home-elsewhere', made({ reason: 'help' }, { seq: 9, station: new Uint8Array(16).fill(7) })],
    ]
    const entries = [good, ...bad.map(([, change]) => change)].map((change, index) => lying.logged(change, index + 1))
    const result = await hub.importer.importFile(lying.bundle(...entries, lying.grant()))
    expect(result).toMatchObject({ changes: 1, records: 1, refused: bad.length })
    expect(await reasons()).toEqual(bad.map(([code]) => `change ${code}`).sort())
    const kept = await database.query<{ id: string; entry: Uint8Array | null }>('select id, entry from quarantine')
    expect(kept.map(({ id }) => id).sort()).toEqual(bad.map(([, change]) => toHex(change.id)).sort())
    expect(kept.every(({ entry }) => entry !== null && entry.length > 100)).toBe(true)
  })

  it('refuses a bundle whole in which one change is signed by another than its grant says', async () => {
    const stranger = signKeyPair(station.core.random)
    const good = made({ reason: 'help' })
    const { headerBytes } = made({ reason: 'help' }, { seq: 2 })
    const forged = {
      ...lying.logged(made({ reason: 'help' }, { seq: 2 }), 2),
      headerBytes,
      signature: stranger.secretKey.slice(0, 64),
    }
    const file = lying.bundle(lying.logged(good, 1), forged, lying.grant())
    await expect(hub.importer.importFile(file)).rejects.toMatchObject({ code: 'lane/entry-forged' })
    expect(await records()).toBe(0)
    expect(await reasons()).toEqual(['bundle lane/entry-forged'])
  })

  it('raises an alarm when a log tells two stories: one place with two changes, one change at two places, one number of a device twice', async () => {
    const first = made({ reason: 'help' })
    await hub.importer.importFile(lying.bundle(lying.logged(first, 1), lying.grant()))
    const otherAtPlace = made({ reason: 'consult' }, { seq: 2 })
    const twin = made({ reason: 'consult' }, { seq: 1 })
    const result = await hub.importer.importFile(
      lying.bundle(lying.logged(otherAtPlace, 1), lying.logged(first, 5), lying.logged(twin, 6)),
    )
    expect(result).toMatchObject({ changes: 0, refused: 3, hasAlarm: true })
    expect(await reasons()).toEqual([
      'change change/equivocation',
      'change hub/log-contradiction',
      'change hub/log-contradiction',
    ])
    expect(await records()).toBe(1)
  })

  it('takes a fuller release of a change it has, and never closes what is open', async () => {
    const change = made({ reason: 'help', reasonText: '来访说明', slipCode: '0011223344' })
    await hub.importer.importFile(lying.bundleUnder(strict, lying.logged(change, 1, 'admitted', strict), lying.grant()))
    const fields = async () => (await database.query<{ doc: RecordDoc }>('select doc from record'))[0]?.doc.fields
    expect(await fields()).toEqual({ reason: 'help' })
    const full = await hub.importer.importFile(lying.bundle(lying.logged(change, 1)))
    expect(full).toMatchObject({ changes: 1, records: 1, refused: 0 })
    expect(await fields()).toEqual({ reason: 'help', reasonText: '来访说明' })
    const less = await hub.importer.importFile(lying.bundleUnder(strict, lying.logged(change, 1, 'admitted', strict)))
    expect(less).toMatchObject({ changes: 0, refused: 0 })
    expect(await fields()).toEqual({ reason: 'help', reasonText: '来访说明' })
  })

  it('never opens a slot again that was erased', async () => {
    const change = made({ reason: 'help', reasonText: '来访说明' })
    const erased = new Map(
      [...change.slots].map(([name, slot]) => [name, name === 'reasonText' ? { leaf: leafOfSlot(name, slot) } : slot]),
    )
    const reasons = [{ field: 'reasonText', why: new Uint8Array(32).fill(5) }]
    await hub.importer.importFile(lying.bundle({ ...lying.logged(change, 1), slots: erased, reasons }, lying.grant()))
    await hub.importer.importFile(lying.bundle(lying.logged(change, 1)))
    const [row] = await database.query<{ doc: RecordDoc }>('select doc from record')
    expect(row?.doc.fields).toEqual({ reason: 'help' })
  })

  it('holds what a station refused itself as refused, and shows nothing of it as a record', async () => {
    const refused = made({ reason: 'help' })
    const result = await hub.importer.importFile(lying.bundle(lying.logged(refused, 1, 'change/denied'), lying.grant()))
    expect(result).toMatchObject({ changes: 1, records: 0, refused: 0 })
    expect(await database.query('select outcome from change')).toEqual([{ outcome: 'change/denied' }])
    expect(await records()).toBe(0)
  })

  it('takes what an older program could not read as soon as a newer one starts', async () => {
    const older = new Map([...recordDefs].filter(([type]) => type !== 'visit'))
    const olderHub = createImporter({ ...hub.parts, defs: older, records: createRecords(older, []) })
    const change = made({ reason: 'help' })
    expect(await olderHub.importFile(lying.bundle(lying.logged(change, 1), lying.grant()))).toMatchObject({
      refused: 1,
    })
    expect(await reasons()).toEqual(['change hub/type-unknown'])
    expect(await retryQuarantined(database, { records: createRecords(older, []), defs: older })).toBe(0)
    expect(await reasons()).toEqual(['change hub/type-unknown'])
    expect(await retryQuarantined(database, hub.parts)).toBe(1)
    expect(await reasons()).toEqual([])
    expect(await database.query('select f_reason from p_visit')).toEqual([{ f_reason: 'help' }])
  })

  it('does not take from quarantine what no longer bears its signature', async () => {
    const older = new Map([...recordDefs].filter(([type]) => type !== 'visit'))
    const olderHub = createImporter({ ...hub.parts, defs: older, records: createRecords(older, []) })
    await olderHub.importFile(lying.bundle(lying.logged(made({ reason: 'help' }), 1), lying.grant()))
    const [row] = await database.query<{ entry: Uint8Array }>('select entry from quarantine')
    const at = Buffer.from(row?.entry ?? []).indexOf('help')
    await database.query(`update quarantine set entry = set_byte(entry, $1, 72)`, [at])
    expect(await retryQuarantined(database, hub.parts)).toBe(0)
    expect(await records()).toBe(0)
  })
})
