/** A hub's store on a real embedded PostgreSQL, one server a test file and one database a test, and stations that seal real bundles with the
 *  gateway's own sender. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { toHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import type { Carrier } from '#protocols/carrier.ts'
import type { StationCard } from '#protocols/lane/card.ts'
import { encodePolicy } from '#protocols/lane/policy.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { createCheckpointer } from '../../../edge/checkpoint.ts'
import { innerPolicy } from '../../../edge/lane/policy.ts'
import { createLaneSender } from '../../../edge/lane/sender.ts'
import { systemTimers } from '../../../edge/shell/clock.ts'
import { silentLog } from '../../../edge/shell/log.ts'
import { createZstd } from '../../../edge/shell/zstd.ts'
import { openStationCard } from '../../../hub/import/card.ts'
import { createImporter } from '../../../hub/import/importer.ts'
import { createOpener } from '../../../hub/import/open.ts'
import { type HubKeys, loadOrMakeHubKeys } from '../../../hub/keys.ts'
import { type Database, openDatabase } from '../../../hub/store/database.ts'
import { type Embedded, startEmbedded } from '../../../hub/store/embedded.ts'
import { migrate } from '../../../hub/store/migrations.ts'
import { openRecords } from '../../../hub/store/open-records.ts'
import { putCard } from '../../../hub/store/stations.ts'
import { addStaff, createGatewayCore, createTestDevice, type GatewayCore } from '../../fixtures/gateway-core.ts'

export interface TestServer {
  readonly embedded: Embedded
  readonly folder: string
  /** An empty database with the hub's schema. */
  database(): Promise<Database>
  close(): Promise<void>
}

export async function startTestServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-test-'))
  chmodSync(folder, 0o711)
  const embedded = await startEmbedded({
    dataDir: join(folder, 'postgres'),
    random: systemRandom,
    timers: systemTimers,
    onCrash: () => {},
  })
  const open: Database[] = []
  let count = 0
  return {
    embedded,
    folder,
    async database() {
      const target = { ...embedded.connection, database: `test${++count}` }
      const admin = await openDatabase({ target: embedded.connection, connectionsMax: 1, onLost: () => {} })
      await admin.query(`create database ${target.database}`)
      await admin.close()
      const database = await openDatabase({ target, connectionsMax: 4, onLost: () => {} })
      open.push(database)
      await migrate(database, 1)
      return database
    },
    async close() {
      for (const database of open) await database.close()
      await embedded.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function createTestHub(database: Database, folder: string, name = 'hub') {
  const keys: HubKeys = loadOrMakeHubKeys(join(folder, name), createSeededRandom(name))
  const records = await openRecords(database, recordDefs)
  const clock = { ms: Date.UTC(2026, 10, 21, 2, 0, 0), nowMs: () => clock.ms }
  const opener = createOpener({ hub: keys.hub, box: keys.box, compressor: createZstd() })
  const parts = { database, opener, records, defs: recordDefs, clock }
  const importer = createImporter(parts)
  const takeCard = (card: StationCard) =>
    database.transact((tx) => putCard(tx, openStationCard(JSON.stringify(card), [])))
  return { keys, parts, importer, takeCard }
}
export type TestHub = Awaited<ReturnType<typeof createTestHub>>

/** A station with a few people, whose bundles for this hub are kept instead of carried. */
export async function createTestStation(hub: { keys: HubKeys }, seed: string) {
  const core: GatewayCore = createGatewayCore({ seed })
  core.store.transact(() => {
    core.identity.certify(
      core.keys.gatewayDevice,
      'gateway',
      'gateway',
      core.keys.gateway.publicKey,
      core.clock.nowMs(),
    )
  })
  const staff = await addStaff(core, ['front-desk', 'officer', 'duty-leader'])
  const files: Uint8Array[] = []
  const carrier: Carrier = {
    offer: async ({ bytes }) => {
      files.push(bytes)
      return 'taken'
    },
    receive: async () => ({ close: async () => {} }),
  }
  const policy = innerPolicy(recordDefs)
  const checkpointer = createCheckpointer(core.store, core.keys, '00000001aabbccdd')
  const sender = createLaneSender({
    store: core.store,
    identity: core.identity,
    keys: core.keys,
    policy,
    recipient: { id: hub.keys.hub, boxKey: hub.keys.box.publicKey },
    carrier,
    compressor: createZstd(),
    newestCheckpoint: checkpointer.newest,
    clock: core.clock,
    random: core.random,
    log: silentLog,
  })
  const desk = createTestDevice(core, staff.accounts['front-desk'] ?? '', 'desk')
  const handheld = createTestDevice(core, staff.accounts['officer'] ?? '')
  const push = async (...changes: ReturnType<typeof desk.sign>[]) => {
    const rows = await core.committer.push(changes.map((change) => ({ change, signed: true })))
    for (const row of rows)
      if (row.outcome !== 'admitted') throw new Error(`${row.outcome} ${JSON.stringify(row.detail)}`)
  }
  const versionOf = (id: string) => core.store.records.find(id)?.version ?? null
  let number = 0

  return {
    core,
    staff,
    desk,
    handheld,
    files,
    push,
    versionOf,
    id: toHex(core.keys.station),
    card: (): StationCard => ({
      card: 'outpost-station',
      v: 1,
      station: toHex(core.keys.station),
      name: '听潮派出所',
      nameEn: 'Tingchao Station',
      code: '000000010000',
      root: toHex(core.keys.root),
      certificate: toHex(core.keys.certificate),
      laneNumber: toHex(core.keys.laneNumber),
      senderCertificate: toHex(core.keys.laneCertificate),
      policies: [toHex(encodePolicy(policy))],
    }),
    /** Seals what waits, with a checkpoint; returns the new files. */
    async seal(): Promise<Uint8Array[]> {
      const before = files.length
      checkpointer.take(core.clock.nowMs())
      await sender.run()
      return files.slice(before)
    },
    /** A visit made at the desk, assigned to the officer and signed by them. Returns its id. */
    async visit(reason: string): Promise<string> {
      core.clock.ms += 60_000
      const unit = staff.unit
      const made = desk.sign('visit', null, 'create', { reason, unit, number: `V${++number}`, slipCode: '0011223344' })
      await push(made)
      const id = toHex(made.header.record)
      core.clock.ms += 1000
      await push(desk.sign('visit', id, 'do:assign', { officer: staff.accounts['officer'] ?? '' }, versionOf(id)))
      core.clock.ms += 1000
      await push(handheld.sign('visit', id, 'do:sign', {}, versionOf(id)))
      return id
    },
    close: () => core.close(),
  }
}
export type TestStation = Awaited<ReturnType<typeof createTestStation>>
