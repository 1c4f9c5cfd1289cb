/** One body of cases for every PostgreSQL that a hub may use: its own, and another one by its address. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import type { Fault } from '#protocols/errors.ts'
import { type Database, openDatabase } from '../../hub/store/database.ts'
import type { Connection } from '../../hub/store/embedded.ts'
import { findBinaries } from '../../hub/store/embedded/binaries.ts'
import { chooseDatabaseUser, spawnAs } from '../../hub/store/embedded/user.ts'
import { migrate, steps } from '../../hub/store/migrations.ts'
import { createTestHub, createTestStation, startTestServer } from '../unit/hub/test-hub.ts'

interface Subject {
  start(): Promise<{ target: Connection | string; folder: string; close(): Promise<void> }>
}

const own: Subject = {
  async start() {
    const server = await startTestServer()
    return { target: server.embedded.connection, folder: server.folder, close: () => server.close() }
  },
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** A server that is not the hub's: reached over the network, its settings its own. */
async function startForeign(settings: readonly string[] = []) {
  const user = chooseDatabaseUser(process.getuid?.() ?? -1)
  const folder = mkdtempSync(join(tmpdir(), 'hub-foreign-'))
  chmodSync(folder, 0o711)
  const cluster = join(folder, 'cluster')
  const { dir } = findBinaries({ places: [join(folder, 'programs')], user, random: systemRandom })
  const bin = join(dir, 'bin')
  mkdirSync(cluster)
  if (user) chownSync(cluster, user.uid, user.gid)
  const how = { ...spawnAs(user), cwd: cluster, env: {} }
  const init = ['-D', cluster, '-U', 'hub', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  execFileSync(join(bin, 'initdb'), init, { ...how, stdio: 'ignore' })
  const port = await freePort()
  const args = ['-D', cluster, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const child: ChildProcess = spawn(join(bin, 'postgres'), [...args, ...settings.flatMap((each) => ['-c', each])], {
    ...how,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve) =>
    child.stderr?.on('data', (chunk) => String(chunk).includes('ready to accept connections') && resolve()),
  )
  return {
    target: `postgres://hub@127.0.0.1:${port}/postgres`,
    folder,
    async close() {
      child.kill('SIGINT')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const foreign: Subject = { start: () => startForeign() }
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => 'ok',
    (fault: Fault) => fault.code,
  )

beforeAll(() => ready)

describe('a hub on the embedded PostgreSQL', { timeout: 60_000 }, () => cases(own))
describe('a hub on another PostgreSQL by its address', { timeout: 60_000 }, () => cases(foreign))

function cases(subject: Subject): void {
  let server: Awaited<ReturnType<Subject['start']>>
  let database: Database
  beforeAll(async () => {
    server = await subject.start()
    database = await openDatabase({ target: server.target, onLost: () => {} })
  }, 60_000)
  afterAll(async () => {
    await database.close()
    await server.close()
  }, 60_000)

  it('gets its schema once and for all, also when two programs start together', async () => {
    await Promise.all([migrate(database, 1), migrate(database, 2)])
    await migrate(database, 3)
    expect(await database.query('select step, applied_ms from migration')).toHaveLength(steps.length)
  })

  it('keeps `station` first in every key', async () => {
    const keys = await database.query<{ table: string; first: string }>(
      `select c.relname as table, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid
         join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'hub' join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indisprimary`,
    )
    const ofTheHubItself = ['migration', 'operator', 'session', 'audit']
    for (const { table, first } of keys.filter(({ table }) => !ofTheHubItself.includes(table)))
      expect(first, table).toBe('station')
    expect(keys.length).toBeGreaterThan(10)
  })

  it('writes all of a transaction or nothing, and gives whole numbers as numbers', async () => {
    const insert = `insert into audit (at_ms, account, act, detail) values ($1, 'a', 'b', '{}')`
    await expect(
      database.transact(async (tx) => {
        await tx.query(insert, [1])
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await database.query('select at_ms from audit')).toEqual([])
    await database.transact((tx) => tx.query(insert, [Number.MAX_SAFE_INTEGER]))
    expect(await database.query('select at_ms from audit')).toEqual([{ at_ms: Number.MAX_SAFE_INTEGER }])
  })

  it('refuses a store of a later program, and one whose steps are not ours', async () => {
    await database.query(`insert into migration values ($1, 'later', 1)`, [steps.length + 1])
    expect(await codeOf(migrate(database, 1))).toBe('hub/schema-newer')
    await database.query('delete from migration where step > $1', [steps.length])
    await database.query(`update migration set hash = 'x' where step = 1`)
    expect(await codeOf(migrate(database, 1))).toBe('hub/schema-unlike')
    await database.query('drop schema hub cascade')
    expect(await codeOf(migrate(database, 1))).toBe('ok')
  })

  it('imports real bundles', async () => {
    const hub = await createTestHub(database, server.folder)
    const station = await createTestStation(hub, 'station-one')
    await hub.takeCard(station.card())
    await station.visit('help')
    for (const file of await station.seal()) expect((await hub.importer.importFile(file)).verdict).toBe('imported')
    expect(await database.query('select f_reason from p_visit')).toEqual([{ f_reason: 'help' }])
    station.close()
  })
}

describe('a PostgreSQL that may lose what it confirmed', { timeout: 60_000 }, () => {
  for (const setting of ['fsync=off', 'full_page_writes=off'])
    it(`is refused with ${setting}`, async () => {
      const server = await startForeign([setting])
      expect(await codeOf(openDatabase({ target: server.target, onLost: () => {} }))).toBe('hub/postgres-unsafe')
      await server.close()
    })
  it('is made to confirm only what is on the disk, whatever the role was told', async () => {
    const server = await startForeign(['synchronous_commit=off'])
    const database = await openDatabase({ target: server.target, onLost: () => {} })
    expect(await database.query('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
    await database.close()
    await server.close()
  })
})
