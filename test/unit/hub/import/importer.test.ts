import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import type { Fault } from '#protocols/errors.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { tableOf } from '../../../../hub/store/projection.ts'
import { readStations } from '../../../../hub/read/stations.ts'
import { readQuarantine } from '../../../../hub/read/quarantine.ts'
import type { Database } from '../../../../hub/store/database.ts'
import {
  createTestHub,
  createTestStation,
  startTestServer,
  type TestHub,
  type TestServer,
  type TestStation,
} from '../test-hub.ts'

let server: TestServer
let database: Database
let hub: TestHub
let station: TestStation

beforeAll(async () => {
  await ready
  server = await startTestServer()
}, 60_000)
afterAll(() => server.close(), 60_000)
beforeEach(async () => {
  database = await server.database()
  hub = await createTestHub(database, server.folder)
  station = await createTestStation(hub, 'station-one')
  return () => station.close()
})

const docs = async (type: string) =>
  (await database.query<{ doc: object }>('select doc from record where type = $1 order by id', [type])).map(
    ({ doc }) => doc,
  )
const homeDocs = (type: string) =>
  [...station.core.store.records.all(type)]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((doc) => JSON.parse(JSON.stringify(doc)) as RecordDoc)
const codeOf = async (run: Promise<unknown>) =>
  run.then(
    () => 'taken',
    (fault: Fault) => fault.code,
  )
/** Without what never leaves a station. */
const released = (doc: RecordDoc) => {
  const def = recordDefs.get(doc.type)
  const leaves = (name: string) => def?.allFields[name]?.reach !== 'stay'
  const only = <T>(map: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(map).filter(([name]) => leaves(name)))
  const history = doc.history.map((line) => ({ ...line, fields: line.fields.filter(leaves) }))
  return { ...doc, fields: only(doc.fields), meta: only(doc.meta), history }
}

describe('the importer', { timeout: 60_000 }, () => {
  it('gives every record of the station as its home holds it, but for what stays at the station', async () => {
    await hub.takeCard(station.card())
    await station.visit('help')
    await station.visit('consult')
    const files = await station.seal()
    expect(files.length).toBeGreaterThanOrEqual(2)
    for (const file of files) expect((await hub.importer.importFile(file)).verdict).toBe('imported')
    for (const type of ['visit', 'account', 'unit', 'post', 'notification'])
      expect(await docs(type)).toEqual(homeDocs(type).map(released))
    expect(await docs('visit')).toHaveLength(2)
    expect(JSON.stringify(await docs('visit'))).not.toContain('0011223344')
  })

  it('takes a bundle once, however often it comes', async () => {
    await hub.takeCard(station.card())
    await station.visit('help')
    const files = await station.seal()
    for (const file of files) await hub.importer.importFile(file)
    const before = await readStations(database)
    for (const file of files) expect((await hub.importer.importFile(file)).verdict).toBe('duplicate')
    expect(await readStations(database)).toEqual(before)
  })

  it('gives the same records in whatever order the bundles come', async () => {
    await hub.takeCard(station.card())
    const batches: Uint8Array[] = []
    const id = await station.visit('help')
    batches.push(...(await station.seal()))
    await station.push(station.handheld.sign('visit', id, 'do:begin', {}, station.versionOf(id)))
    batches.push(...(await station.seal()))
    await station.push(
      station.handheld.sign('visit', id, 'update', { feedback: [['00'.repeat(16), '已联系']] }, station.versionOf(id)),
    )
    batches.push(...(await station.seal()))
    await station.visit('consult')
    batches.push(...(await station.seal()))
    const [first, ...rest] = batches
    await hub.importer.importFile(first as Uint8Array)
    for (const file of rest.reverse()) await hub.importer.importFile(file)
    for (const type of ['visit', 'account', 'notification'])
      expect(await docs(type)).toEqual(homeDocs(type).map(released))
    expect(await database.query('select 1 from record where not is_whole')).toEqual([])
    expect(await database.query('select id from change where version is null')).toEqual([])
  })

  it('names the missing bundles exactly, and marks what is only known in part', async () => {
    await hub.takeCard(station.card())
    const id = await station.visit('help')
    const [epoch, second] = await station.seal()
    await station.push(station.handheld.sign('visit', id, 'do:begin', {}, station.versionOf(id)))
    const [third] = await station.seal()
    await station.push(
      station.handheld.sign('visit', id, 'update', { feedback: [['00'.repeat(16), '已联系']] }, station.versionOf(id)),
    )
    const [fourth] = await station.seal()
    for (const file of [epoch, second, fourth]) await hub.importer.importFile(file as Uint8Array)
    const [row] = await readStations(database)
    expect(row?.missing).toMatchObject([{ seqFrom: 3, seqTo: 3 }])
    expect(row?.seenUpTo?.seq).toBe(4)
    expect(row?.partialRecords).toBe(1)
    await hub.importer.importFile(third as Uint8Array)
    const [after] = await readStations(database)
    expect(after).toMatchObject({ missing: [], partialRecords: 0 })
    expect(await docs('visit')).toEqual(homeDocs('visit').map(released))
  })

  it('shows no record before its making has arrived', async () => {
    await hub.takeCard(station.card())
    const [epoch] = await station.seal()
    const id = await station.visit('help')
    const [made] = await station.seal()
    await station.push(station.handheld.sign('visit', id, 'do:begin', {}, station.versionOf(id)))
    const [begun] = await station.seal()
    await hub.importer.importFile(epoch as Uint8Array)
    await hub.importer.importFile(begun as Uint8Array)
    expect(await docs('visit')).toEqual([])
    await hub.importer.importFile(made as Uint8Array)
    expect(await docs('visit')).toEqual(homeDocs('visit').map(released))
  })

  it('keeps changes whose author is not known yet whole, and takes them when the grant arrives', async () => {
    await hub.takeCard(station.card())
    const files = await station.seal()
    await station.visit('help') // brings the grants
    const [withKeys] = await station.seal()
    await station.visit('consult') // uses them again without bringing them
    const [without] = await station.seal()
    for (const file of files) await hub.importer.importFile(file)
    const early = await hub.importer.importFile(without as Uint8Array)
    expect(early.waiting).toBeGreaterThan(0)
    expect((await readStations(database))[0]?.waiting).toBe(early.waiting)
    expect(await docs('visit')).toEqual([])
    await hub.importer.importFile(withKeys as Uint8Array)
    expect((await readStations(database))[0]?.waiting).toBe(0)
    expect(await docs('visit')).toEqual(homeDocs('visit').map(released))
  })

  it('refuses a bundle with any flipped byte, says why, and takes nothing of it', async () => {
    await hub.takeCard(station.card())
    await station.visit('help')
    const [epoch, data] = await station.seal()
    await hub.importer.importFile(epoch as Uint8Array)
    const file = data as Uint8Array
    const places = [0, 4, 6, 8, 24, 32, 40, 55, 60, 100, 130, 190, 225, 250, 300, file.length - 100, file.length - 1]
    for (const at of places) {
      const broken = Uint8Array.from(file)
      broken[at] = (broken[at] as number) ^ 1
      expect(await codeOf(hub.importer.importFile(broken)), `byte ${at}`).not.toBe('taken')
    }
    expect(await docs('visit')).toEqual([])
    const rows = await readQuarantine(database, null, 100)
    expect(rows).toHaveLength(places.length)
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['bundle']))
    expect(await codeOf(hub.importer.importFile(file))).toBe('taken')
  })

  it('offers again what comes before its card, and clears it from quarantine when it was taken', async () => {
    const [epoch] = await station.seal()
    expect(await codeOf(hub.importer.importFile(epoch as Uint8Array))).toBe('hub/station-unknown')
    expect(await codeOf(hub.importer.importFile(epoch as Uint8Array))).toBe('hub/station-unknown')
    expect(await readQuarantine(database, null, 10)).toMatchObject([{ station: '', code: 'hub/station-unknown', n: 2 }])
    await hub.takeCard(station.card())
    expect(await codeOf(hub.importer.importFile(epoch as Uint8Array))).toBe('taken')
    expect(await readQuarantine(database, null, 10)).toEqual([])
  })

  it('freezes a lane whose sender tells two stories, and keeps the evidence', async () => {
    await hub.takeCard(station.card())
    const other = await createTestStation(hub, 'station-one') // the same keys, restored from nothing
    const [epoch] = await station.seal()
    await station.visit('help')
    const [data] = await station.seal()
    other.core.random.bytes(5)
    const [otherEpoch] = await other.seal()
    await hub.importer.importFile(epoch as Uint8Array)
    expect(await codeOf(hub.importer.importFile(otherEpoch as Uint8Array))).toBe('lane/fork')
    expect(await codeOf(hub.importer.importFile(data as Uint8Array))).toBe('lane/fork')
    const [row] = await readStations(database)
    expect(row?.fork?.reason).toBe('two-randoms')
    expect((await readQuarantine(database, null, 10)).every(({ code }) => code === 'lane/fork')).toBe(true)
    other.close()
  })

  it('refuses what is sealed for another hub, and a station whose root is not trusted', async () => {
    const foreign = await createTestHub(await server.database(), server.folder, 'other-hub')
    await foreign.takeCard(station.card())
    const [epoch] = await station.seal()
    expect(await codeOf(foreign.importer.importFile(epoch as Uint8Array))).toBe('lane/recipient')
    const forged = { ...station.card(), root: '00'.repeat(32) }
    expect(await codeOf(hub.takeCard(forged))).toBe('hub/card-invalid')
  })

  it('keeps two stations apart and counts each by day and reason', async () => {
    const second = await createTestStation(hub, 'station-two')
    for (const each of [station, second]) await hub.takeCard(each.card())
    await station.visit('help')
    await station.visit('help')
    await second.visit('consult')
    for (const each of [station, second]) for (const file of await each.seal()) await hub.importer.importFile(file)
    const figures = await database.query<{ station: string; value: string; n: number }>(
      `select station, value, n from figure where type = 'visit' and dimension = 'reason' and n <> 0 order by n`,
    )
    expect(figures).toEqual([
      { station: second.id, value: 'consult', n: 1 },
      { station: station.id, value: 'help', n: 2 },
    ])
    const rows = await database.query(`select station from ${tableOf('visit')}`)
    expect(rows).toHaveLength(3)
    second.close()
  })

  it('moves a figure when a reason changes, and counts no drill', async () => {
    await hub.takeCard(station.card())
    const id = await station.visit('help')
    for (const file of await station.seal()) await hub.importer.importFile(file)
    await station.push(station.desk.sign('visit', id, 'update', { reason: 'consult' }, station.versionOf(id)))
    const drill = station.desk.sign('visit', null, 'create', {
      reason: 'help',
      unit: station.staff.unit,
      number: 'D1',
      drill: true,
    })
    await station.push(drill)
    for (const file of await station.seal()) await hub.importer.importFile(file)
    const rows = await database.query(
      `select value, n from figure where type = 'visit' and dimension = 'reason' and n <> 0`,
    )
    expect(rows).toEqual([{ value: 'consult', n: 1 }])
  })

  it('writes nothing at all of a bundle when the store fails in the middle, and takes it whole later', async () => {
    await hub.takeCard(station.card())
    await station.visit('help')
    const [epoch, data] = await station.seal()
    await hub.importer.importFile(epoch as Uint8Array)
    await database.query('alter table figure add constraint broken check (n < 0) not valid')
    expect(await codeOf(hub.importer.importFile(data as Uint8Array))).not.toBe('taken')
    expect(await docs('visit')).toEqual([])
    expect(await database.query('select 1 from change')).toEqual([])
    expect(await readQuarantine(database, null, 10)).toEqual([])
    await database.query('alter table figure drop constraint broken')
    expect(await codeOf(hub.importer.importFile(data as Uint8Array))).toBe('taken')
    expect(await docs('visit')).toHaveLength(1)
  })
})
