import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { fromHex, toBase64Url } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { type KeyPair, signKeyPair } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import { emptySum, signManifest } from '#protocols/sync/manifest.ts'
import type { PullAnswer } from '#protocols/sync/pull.ts'
import { decodePush } from '#protocols/sync/push.ts'
import { type ReceiptRow, signReceipt } from '#protocols/sync/receipt.ts'
import { decodeChange } from '#protocols/change/change.ts'
import { toHex } from '#crypto/bytes.ts'
import type { Committer } from '../../../../client/shared/data/commit.ts'
import {
  createReplicator,
  type GatewayLink,
  type Replicator,
  type ReplicatorNews,
} from '../../../../client/shared/data/replicator.ts'
import type { SyncStore } from '../../../../client/shared/data/sync-store.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'
import { createTableDisk, openMemoryTables, type TableDisk } from '../../../fixtures/memory-tables.ts'
import { committerOf, createOfficer, device, epoch, openStore, row, station, taskDraft } from './store-world.ts'

let clock: FakeClock
let disk: TableDisk
let store: SyncStore
let committer: Committer
let stationKeys: KeyPair
let replicator: Replicator
let news: ReplicatorNews[]
let pushes: string[][]
let pulls: number
let link: { push: GatewayLink['push']; pull: GatewayLink['pull'] }

interface Signed {
  readonly by?: KeyPair
  readonly device?: string
  readonly station?: string
  readonly rows?: readonly ReceiptRow[]
}
/** Admits whatever was pushed, and remembers it. */
function receive(body: Uint8Array, { by = stationKeys, rows, ...of }: Signed = {}): Uint8Array {
  const ids = decodePush(body).map((item) => toHex(decodeChange('plain' in item ? item.plain : item.sealed).id))
  pushes.push(ids)
  const address = { station: fromHex(of.station ?? station), device: fromHex(of.device ?? device) }
  const answer = { ...address, epoch: fromHex(epoch), timeMs: clock.nowMs(), rows: rows ?? ids.map((id) => row(id)) }
  return signReceipt(answer, fromHex, by.secretKey)
}
function answer(more: Partial<PullAnswer> = {}, scopeKey = `device:${device}`, by = stationKeys): PullAnswer {
  const manifest = signManifest({ station, epoch, seq: 1, scopeKey, timeMs: clock.nowMs(), ...emptySum }, by.secretKey)
  return { rows: [], checkpoint: { epoch, seq: 1 }, more: false, manifest: toBase64Url(manifest), timeMs: 0, ...more }
}

beforeAll(() => ready)
beforeEach(async () => {
  clock = createFakeClock()
  disk = createTableDisk()
  const officer = createOfficer()
  store = await openStore(openMemoryTables({ disk }), officer)
  committer = committerOf(store, officer)
  stationKeys = signKeyPair(createSeededRandom('station'))
  news = []
  pushes = []
  pulls = 0
  link = { push: async (body) => receive(body), pull: async () => answer() }
  replicator = createReplicator({
    changes: store,
    replica: store,
    link: {
      push: (body) => link.push(body),
      pull: (request) => {
        pulls++
        return link.pull(request)
      },
    },
    station: { id: station, signKey: stationKeys.publicKey },
    device,
    timers: clock,
    random: createSeededRandom('back-off'),
    onNews: (each) => news.push(each),
  })
})
const write = async (): Promise<string> => {
  const result = await committer.commit(taskDraft())
  if (!result.ok) throw new Error(result.code)
  return result.change
}
const states = (): string[] => [...disk.tables.queue.values()].map((text) => JSON.parse(text).state)
const troubles = (): unknown[] => news.flatMap((each) => (each.kind === 'trouble' ? [each.code] : []))
const settle = () => clock.advanceAsync(0)

describe('the replicator', () => {
  it('pushes what was written, pulls, and reports what the manifest proves', async () => {
    const change = await write()
    await replicator.syncNow()
    expect([pushes, states()]).toEqual([[[change]], ['settled']])
    expect(news).toContainEqual({ kind: 'report', isProved: true, have: 0, of: 0, atMs: clock.nowMs() })
    expect(news).toContainEqual({ kind: 'contact', signedMs: clock.nowMs() })
  })

  it('nothing is taken for an answer but a receipt of our station for this device', async () => {
    const change = await write()
    const stranger = signKeyPair(createSeededRandom('stranger'))
    const lies: ((body: Uint8Array) => Uint8Array)[] = [
      (body) => receive(body, { by: stranger }),
      (body) => receive(body, { device: '0f'.repeat(16) }),
      (body) => receive(body, { station: '0f'.repeat(16) }),
      () => new Uint8Array(),
      () => new Uint8Array(200),
      (body) => receive(body).map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
    ]
    for (const lie of lies) {
      link.push = async (body) => lie(body)
      await expect(replicator.syncNow()).rejects.toBeInstanceOf(Fault)
      expect(states()).toEqual(['pending'])
    }
    link.push = async (body) => receive(body)
    await replicator.syncNow()
    expect([pushes.at(-1), states()]).toEqual([[change], ['settled']])
  })

  it('a manifest that is forged, foreign or of another scope proves nothing, and its page is not taken in', async () => {
    const stranger = signKeyPair(createSeededRandom('stranger'))
    const lies: PullAnswer[] = [
      answer({}, undefined, stranger),
      answer({}, 'device:other'),
      answer({ manifest: 'AAAA' }),
      answer({ manifest: '!' }),
      answer({ checkpoint: { epoch: '0'.repeat(16), seq: 1 } }),
      answer({ rows: null as never }),
      answer({ checkpoint: null as never }),
    ]
    for (const lie of lies) {
      link.pull = async () => lie
      await expect(replicator.syncNow()).rejects.toBeInstanceOf(Fault)
    }
    expect(news.filter((each) => each.kind === 'report')).toEqual([])
    expect(disk.tables.replica.size).toBe(0)
  })

  it('without contact it waits longer each time and goes on by itself', async () => {
    await write()
    link.push = async () => {
      pushes.push([])
      throw new Fault('gateway/unavailable')
    }
    replicator.changed()
    await settle()
    expect(pushes).toHaveLength(1)
    await clock.advanceAsync(10_000)
    const soon = pushes.length
    expect(soon).toBeGreaterThan(3)
    await clock.advanceAsync(600_000)
    expect(pushes.length - soon).toBeLessThan(25)
    expect(new Set(troubles())).toEqual(new Set(['gateway/unavailable']))
    link.push = async (body) => receive(body)
    await clock.advanceAsync(61_000)
    expect(states()).toEqual(['settled'])
  })

  it('contact tries at once', async () => {
    await write()
    link.push = async () => {
      throw new Fault('gateway/unavailable')
    }
    replicator.changed()
    await clock.advanceAsync(120_000)
    link.push = async (body) => receive(body)
    replicator.contact()
    await settle()
    expect(states()).toEqual(['settled'])
  })

  it('a poke pulls, and a poke during a pull pulls once more', async () => {
    replicator.poke()
    replicator.poke()
    replicator.poke()
    await settle()
    expect(pulls).toBe(2)
  })

  it('an error of our own is told by its kind, never by its message', async () => {
    link.pull = async () => {
      throw new TypeError('secret of a record')
    }
    await expect(replicator.syncNow()).rejects.toMatchObject({ code: 'internal/fault' })
    expect(news).toContainEqual({ kind: 'trouble', code: 'internal/fault', error: 'TypeError' })
    expect(JSON.stringify(news)).not.toContain('secret')
  })

  it('closed, it does nothing more and whoever waits is told', async () => {
    const waiting = replicator.syncNow()
    waiting.catch(() => {})
    replicator.close()
    await expect(waiting).rejects.toMatchObject({ code: 'gateway/unavailable' })
    const before = [pushes.length, pulls, news.length]
    replicator.contact()
    await clock.advanceAsync(600_000)
    expect([pushes.length, pulls, news.length]).toEqual(before)
    expect(clock.pending()).toBe(0)
  })
})
