/** A handheld of a simulated world: the client's own commit, stores, machines and replicator over a disk in memory. It can crash between any two
 *  of its waits; what stands on its disk then is all it has at the next start. */
import { fromHex } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import type { Clock } from '#protocols/clock.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { actorOfReplica } from '../../client/shared/data/actor.ts'
import type { CommitResult, Draft } from '../../client/shared/data/api.ts'
import { createCommitter } from '../../client/shared/data/commit.ts'
import { createEdgeTime } from '../../client/shared/data/edge-time.ts'
import { createReplicator, type ReplicatorNews } from '../../client/shared/data/replicator.ts'
import { openSyncStore, type SyncStore } from '../../client/shared/data/sync-store.ts'
import type { Tables, TimeDoc } from '../../client/shared/data/tables.ts'
import { createTableDisk, openMemoryTables, type TableDisk } from '../fixtures/memory-tables.ts'
import type { Enrolled, SimGateway } from './gateway.ts'
import type { Network, Wire } from './network.ts'
import type { Scheduler } from './scheduler.ts'

const pollMs = 20_000

/** From one start to the next crash. */
interface Life {
  isAlive: boolean
  /** Waits left until it ends; null: it does not. */
  waitsLeft: number | null
}

export interface SimDeviceOptions {
  readonly name: string
  readonly account: string
  readonly gateway: SimGateway
  readonly network: Network
  readonly scheduler: Scheduler
  readonly onCrash: (device: SimDevice) => void
  readonly plant: (tables: Tables) => Tables
}

export interface SimDevice {
  readonly name: string
  readonly account: string
  readonly enrolled: Enrolled
  readonly wire: Wire
  readonly disk: TableDisk
  /** What its clock shows beyond the true time. */
  skewMs: number
  readonly proofs: { isProved: boolean; have: number; of: number } | null
  readonly counts: { crashes: number; repairs: number; refusedAtOnce: number }
  isUp(): boolean
  start(): Promise<void>
  /** Ends after so many more waits. */
  crashAfter(waits: number): void
  /** Null when it crashed meanwhile, or is down. */
  commit(draft: Draft): Promise<CommitResult | null>
  records(type: string): Promise<RecordDoc[]>
  shown: SyncStore['shown']
  poke(): void
  contact(): void
  stop(): void
}

export function createSimDevice(options: SimDeviceOptions): SimDevice {
  const { name, account, gateway, network, scheduler } = options
  const enrolled = gateway.enrol(account)
  const random = createSeededRandom(`device ${name} ${enrolled.device}`)
  const disk = createTableDisk()
  const wire: Wire = { upCut: false, downCut: false }
  const counts = { crashes: 0, repairs: 0, refusedAtOnce: 0 }
  let proofs: SimDevice['proofs'] = null
  let life: Life = { isAlive: false, waitsLeft: null }
  let parts: Awaited<ReturnType<typeof assemble>> | null = null
  const clock: Clock = { nowMs: () => Math.max(0, scheduler.nowMs() + device.skewMs) }

  /** Every wait of the device passes here: it may be its last. */
  function waitIn(mine: Life): Promise<void> {
    scheduler.touch()
    if (mine.isAlive && mine.waitsLeft !== null && --mine.waitsLeft <= 0) crash()
    return mine.isAlive ? Promise.resolve() : new Promise(() => {})
  }
  function crash(): void {
    counts.crashes++
    end()
    options.onCrash(device)
  }
  function end(): void {
    life.isAlive = false
    parts?.replicator.close()
    parts?.stopPolling()
    parts = null
  }

  async function assemble(mine: Life) {
    const wait = () => waitIn(mine)
    const tables = options.plant(openMemoryTables({ disk, beforeRead: wait, beforeWrite: wait, afterWrite: wait }))
    const actor = (): Promise<Actor | null> => actorOfReplica(tables.records, account, enrolled.device)
    const store = await openSyncStore({ tables, defs: recordDefs, stationBoxKey: gateway.stationBoxKey, actor })
    const time = createEdgeTime(clock, (await tables.device.get('time')) as TimeDoc | null)
    const committer = createCommitter({
      store,
      defs: recordDefs,
      signer: () => ({
        station: gateway.stationId,
        device: fromHex(enrolled.device),
        officer: fromHex(account),
        grant: enrolled.grant,
        secretKey: enrolled.user.secretKey,
      }),
      actor: async () => (await actor()) ?? { account, device: enrolled.device, via: null, posts: [], linkedUnits: [] },
      nowMs: () => time.nowMs(),
      random,
    })
    const through = async <Answer>(handle: () => Promise<Answer>): Promise<Answer> => {
      await wait()
      const answer = await network.request(wire, handle)
      await wait()
      return answer
    }
    const onNews = (news: ReplicatorNews): void => {
      if (news.kind === 'contact' && news.signedMs !== null && time.observe(news.signedMs))
        void store.inTurn(() => tables.write((write) => write.put('device', [{ id: 'time', ...time.state() }])))
      if (news.kind === 'report') proofs = news
      if (news.kind === 'repair') counts.repairs++
    }
    const replicator = createReplicator({
      changes: store,
      replica: store,
      link: {
        push: (body) => through(() => gateway.push(enrolled, account, body)),
        pull: (request) => through(() => gateway.pull(enrolled, account, request)),
      },
      station: { id: gateway.station, signKey: gateway.stationSignKey },
      device: enrolled.device,
      timers: scheduler,
      random,
      onNews,
    })
    const stopPolling = scheduler.every(pollMs, () => replicator.poke())
    return { store, tables, committer, replicator, stopPolling }
  }

  const device: SimDevice = {
    name,
    account,
    enrolled,
    wire,
    disk,
    skewMs: 0,
    get proofs() {
      return proofs
    },
    counts,
    isUp: () => parts !== null,
    async start() {
      const mine: Life = { isAlive: true, waitsLeft: null }
      life = mine
      const made = await assemble(mine)
      if (!mine.isAlive) return
      parts = made
      made.replicator.contact()
    },
    crashAfter(waits) {
      life.waitsLeft = waits
    },
    async commit(draft) {
      if (!parts) return null
      const { committer, replicator } = parts
      const result = await committer.commit(draft)
      if (result.ok) replicator.changed()
      else counts.refusedAtOnce++
      return result
    },
    async records(type) {
      if (!parts) return []
      const { tables, store } = parts
      const ids = new Set((await tables.records.where({ type })).map((doc) => doc.id))
      for (const own of await tables.own.where({ type })) ids.add(own.record)
      const found: RecordDoc[] = []
      for (const id of [...ids].sort()) {
        const { shown } = await store.shown(type, id)
        if (shown) found.push(shown)
      }
      return found
    },
    shown: async (type, record) => (parts ? parts.store.shown(type, record) : { shown: null, count: 0 }),
    poke: () => parts?.replicator.poke(),
    contact: () => parts?.replicator.contact(),
    stop: end,
  }
  return device
}
