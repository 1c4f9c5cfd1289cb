/** A device's sync store over either kind of tables, with an officer who may write tasks, and a gateway's receipts and pages made by hand. */
import { webcrypto } from 'node:crypto'
import { createRxDatabase } from 'rxdb/plugins/core'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { type Random, systemRandom } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { type KeyPair, signKeyPair } from '#crypto/sign.ts'
import { foldChange } from '#protocols/change/apply.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Receipt, ReceiptRow } from '#protocols/sync/receipt.ts'
import { type Committer, createCommitter } from '../../../../client/shared/data/commit.ts'
import { deviceRowStores, openDeviceDb } from '../../../../client/shared/data/device-db.ts'
import { makeDeviceKeys } from '../../../../client/shared/data/device-keys.ts'
import { changeOfOwn, type OwnDoc } from '../../../../client/shared/data/own-change.ts'
import {
  createMemoryDisk,
  openMemoryPageDatabase,
} from '../../../../client/shared/data/page-store/memory-page-database.ts'
import { createRxTables } from '../../../../client/shared/data/rx-tables.ts'
import { type OfficerCollections, officerSchemas } from '../../../../client/shared/data/schemas.ts'
import { openSyncStore, type SyncStore } from '../../../../client/shared/data/sync-store.ts'
import type { Tables } from '../../../../client/shared/data/tables.ts'
import { createTableDisk, type MemoryTablesOptions, openMemoryTables } from '../../../fixtures/memory-tables.ts'

export const unit = '0e'.repeat(16)
export const account = '0a'.repeat(16)
export const device = '0b'.repeat(16)
export const station = '0c'.repeat(16)
export const epoch = '00000000000000e1'

/** Tables that can be closed and opened again over what they left on their disk. */
export interface TableGround {
  open(hooks?: Omit<MemoryTablesOptions, 'disk'>): Promise<Tables>
  close(): Promise<void>
}

export const grounds: Readonly<Record<'memory' | 'rx', () => Promise<TableGround>>> = {
  async memory() {
    const disk = createTableDisk()
    return { open: async (hooks = {}) => openMemoryTables({ disk, ...hooks }), close: async () => {} }
  },
  async rx() {
    const subtle = webcrypto.subtle as unknown as SubtleCrypto
    const disk = createMemoryDisk()
    const keyRow = await makeDeviceKeys(subtle, systemRandom)
    let shut = async (): Promise<void> => {}
    return {
      async open(hooks = {}) {
        const beforeCommit = hooks.beforeWrite
        const pages = openMemoryPageDatabase({
          disk,
          rowStores: deviceRowStores,
          ...(beforeCommit && { beforeCommit: () => beforeCommit() }),
        })
        const db = await openDeviceDb({ pages, subtle, keyRow, random: systemRandom })
        db.setKey('officer', new Uint8Array(32).fill(9))
        const officer = await createRxDatabase<OfficerCollections>({
          name: 'officer',
          storage: db.store.storage,
          multiInstance: false,
        })
        await officer.addCollections(officerSchemas)
        shut = async () => {
          await officer.close()
          await db.close()
          pages.close()
        }
        return createRxTables({ store: db.store, pages, device: db.rx, officer })
      },
      close: () => shut(),
    }
  },
}

export interface Officer {
  readonly keys: KeyPair
  readonly box: KeyPair
  readonly random: Random
  readonly clock: { ms: number }
  readonly grant: { hash: Uint8Array; notBeforeMs: number; notAfterMs: number }
}
export function createOfficer(startMs = 1_795_241_100_000): Officer {
  const random = createSeededRandom('officer')
  const clock = { ms: startMs }
  const grant = { hash: random.bytes(32), notBeforeMs: startMs - 1000, notAfterMs: startMs + 72 * 3_600_000 }
  return { keys: signKeyPair(random), box: boxKeyPair(random), random, clock, grant }
}

export const actor: Actor = {
  account,
  device,
  via: null,
  posts: [
    { role: 'officer', level: 5, unit },
    { role: 'unit-leader', level: 5, unit },
  ],
  linkedUnits: [],
}

export async function openStore(tables: Tables, { box }: Officer): Promise<SyncStore> {
  return openSyncStore({ tables, defs: recordDefs, stationBoxKey: box.publicKey, actor: async () => actor })
}

export const committerOf = (store: SyncStore, officer: Officer): Committer =>
  createCommitter({
    store,
    defs: recordDefs,
    signer: () => ({
      station: fromHex(station),
      device: fromHex(device),
      officer: fromHex(account),
      grant: officer.grant,
      secretKey: officer.keys.secretKey,
    }),
    actor: async () => actor,
    nowMs: () => officer.clock.ms,
    random: officer.random,
  })

export const taskDraft = (title = '巡逻') => ({
  type: 'task',
  record: null,
  kind: 'create',
  values: { title, responsible: account, unit, label: 'internal', born: { task: 'issued' } },
})
export const update = (record: string, values: Record<string, string>) => ({
  type: 'task',
  record,
  kind: 'update',
  values,
})

/** The gateway's answer to these changes, in order. */
export const receiptOf = (rows: readonly ReceiptRow[], of = epoch): Receipt => ({
  station,
  epoch: of,
  device,
  timeMs: 1,
  rows,
})
export const row = (
  id: string,
  outcome: ReceiptRow['outcome'] = 'admitted',
  seq = 100,
  detail: ReceiptRow['detail'] = {},
): ReceiptRow => ({ id, seq, outcome, detail })

/** The record as the gateway holds it after these own changes. */
export function recordAfter(own: readonly OwnDoc[], firstSeq = 100): RecordDoc {
  let doc: RecordDoc | null = null
  ;[...own]
    .sort((a, b) => a.seq - b.seq)
    .forEach((each, index) => {
      const def = recordDefs.get(each.type)
      if (!def) throw new Error(each.type)
      const admission = { seq: firstSeq + index, receivedMs: each.atMs }
      doc = foldChange(doc, changeOfOwn(each), { related: {}, baseSeq: null, admission }, def)
    })
  if (!doc) throw new Error('no change')
  return doc
}

export const foreignRecord = (n: number, version = 1): RecordDoc => ({
  id: n.toString(16).padStart(32, '0'),
  type: 'task',
  station,
  schema: 1,
  version: toHex(new Uint8Array(32).fill(version)),
  seq: n,
  createdBy: null,
  createdVia: device,
  createdMs: 1,
  updatedMs: n,
  tracks: { task: 'issued' },
  fields: { title: `foreign ${n}`, unit },
  meta: {},
  history: [],
})
