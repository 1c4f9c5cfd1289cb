/** The device's side of commit, push and pull over its tables: which rows each of them writes, together. One implementation for every kind of
 *  tables, so that a device and the simulator keep to the same rules. It must never drop an own change without a verified receipt, and never
 *  move the checkpoint apart from its rows. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import type { Change } from '#protocols/change/change.ts'
import { decodeHlc } from '#protocols/change/clock.ts'
import { assert } from '#protocols/errors.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { addToSum, emptySum, type ScopeSum, takeFromSum } from '#protocols/sync/manifest.ts'
import type { PullRow } from '#protocols/sync/pull.ts'
import type { PulledPage, ReplicaStore } from '#protocols/sync/puller.ts'
import { bytesOfItem, type PushItem, sealChange } from '#protocols/sync/push.ts'
import type { ChangeStore, OutgoingChange } from '#protocols/sync/pusher.ts'
import type { Receipt, ReceiptRow } from '#protocols/sync/receipt.ts'
import { type ChainHead, type CommitStore, emptyHead, type HeldRecord } from './commit.ts'
import { bytesOfOwn, isContainedIn, type OwnDoc, ownAfterReceipt, ownDocOf } from './own-change.ts'
import { type OnTop, ownOnTop } from './own-on-top.ts'
import { type HeadDoc, type PullDoc, type QueueDoc, queueIdOf, type TableWrite, type Tables } from './tables.ts'
import { createTurns } from './turns.ts'

export interface SyncStoreOptions {
  readonly tables: Tables
  readonly defs: ReadonlyMap<string, RecordDef>
  /** S2. */
  readonly stationBoxKey: Uint8Array
  /** Whose own changes are shown on top; null while it is not known. */
  readonly actor: () => Promise<Actor | null>
}

export interface SyncStore extends ChangeStore, ReplicaStore, CommitStore {
  /** The record with own changes on top. */
  shown(type: string, record: string): Promise<OnTop>
  close(): void
}

/** Own changes on top of related records are looked at this deep: guards ask for the state of a neighbour, not of its neighbours. */
const relatedDepthMax = 1

export async function openSyncStore(options: SyncStoreOptions): Promise<SyncStore> {
  const { tables, defs, stationBoxKey, actor } = options
  const inTurn = createTurns()
  let head = headOf((await tables.device.get('head')) as HeadDoc | null)
  let sum: ScopeSum | null = null
  /** Own changes admitted before the run began: the records that it brings, or does not bring, are the last word on them. */
  let admittedBefore: readonly string[] = []

  const epochNow = async (): Promise<string> => {
    const doc = await tables.device.get('gateway')
    return doc?.id === 'gateway' ? doc.epoch : ''
  }

  const pullState = async (): Promise<PullDoc | null> => (await tables.replica.get('pull')) as PullDoc | null

  /** A new epoch: whatever an older one acknowledged may be lost there, and is offered again. */
  async function enterEpoch(epoch: string, except: ReadonlySet<string>): Promise<(write: TableWrite) => void> {
    if (epoch === (await epochNow())) return () => {}
    const settled = await tables.queue.where({ state: 'settled' })
    const again = settled.filter((doc) => doc.epoch !== epoch && !except.has(doc.change))
    return (write) => {
      write.put('device', [{ id: 'gateway', epoch }])
      write.put(
        'queue',
        again.map((doc): QueueDoc => ({ ...doc, state: 'pending' })),
      )
    }
  }

  async function itemOf(doc: QueueDoc): Promise<PushItem> {
    const own = await tables.own.get(doc.change)
    if (own) return { plain: bytesOfOwn(own) }
    const sealed = await tables.change(doc.seq)
    assert(sealed, 'Every queued change stands in the change log.')
    return { sealed }
  }

  async function unsettled(countMax: number, bytesMax: number): Promise<OutgoingChange[]> {
    const pending = (await tables.queue.where({ state: 'pending' })).sort((a, b) => a.seq - b.seq)
    const found: OutgoingChange[] = []
    let bytes = 0
    for (const doc of pending.slice(0, countMax)) {
      const item = await itemOf(doc)
      bytes += bytesOfItem(item).length
      if (found.length > 0 && bytes > bytesMax) break
      found.push({ seq: doc.seq, id: doc.change, item })
    }
    return found
  }

  async function settle(receipt: Receipt): Promise<void> {
    const pending = new Map((await tables.queue.where({ state: 'pending' })).map((doc) => [doc.change, doc]))
    const rows = receipt.rows.filter((row) => row.outcome !== 'waiting' && pending.has(row.id))
    const queue = rows.map((row): QueueDoc => {
      const doc = pending.get(row.id) as QueueDoc
      return { ...doc, state: 'settled', epoch: receipt.epoch, logSeq: row.seq, outcome: row.outcome }
    })
    const { kept, over } = await settleOwn(rows)
    const enter = await enterEpoch(receipt.epoch, new Set(rows.map((row) => row.id)))
    await tables.write((write) => {
      enter(write)
      write.put('queue', queue)
      write.put('own', kept)
      write.purge('own', over)
    })
  }

  async function settleOwn(rows: readonly ReceiptRow[]): Promise<{ kept: OwnDoc[]; over: string[] }> {
    const kept: OwnDoc[] = []
    const over: string[] = []
    for (const row of rows) {
      const own = await tables.own.get(row.id)
      if (!own) continue
      const after = ownAfterReceipt(own, row)
      const record = await tables.records.get(own.record)
      if (record && isContainedIn(after, record)) over.push(own.id)
      else kept.push(after)
    }
    return { kept, over }
  }

  async function offerAgain(fromSeq: number): Promise<void> {
    const settled = await tables.queue.where({ state: 'settled' })
    const again = settled.filter((doc) => doc.seq >= fromSeq)
    await tables.write((write) =>
      write.put(
        'queue',
        again.map((doc): QueueDoc => ({ ...doc, state: 'pending' })),
      ),
    )
  }

  async function start(): ReturnType<ReplicaStore['start']> {
    sum ??= (await tables.records.all()).reduce((total, doc) => addToSum(total, doc.id, doc.version), emptySum)
    admittedBefore = (await tables.own.where({ state: 'admitted' })).map((own) => own.id)
    const state = await pullState()
    return { checkpoint: state?.checkpoint ?? null, isSweeping: state?.isSweeping ?? false }
  }

  async function apply(page: PulledPage): Promise<ScopeSum> {
    assert(sum !== null, 'A page belongs to a run that was started.')
    const newest = new Map<string, PullRow>(page.rows.map((row) => [idOfRow(row), row]))
    let after = sum
    const put: RecordDoc[] = []
    const purge: string[] = []
    for (const [id, row] of newest) {
      const before = await tables.records.get(id)
      if (before) after = takeFromSum(after, id, before.version)
      if (row.dir === 'in') {
        after = addToSum(after, id, row.doc.version)
        put.push(row.doc)
      } else if (before) purge.push(id)
    }
    if (page.keepOnly !== null) {
      const held = (await tables.records.all()).filter((doc) => !newest.has(doc.id))
      for (const doc of held) if (!page.keepOnly.has(doc.id)) purge.push(doc.id)
      const kept = [...held.filter((doc) => page.keepOnly?.has(doc.id)), ...put]
      after = kept.reduce((total, doc) => addToSum(total, doc.id, doc.version), emptySum)
    }
    const over = await ownThatAreOver(put, purge, page.isEnd)
    const enter = await enterEpoch(page.checkpoint.epoch, new Set())
    const before = await pullState()
    const isSweeping = (before?.isSweeping ?? false) && !page.isEnd
    await tables.write((write) => {
      enter(write)
      write.put('records', put)
      write.purge('records', purge)
      write.purge('own', over)
      write.put('replica', [{ id: 'pull', checkpoint: page.checkpoint, isSweeping }])
    })
    sum = after
    return after
  }

  /** Readable copies that the pulled records contain, or that no record of this replica will ever contain. */
  async function ownThatAreOver(put: readonly RecordDoc[], gone: readonly string[], isEnd: boolean): Promise<string[]> {
    const admitted = await tables.own.where({ state: 'admitted' })
    if (admitted.length === 0) return []
    const came = new Map(put.map((doc) => [doc.id, doc]))
    const left = new Set(gone)
    const asked = new Set(admittedBefore)
    return admitted
      .filter((own) => {
        const doc = came.get(own.record)
        return (doc !== undefined && isContainedIn(own, doc)) || left.has(own.record) || (isEnd && asked.has(own.id))
      })
      .map((own) => own.id)
  }

  async function relatedOf(
    def: RecordDef,
    record: string,
    depth: number,
  ): Promise<Record<string, readonly RecordDoc[]>> {
    const found: Record<string, readonly RecordDoc[]> = {}
    for (const [type, field] of Object.entries(def.relations ?? {}))
      found[type] = await related(type, field, record, depth)
    return found
  }

  /** Also those that point here only by an own change that is not admitted yet. */
  async function related(type: string, field: string, record: string, depth: number): Promise<RecordDoc[]> {
    const ids = new Set((await tables.records.where({ type, [`fields.${field}`]: record })).map((doc) => doc.id))
    for (const own of await tables.own.where({ type })) if (own.state !== 'refused') ids.add(own.record)
    const found: RecordDoc[] = []
    for (const id of ids) {
      const { shown } = await onTopOf(type, id, depth + 1)
      if (shown?.fields[field] === record) found.push(shown)
    }
    return found
  }

  async function onTopOf(type: string, record: string, depth = 0): Promise<OnTop> {
    const found = await tables.records.get(record)
    const admitted = found?.type === type ? found : null
    const own = (await tables.own.where({ record })).filter((each) => each.type === type && each.state !== 'refused')
    const def = defs.get(type)
    if (own.length === 0 || !def) return { shown: admitted, count: 0 }
    const neighbours = depth > relatedDepthMax ? {} : await relatedOf(def, record, depth)
    return ownOnTop(admitted, own, await actor(), neighbours, def)
  }

  async function held(type: string, record: string): Promise<HeldRecord> {
    const found = await tables.records.get(record)
    const { shown } = await onTopOf(type, record)
    return { admitted: found?.type === type ? found : null, shown }
  }

  async function append(change: Change, bytes: Uint8Array): Promise<void> {
    const { seq, officer } = change.header
    assert(seq === head.seq + 1, 'A device numbers its changes without gaps.')
    const hlc = decodeHlc(change.header.hlc)
    const queued: QueueDoc = {
      id: queueIdOf(seq),
      seq,
      change: toHex(change.id),
      account: officer ? toHex(officer) : '',
      state: 'pending',
      epoch: '',
      logSeq: 0,
      outcome: '',
    }
    await tables.write((write) => {
      write.addChange(seq, sealChange(bytes, stationBoxKey))
      write.put('queue', [queued])
      write.put('own', [ownDocOf(change, bytes)])
      write.put('device', [{ id: 'head', seq, change: queued.change, hlcMs: hlc.ms, hlcCounter: hlc.counter }])
    })
    head = { seq, id: change.id, hlc }
  }

  return {
    unsettled,
    settle: (receipt) => inTurn(() => settle(receipt)),
    offerAgain: (fromSeq) => inTurn(() => offerAgain(fromSeq)),
    start: () => inTurn(start),
    startOver: () =>
      inTurn(() => tables.write((write) => write.put('replica', [{ id: 'pull', checkpoint: null, isSweeping: true }]))),
    apply: (page) => inTurn(() => apply(page)),
    inTurn,
    head: () => head,
    held,
    related: (type, field, record) => related(type, field, record, 0),
    append,
    shown: (type, record) => onTopOf(type, record),
    close() {
      sum = null
    },
  }
}

const idOfRow = (row: PullRow): string => (row.dir === 'in' ? row.doc.id : row.id)

const headOf = (doc: HeadDoc | null): ChainHead =>
  doc ? { seq: doc.seq, id: fromHex(doc.change), hlc: { ms: doc.hlcMs, counter: doc.hlcCounter } } : emptyHead
