/** One officer's open keys on this device and everything that works with them: database, commit, sync, session, live socket, files. Made at unlock,
 *  ended at lock; between the two nobody else holds the keys. */
import { createRxDatabase } from 'rxdb/plugins/core'
import { combineLatest, distinctUntilChanged, map, type Observable, shareReplay, switchMap } from 'rxjs'
import { fromBase64Url, fromHex, toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { LiveTicketAnswer } from '#protocols/http/session.ts'
import { openGrant, type SignedGrant } from '#protocols/identity/grant.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { PullAnswer } from '#protocols/sync/pull.ts'
import { actorOfReplica } from './actor.ts'
import { type Committer, createCommitter } from './commit.ts'
import { type DeviceDb, fileStore } from './device-db.ts'
import type { EdgeTime } from './edge-time.ts'
import type { EnrolmentDoc, PinnedStation } from './enrolment.ts'
import { createFiles, type Files } from './files.ts'
import type { Http } from './http.ts'
import type { OfficerDoc, OfficerKeys } from './keyring.ts'
import { createLive, type Live, type OpenSocket } from './live.ts'
import type { OwnDoc } from './own-change.ts'
import { createQueries, type Queries } from './queries.ts'
import { createReplicator, type Replicator, type ReplicatorNews } from './replicator.ts'
import { createRxTables, plainDoc, refOf } from './rx-tables.ts'
import { type OfficerCollections, type OfficerRx, officerSchemas } from './schemas.ts'
import { createSession, type Session } from './session.ts'
import { openSyncStore } from './sync-store.ts'
import type { FileDoc } from './tables.ts'

export const officerDatabase = (account: string): string => `officer-${account}`

export interface OfficerOptions {
  readonly device: DeviceDb
  readonly enrolment: EnrolmentDoc
  readonly station: PinnedStation
  readonly doc: OfficerDoc
  readonly keys: OfficerKeys
  /** A log-on has just opened the session. */
  readonly hasSession: boolean
  readonly http: Http
  readonly openSocket: OpenSocket
  readonly subtle: SubtleCrypto
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly time: EdgeTime
  readonly timers: Timers
  readonly random: Random
  readonly onNews: (news: ReplicatorNews) => void
  /** The live socket opened or closed. */
  readonly onLive: (isOpen: boolean) => void
}

export interface Officer {
  readonly account: string
  readonly name: string
  readonly policeNumber: string
  readonly own$: Observable<readonly OwnDoc[]>
  readonly actor$: Observable<Actor | null>
  readonly grant: () => SignedGrant
  readonly queries: Queries
  readonly session: Session
  readonly files: Files
  commit: Committer['commit']
  /** Takes a refused change off the list. */
  dismiss(change: string): Promise<void>
  saveDraft(key: string, text: string): Promise<void>
  draft(key: string): Promise<string | null>
  replicator: Pick<Replicator, 'syncNow' | 'poke'>
  /** The network may be back: everything that waits tries now. */
  contact(): void
  close(): Promise<void>
}

/** How often an open device looks by itself, in case a poke was lost. */
const pollMs = 60_000

export async function openOfficer(options: OfficerOptions): Promise<Officer> {
  const { device, enrolment, station, doc, keys, http, defs, time, timers, random } = options
  const account = doc.id
  const name = officerDatabase(account)
  device.setKey(name, keys.local)
  const rx: OfficerRx = await createRxDatabase<OfficerCollections>({
    name,
    storage: device.store.storage,
    multiInstance: false,
  })
  await rx.addCollections(officerSchemas)
  let grant = openGrant(fromBase64Url(doc.grant), station.signKey)
  let standing = doc

  const tables = createRxTables({ store: device.store, pages: device.pages, device: device.rx, officer: rx })
  /** Asked for each shown record, so it is worked out only when the account, a post or a unit has changed. */
  let actorHeld: Promise<Actor | null> | null = null
  const actorNow = (): Promise<Actor | null> => {
    actorHeld ??= actorOfReplica(tables.records, account, enrolment.device)
    return actorHeld
  }
  const store = await openSyncStore({ tables, defs, stationBoxKey: station.boxKey, actor: actorNow })
  const nobody: Actor = { account, device: enrolment.device, via: null, posts: [], linkedUnits: [] }
  const committer = createCommitter({
    store,
    defs,
    signer: () => ({
      station: fromHex(station.id),
      device: fromHex(enrolment.device),
      officer: fromHex(account),
      grant,
      secretKey: keys.sign.secretKey,
    }),
    actor: async () => (await actorNow()) ?? nobody,
    nowMs: () => time.nowMs(),
    random,
  })

  const session = createSession({
    http,
    device: enrolment.device,
    keys: device.keys,
    officer: { account, grantHash: () => toHex(grant.hash), secretKey: keys.sign.secretKey, onGrant: renew },
    isOpen: options.hasSession,
  })
  async function renew(text: string): Promise<void> {
    const fresh = openGrant(fromBase64Url(text), station.signKey)
    const isOurs =
      toHex(fresh.officer) === account &&
      toHex(fresh.device) === enrolment.device &&
      toHex(fresh.userKey) === toHex(keys.sign.publicKey)
    if (!isOurs) throw new Fault('identity/forged', { label: 'grant' })
    standing = { ...standing, grant: text }
    await device.putOfficer(standing)
    grant = fresh
  }

  const replicator = createReplicator({
    changes: store,
    replica: store,
    link: {
      push: (body) => session.run(() => http.bytes('POST', '/api/sync/push', body)),
      pull: (request) => session.run(() => http.json<PullAnswer>('POST', '/api/sync/pull', request)),
    },
    station,
    device: enrolment.device,
    timers,
    random,
    onNews: (news) => {
      if (news.kind === 'contact' && news.signedMs !== null && time.observe(news.signedMs))
        void device.putState({ id: 'time', ...time.state() }).catch(() => {})
      // Receipts and pages may have freed files, and contact means that they can be sent.
      if (news.kind === 'pulling' && news.isEnd) sendFiles()
      options.onNews(news)
    },
  })

  const files = createFiles({
    pages: device.pages,
    rowStore: fileStore,
    index: {
      waiting: async () => (await device.state.where({ isUploaded: 0 })) as FileDoc[],
      uploaded: async () => (await device.state.where({ isUploaded: 1 })) as FileDoc[],
    },
    write: (file, bytes) =>
      device.store.atomic((atomic) => {
        if (bytes) {
          atomic.row({ store: fileStore, key: file.file, mode: 'put', value: new Uint8Array(bytes) })
          atomic.upsert(refOf(device.rx.state), [file as never])
        } else {
          atomic.row({ store: fileStore, key: file.file, mode: 'delete' })
          atomic.purge(refOf(device.rx.state), [file.id])
        }
      }),
    mark: (file) => device.putState(file),
    put: async (file, bytes) => {
      await session.run(() => http.bytes('PUT', `/api/files/${file}`, bytes))
    },
    get: (file) => session.run(() => http.bytes('GET', `/api/files/${file}`)),
    digest: async (bytes) => new Uint8Array(await options.subtle.digest('SHA-256', new Uint8Array(bytes))),
    neededHere: async () => {
      const waiting = (await tables.own.all()).map((own) => JSON.stringify(own.values))
      return new Set(waiting.flatMap((text) => text.match(/[0-9a-f]{64}/g) ?? []))
    },
    nowMs: () => time.nowMs(),
    random,
  })
  function sendFiles(): void {
    // A failure shows as lost contact; the next end of a pull tries again.
    void files.upload().catch(() => {})
  }

  const live: Live = createLive({
    ticket: async () => (await session.run(() => http.json<LiveTicketAnswer>('POST', '/api/live-ticket', {}))).ticket,
    openSocket: options.openSocket,
    timers,
    random,
    onMessage: (message) => {
      if (message.kind === 'poke') replicator.poke()
      else if (message.kind === 'bye') options.onLive(false)
    },
    onOpen: () => {
      options.onLive(true)
      replicator.contact()
    },
    onClose: () => options.onLive(false),
  })
  const stopPolling = timers.every(pollMs, () => replicator.poke())

  const own$ = rx.own.find().$.pipe(
    map((docs) => docs.map((each) => plainDoc<OwnDoc>(each.toJSON(true)))),
    shareReplay({ bufferSize: 1, refCount: true }),
  )
  const posts$ = rx.records.find({ selector: { type: 'post' }, sort: [{ updatedMs: 'asc' }] }).$
  const units$ = rx.records.find({ selector: { type: 'unit' }, sort: [{ updatedMs: 'asc' }] }).$
  const actor$ = combineLatest([rx.records.findOne(account).$, posts$, units$]).pipe(
    switchMap(() => {
      actorHeld = null
      return actorNow()
    }),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    shareReplay({ bufferSize: 1, refCount: true }),
  )
  const keepingActor = actor$.subscribe()
  const queries = createQueries({
    officer: rx,
    own$: combineLatest([own$, actor$]).pipe(map(([own]) => own)),
    onTop: store.shown,
  })
  replicator.contact()

  return {
    account,
    name: doc.name,
    policeNumber: doc.policeNumber,
    own$,
    actor$,
    grant: () => grant,
    queries,
    session,
    files,
    async commit(draft) {
      const result = await committer.commit(draft)
      if (result.ok) replicator.changed()
      return result
    },
    dismiss: (change) =>
      store.inTurn(async () => {
        const own = await tables.own.get(change)
        if (own?.state === 'refused') await tables.write((write) => write.purge('own', [change]))
      }),
    saveDraft: (key, text) =>
      tables.write((write) => {
        if (text === '') write.purge('replica', [`draft:${key}`])
        else write.put('replica', [{ id: `draft:${key}`, text }])
      }),
    async draft(key) {
      const doc = await tables.replica.get(`draft:${key}`)
      return doc && 'text' in doc ? doc.text : null
    },
    replicator,
    contact() {
      replicator.contact()
      live.contact()
    },
    async close() {
      stopPolling()
      keepingActor.unsubscribe()
      live.close()
      replicator.close()
      store.close()
      await rx.close()
      device.setKey(name, null)
      keys.wipe()
    },
  }
}
