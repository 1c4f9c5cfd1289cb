import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromHex } from '#crypto/bytes.ts'
import { ready } from '#crypto/sodium'
import type { CheckpointEntry } from '#protocols/lane/entry.ts'
import { signLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { readQuarantine } from '../../../../hub/read/quarantine.ts'
import { readStations } from '../../../../hub/read/stations.ts'
import type { Database } from '../../../../hub/store/database.ts'
import { stationOfLane } from '../../../../hub/store/stations.ts'
import { witnessCheckpoints } from '../../../../hub/witness/witness.ts'
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
  await hub.takeCard(station.card())
  return () => station.close()
})

const status = async () => (await readStations(database))[0]?.checkpoint

async function batches(count: number): Promise<Uint8Array[]> {
  const files: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    await station.visit('help')
    files.push(...(await station.seal()))
  }
  return files
}

describe('the witness', { timeout: 60_000 }, () => {
  it('verifies each checkpoint as an extension of the last, and finds in it exactly the changes that are here', async () => {
    expect(await status()).toMatchObject({ state: 'none', size: 0 })
    for (const file of await batches(3)) await hub.importer.importFile(file)
    const size = station.core.store.log.size()
    expect(await status()).toMatchObject({ state: 'verified', size, matchedSize: size })
  })

  it('leaves a checkpoint unproved while the one before is missing, and proves both when it comes', async () => {
    const [epoch, first, second, third] = await batches(3)
    for (const file of [epoch, first, third]) await hub.importer.importFile(file as Uint8Array)
    expect((await status())?.state).toBe('unproved')
    const firstSize = (await status())?.matchedSize ?? 0
    await hub.importer.importFile(second as Uint8Array)
    const size = station.core.store.log.size()
    expect(await status()).toMatchObject({ state: 'verified', size, matchedSize: size })
    expect(firstSize).toBeLessThan(size)
  })

  const checkpoint = (more: { size?: number; root?: Uint8Array; timeMs?: number }): CheckpointEntry => ({
    kind: 10,
    station: station.core.keys.station,
    proof: [],
    bytes: signLogCheckpoint(
      {
        station: station.core.keys.station,
        epoch: fromHex('00000001aabbccdd'),
        size: station.core.store.log.size(),
        root: station.core.store.log.root(),
        timeMs: station.core.clock.nowMs(),
        backedUp: 0,
        ...more,
      },
      station.core.keys.sign.secretKey,
    ),
  })
  const witness = async (entry: CheckpointEntry) => {
    const stored = await stationOfLane(database, station.card().laneNumber)
    if (!stored) throw new Error('no station')
    return database.transact((tx) => witnessCheckpoints(tx, stored, [entry], 1))
  }

  it('raises a fork when one size has two roots, or a later log is shorter', async () => {
    for (const file of await batches(2)) await hub.importer.importFile(file)
    expect(await witness(checkpoint({}))).toEqual([])
    expect(await witness(checkpoint({ root: new Uint8Array(32).fill(9) }))).toMatchObject([
      { code: 'hub/checkpoint-fork' },
    ])
    expect((await status())?.state).toBe('fork')
    const later = { size: 1, timeMs: station.core.clock.nowMs() + 1000 }
    expect(await witness(checkpoint(later))).toMatchObject([{ code: 'hub/checkpoint-fork' }])
  })

  it('does not take a bigger log for an extension without a proof', async () => {
    for (const file of await batches(2)) await hub.importer.importFile(file)
    const bigger = { size: 10_000, root: new Uint8Array(32).fill(9), timeMs: station.core.clock.nowMs() + 1000 }
    expect(await witness(checkpoint(bigger))).toEqual([])
    expect((await status())?.state).toBe('unproved')
  })

  it('raises an alarm when a verified checkpoint stands for other changes than those that came', async () => {
    const files = await batches(1)
    await hub.importer.importFile(files[0] as Uint8Array)
    await hub.importer.importFile(files[1] as Uint8Array)
    await station.visit('consult')
    const [next] = await station.seal()
    // Somebody changed the store of the hub: an outcome is not what the station logged.
    await database.query(`update change set received_ms = received_ms + 1 where seq = 2`)
    await database.query('delete from log_tree')
    const result = await hub.importer.importFile(next as Uint8Array)
    expect(result.hasAlarm).toBe(true)
    expect(await readQuarantine(database, null, 5)).toMatchObject([{ kind: 'checkpoint', code: 'hub/checkpoint-fork' }])
  })
})
