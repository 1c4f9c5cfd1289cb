import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { toHex } from '#crypto/bytes.ts'
import { type Change, decodeChange, isSignedBy } from '#protocols/change/change.ts'
import { compareHlc, decodeHlc } from '#protocols/change/clock.ts'
import { isRootOf } from '#protocols/change/payload.ts'
import { openItem } from '#protocols/sync/push.ts'
import type { CommitResult } from '../../../../client/shared/data/api.ts'
import type { Committer } from '../../../../client/shared/data/commit.ts'
import type { SyncStore } from '../../../../client/shared/data/sync-store.ts'
import { createTableDisk, openMemoryTables, type TableDisk } from '../../../fixtures/memory-tables.ts'
import {
  account,
  committerOf,
  createOfficer,
  epoch,
  type Officer,
  openStore,
  recordAfter,
  taskDraft,
  update,
} from './store-world.ts'

let disk: TableDisk
let officer: Officer
let store: SyncStore
let committer: Committer

beforeAll(() => ready)
beforeEach(async () => {
  disk = createTableDisk()
  officer = createOfficer()
  await restart()
})

async function restart(): Promise<void> {
  store = await openStore(openMemoryTables({ disk }), officer)
  committer = committerOf(store, officer)
}
const must = (result: CommitResult): { record: string; change: string } => {
  if (!result.ok) throw new Error(result.code)
  return result
}
const write = async (draft: Parameters<Committer['commit']>[0] = taskDraft()) => must(await committer.commit(draft))
const changes = (): Change[] =>
  [...disk.changes].sort(([a], [b]) => a - b).map(([, sealed]) => decodeChange(openItem({ sealed }, officer.box)))
/** One chain without a gap, as the gateway will ask for it. */
function expectChain(count: number): void {
  let prev = new Uint8Array(32)
  const chain = changes()
  expect(chain).toHaveLength(count)
  chain.forEach((change, index) => {
    expect(change.header.seq).toBe(index + 1)
    expect(toHex(change.header.prev)).toBe(toHex(prev))
    expect(isSignedBy(change, officer.keys.publicKey)).toBe(true)
    expect(isRootOf(change.slots, change.header.payloadRoot)).toBe(true)
    const before = chain[index - 1]
    if (before) expect(compareHlc(decodeHlc(change.header.hlc), decodeHlc(before.header.hlc))).toBeGreaterThan(0)
    prev = change.id as Uint8Array<ArrayBuffer>
  })
}

describe('commit', () => {
  it('signs, numbers and chains what an officer writes', async () => {
    const { record } = await write()
    await write(update(record, { title: 'b' }))
    await write(update(record, { title: 'c' }))
    expectChain(3)
    const [first] = changes()
    expect([first?.header.kind, toHex(first?.header.officer ?? new Uint8Array()), first?.header.base]).toEqual([
      'create',
      account,
      null,
    ])
  })

  it('a draft that the rules refuse writes nothing and uses no number', async () => {
    const { record } = await write()
    const refused = [
      await committer.commit({ type: 'task', record, kind: 'do:closeTask', values: {} }),
      await committer.commit(update(record, { nothing: 'x' })),
      await committer.commit(update('0f'.repeat(16), { title: 'x' })),
      await committer.commit({ type: 'nothing', record: null, kind: 'create', values: {} }),
      await committer.commit({ type: 'task', record: null, kind: 'update', values: {} }),
      await committer.commit({ type: 'task', record: 'x', kind: 'update', values: {} }),
      await committer.commit({ ...taskDraft(), values: { ...taskDraft().values, text: 'x'.repeat(300_000) } }),
    ]
    expect(refused.map((result) => (result.ok ? 'ok' : result.code))).toEqual([
      'change/transition-stale',
      'change/field-unknown',
      'change/record-unknown',
      'change/schema-unknown',
      'change/record-unknown',
      'change/record-unknown',
      'wire/too-large',
    ])
    await write(update(record, { title: 'after' }))
    expectChain(2)
    expect(disk.tables.own.size).toBe(2)
  })

  it('drafts at once become one chain', async () => {
    await Promise.all([write(), write(), write(), write(), write()])
    expectChain(5)
  })

  it('names the last admitted version that it held, not its own later ones', async () => {
    const { record } = await write()
    await write(update(record, { title: 'own' }))
    expect(changes()[1]?.header.base).toBeNull()
    const own = [...disk.tables.own.values()].map((text) => JSON.parse(text))
    const admitted = recordAfter(own)
    await store.start()
    const rows = [{ seq: 1, dir: 'in' as const, doc: admitted }]
    await store.apply({ rows, checkpoint: { epoch, seq: 1 }, keepOnly: null, isEnd: true })
    await write(update(record, { title: 'third' }))
    await write(update(record, { title: 'fourth' }))
    for (const change of changes().slice(2))
      expect(toHex(change.header.base ?? new Uint8Array())).toBe(admitted.version)
  })

  it('the clock may jump as it likes: what is later in the chain is later in time', async () => {
    for (const ms of [0, -3_600_000, 40_000_000, -1_000_000_000_000, 5, 0]) {
      officer.clock.ms = Math.max(0, 1_795_241_100_000 + ms)
      await write()
      await restart()
    }
    expectChain(6)
  })

  it('a slow clock does not lose to a value that was seen', async () => {
    const { record } = await write()
    const own = [...disk.tables.own.values()].map((text) => JSON.parse(text))
    const admitted = recordAfter(own)
    const laterMs = officer.clock.ms + 240_000
    const order = laterMs.toString(16).padStart(12, '0') + '0007'
    const title = { seq: 200, change: 'ff'.repeat(32), order }
    const seen = {
      ...admitted,
      seq: 200,
      fields: { ...admitted.fields, title: 'theirs' },
      meta: { ...admitted.meta, title },
    }
    await store.start()
    await store.apply({
      rows: [{ seq: 2, dir: 'in', doc: seen }],
      checkpoint: { epoch, seq: 2 },
      keepOnly: null,
      isEnd: true,
    })
    await write(update(record, { title: 'mine' }))
    expect((await store.shown('task', record)).shown?.fields['title']).toBe('mine')
    expect(decodeHlc((changes()[1] as Change).header.hlc)).toEqual({ ms: laterMs, counter: 8 })
  })

  it('after the grant has ended nothing is signed', async () => {
    officer.clock.ms = officer.grant.notAfterMs + 1
    expect(await committer.commit(taskDraft())).toMatchObject({ ok: false, code: 'identity/expired' })
    expect(disk.changes.size).toBe(0)
  })

  it('a clock before the grant signs with the beginning of the grant', async () => {
    officer.clock.ms = 5
    await write()
    expect(decodeHlc((changes()[0] as Change).header.hlc).ms).toBe(officer.grant.notBeforeMs)
  })

  it('a disk that is full fails the edit and nothing else: the number is used by the next', async () => {
    let isFull = true
    const tables = openMemoryTables({
      disk,
      beforeWrite: async () => {
        if (isFull) throw new Error('full')
      },
    })
    store = await openStore(tables, officer)
    committer = committerOf(store, officer)
    await expect(committer.commit(taskDraft())).rejects.toThrow('full')
    expect([disk.changes.size, disk.tables.own.size, disk.tables.queue.size]).toEqual([0, 0, 0])
    isFull = false
    await write()
    expectChain(1)
  })

  it('of two writers on one disk one fails, and the chain stays one', async () => {
    const other = committerOf(await openStore(openMemoryTables({ disk }), officer), officer)
    await write()
    await expect(other.commit(taskDraft())).rejects.toMatchObject({ code: 'store/key-taken' })
    await write()
    expectChain(2)
  })

  it('a crash between any two waits leaves a whole change or none, and the chain goes on', async () => {
    let crashes = 0
    for (let waits = 1; waits < 60; waits++) {
      disk = createTableDisk()
      await restart()
      const { record } = await write()
      let left = Number.POSITIVE_INFINITY
      const crash = (): Promise<void> => (--left <= 0 ? new Promise(() => {}) : Promise.resolve())
      const doomed = committerOf(
        await openStore(openMemoryTables({ disk, beforeRead: crash, beforeWrite: crash, afterWrite: crash }), officer),
        officer,
      )
      left = waits
      let isDone = false
      void doomed.commit(update(record, { title: 'x' })).then(() => {
        isDone = true
      })
      await new Promise((resolve) => setImmediate(resolve))
      await restart()
      const whole = disk.changes.size
      expect([whole, disk.tables.queue.size, disk.tables.own.size, store.head().seq]).toEqual([
        whole,
        whole,
        whole,
        whole,
      ])
      await write(update(record, { title: 'after' }))
      expectChain(whole + 1)
      if (isDone) break
      crashes++
    }
    // Reads of record, own changes and neighbours, and both sides of the one write.
    expect(crashes).toBe(5)
  })
})
