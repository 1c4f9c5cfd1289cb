/** How much the one writer costs: the same changes admitted (signature, rules, all rows) against bare SQLite writing the same rows in the same
 *  batches on the same disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifierPool } from '../../edge/verify/pool.ts'
import { openStore } from '../../edge/store/store.ts'
import type { Sqlite } from '../../edge/store/open.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Change } from '#protocols/change/change.ts'
import { addStaff, createGatewayCore, createTestDevice } from '../fixtures/gateway-core.ts'
import type { BenchResult } from './main.ts'

const changesCount = 4000
const batch = 100

export async function benchAdmission(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'))
  try {
    const core = createGatewayCore({ path: join(folder, 'station.db'), seed: 'bench' })
    const staff = await addStaff(core, ['front-desk', 'officer'])
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const changes: Change[] = []
    for (let made = 0; made < changesCount; made++) {
      core.clock.ms += 10
      changes.push(
        desk.sign('visit', null, 'create', { unit: staff.unit, label: 'internal', reason: 'advice', companions: made % 5, reasonText: `来访说明 ${made}` }),
      )
    }
    const pool = createVerifierPool(1, () => {})
    const before = countRows(core.store.database)
    const startMs = performance.now()
    for (let at = 0; at < changes.length; at += batch) {
      const slice = changes.slice(at, at + batch)
      const signed = await pool.check(
        slice.map((change) => ({ message: change.headerBytes, signature: change.signature, publicKey: desk.user.publicKey })),
      )
      const rows = await core.committer.push(slice.map((change, index) => ({ change, signed: signed[index] === true })))
      if (rows.some((row) => row.outcome !== 'admitted')) throw new Error('a change of the bench was refused')
    }
    const oursMs = performance.now() - startMs
    await pool.close()
    const tables = countRows(core.store.database)
    const bareMs = writeBare(core.store.database, join(folder, 'bare.db'), tables.filter(({ name, rows }) => rows > (before.find((row) => row.name === name)?.rows ?? 0)))
    core.close()
    const rate = (ms: number) => Math.round((changesCount / ms) * 1000)
    return {
      bench: 'admission',
      rows: [
        ['changes, in batches of 100', String(changesCount)],
        ['admitted: signature, rules, log, leaf, record, derived, feed', `${rate(oursMs)} changes/s`],
        ['bare SQLite, the same rows in the same batches', `${rate(bareMs)} changes/s`],
      ],
      ours: rate(oursMs),
      peer: rate(bareMs),
      unit: 'changes/s',
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const countRows = (database: Sqlite): { name: string; rows: number }[] =>
  (database.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]).map((name) => ({
    name,
    rows: database.prepare(`select count(*) from "${name}"`).pluck().get() as number,
  }))

/** Copies the rows that the admission made into an empty database of the same schema, batch by batch. */
function writeBare(from: Sqlite, path: string, tables: readonly { name: string }[]): number {
  const store = openStore(path, new Uint8Array(32).fill(7), recordDefs)
  const loaded = tables.map(({ name }) => {
    const rows = from.prepare(`select * from "${name}"`).raw().all() as unknown[][]
    const marks = (rows[0] ?? []).map(() => '?').join(', ')
    return { rows, put: store.database.prepare(`insert or replace into "${name}" values (${marks})`) }
  })
  const batches = changesCount / batch
  const startMs = performance.now()
  for (let at = 0; at < batches; at++)
    store.database
      .transaction(() => {
        for (const { rows, put } of loaded) {
          const each = Math.ceil(rows.length / batches)
          for (const row of rows.slice(at * each, (at + 1) * each)) put.run(...row)
        }
      })
      .immediate()
  const ms = performance.now() - startMs
  store.close()
  return ms
}
