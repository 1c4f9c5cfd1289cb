/** What stands behind the screens' interface (api.ts), in the worker: the phases of a device (unenrolled, locked, open, elsewhere) and who is asked in
 *  each. Runs in Node too, over other ground. */
import { BehaviorSubject, map, NEVER, type Observable, of, type Subscription, switchMap } from 'rxjs'
import { Fault } from '#protocols/errors.ts'
import type { DemoPerson, Hello, TicketAnswer } from '#protocols/http/session.ts'
import type { Data, KnownOfficer, RecordQuery } from './api.ts'
import { type Device, enrol, openDevice } from './device.ts'
import { pinnedStation } from './enrolment.ts'
import { createHttp } from './http.ts'
import { keysOf, type OfficerDoc, type OfficerKeys } from './keyring.ts'
import { logOn } from './logon.ts'
import { type Officer, openOfficer } from './officer.ts'
import { type OwnDoc, ownForScreen } from './own-change.ts'
import type { PageDatabase } from './page-store/page-database.ts'
import type { Platform } from './platform.ts'
import { createProgress } from './progress.ts'
import type { ReplicatorNews } from './replicator.ts'
import { createHolder, startingStatus } from './status.ts'
import { createTurns } from './turns.ts'

/** What the page tells beside the screens' own calls. */
export interface PageSigns {
  /** Somebody is at the device. */
  touch(): Promise<void>
  setPersistent(isPersistent: boolean): Promise<void>
}

export interface DataService extends Data, PageSigns {
  start(): Promise<void>
  /** The browser says that its network came or went. */
  networkChanged(isThere: boolean): void
  close(): Promise<void>
}

const idleLockMs = 30 * 60_000
const watchMs = 30_000

export function createDataService(platform: Platform): DataService {
  const { timers, clock, log, face } = platform
  const status = createHolder(startingStatus)
  const progress = createProgress()
  const inTurn = createTurns()
  const officer$ = new BehaviorSubject<Officer | null>(null)
  let pages: PageDatabase | null = null
  let device: Device | null = null
  let following: Subscription | null = null
  let touchedMs = clock.nowMs()
  let isEnded = false

  const nowMs = (): number => device?.time.nowMs() ?? clock.nowMs()
  const http = createHttp({
    face,
    fetch: platform.fetch,
    timers,
    onContact: (isThere) => status.set(isThere ? { online: true, lastContactMs: nowMs() } : { online: false }),
  })

  const opened = (): Officer => {
    const officer = officer$.value
    if (!officer) throw new Fault('session/none', { reason: 'locked' })
    return officer
  }
  const enrolled = (): Device => {
    if (!device) throw new Fault('session/none', { reason: 'unenrolled' })
    return device
  }

  async function start(): Promise<void> {
    if (await platform.windowLock.take(false, lose)) await open()
    else status.set({ phase: 'elsewhere' })
  }

  async function open(): Promise<void> {
    try {
      pages = await platform.openPages()
      await settleDevice(await openDevice(platform, pages))
    } catch (cause) {
      // A disk that cannot be read: nothing is deleted, the person is told.
      if (!(cause instanceof Fault)) throw cause
      log.error('device/cannot-open', { code: cause.code })
      return status.set({ trouble: cause.code })
    }
    void greet()
  }

  async function settleDevice(next: Device | null): Promise<void> {
    device = next
    if (!next) return status.set({ phase: 'unenrolled', device: null })
    const { station, stationName, stationNameEn, unit, demo } = next.enrolment
    status.set({
      phase: 'locked',
      device: next.enrolment.device,
      station: { id: station, name: stationName, nameEn: stationNameEn, unit },
      demo,
      pending: await next.pending(),
      account: null,
    })
  }

  /** Who is there? Also whether it is still our station. */
  async function greet(): Promise<void> {
    try {
      const hello = await http.json<Hello>('GET', '/api/hello')
      if (status.now().phase === 'unenrolled') {
        const { id, name, nameEn, unit } = hello.station
        status.set({ demo: hello.demo, station: { id, name, nameEn, unit }, trouble: null })
      } else if (device && isPinned(device, hello)) {
        if (!officer$.value) status.set({ trouble: null })
      } else if (device) await meetStranger(device, hello)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      if (cause.code !== 'gateway/unavailable') log.warn('hello/failed', { code: cause.code })
    }
  }

  const isPinned = ({ station }: Device, hello: Hello): boolean => {
    const found = pinnedStation(hello.certificate)
    return found.id === station.id && found.signKey.every((byte, i) => byte === station.signKey[i])
  }

  /** Another station answers at our station's address. A demo folder made anew is offered enrolment, when nothing unsent would be lost. */
  async function meetStranger(known: Device, hello: Hello): Promise<void> {
    log.warn('station/not-pinned', {})
    status.set({ trouble: 'identity/forged' })
    if (!hello.demo || officer$.value || (await known.pending()) > 0) return
    const { id, name, nameEn, unit } = hello.station
    status.set({ phase: 'unenrolled', demo: true, station: { id, name, nameEn, unit } })
  }

  async function enrolWith(ticket: string): Promise<void> {
    if (officer$.value) throw new Fault('request/invalid', { phase: 'open' })
    const unsent = device ? await device.pending() : 0
    if (unsent > 0) throw new Fault('enrol/refused', { pending: unsent })
    const next = await enrol(platform, http, ticket, async () => {
      await device?.close()
      device = null
      pages?.close()
      await platform.removePages()
      pages = await platform.openPages()
      return pages
    })
    await settleDevice(next)
    log.info('device/enrolled', { face })
  }

  async function logon(policeNumber: string, pin: string): Promise<void> {
    const { db, enrolment, station, keyring, time, removeOfficer } = enrolled()
    if (officer$.value) throw new Fault('request/invalid', { phase: 'open' })
    const fresh = keyring.make()
    const { answer, grant } = await logOn(http, db.keys, station, enrolment.device, fresh, policeNumber, pin)
    // The grant's signature vouches for the time of an answer that lies in its window.
    if (
      answer.timeMs >= grant.notBeforeMs &&
      answer.timeMs <= grant.notBeforeMs + idleLockMs &&
      time.observe(answer.timeMs)
    )
      await db.putState({ id: 'time', ...time.state() })
    const known = await db.officers.get(answer.account)
    const before = known && (await keyring.openKnown(known, pin))
    // A new PIN opens no old key: the replica is pulled again. Sealed changes stay and are sent.
    if (!before) await removeOfficer(answer.account)
    const keys = before ? keysOf(fresh.sign, fresh.box, before.local) : fresh
    const { account: id, name, grant: grantText } = answer
    const doc = await keyring.wrap(keys, { id, name, policeNumber, grant: grantText }, pin)
    await openWith(doc, keys, true)
  }

  async function unlock(account: string, pin: string): Promise<void> {
    const { db, keyring, removeOfficer } = enrolled()
    if (officer$.value) throw new Fault('request/invalid', { phase: 'open' })
    const doc = await db.officers.get(account)
    if (!doc) throw new Fault('logon/failed', {})
    try {
      await openWith(doc, await keyring.open(doc, pin), false)
    } catch (cause) {
      if (cause instanceof Fault && cause.detail['erased'] === true) await removeOfficer(account)
      throw cause
    }
  }

  async function openWith(doc: OfficerDoc, keys: OfficerKeys, hasSession: boolean): Promise<void> {
    const { db, enrolment, station, time } = enrolled()
    const officer = await openOfficer({
      device: db,
      enrolment,
      station,
      doc: { ...doc, tries: 0 },
      keys,
      hasSession,
      http,
      openSocket: platform.openSocket,
      subtle: platform.subtle,
      defs: platform.defs,
      time,
      timers,
      random: platform.random,
      onNews: hear,
      onLive: (isOpen) => isOpen && status.set({ online: true, lastContactMs: nowMs() }),
    })
    // What the officer signs after that would be refused: only a new log-on helps.
    if (time.nowMs() > officer.grant().notAfterMs) {
      await officer.close()
      throw new Fault('identity/expired', {})
    }
    touchedMs = clock.nowMs()
    const { account: id, name, policeNumber } = officer
    status.set({ phase: 'open', account: { id, name, policeNumber }, complete: null, trouble: null })
    following = officer.own$.subscribe(count)
    officer$.next(officer)
  }

  function count(own: readonly OwnDoc[]): void {
    const pending = own.filter((each) => each.state === 'pending').length
    const refused = own.filter((each) => each.state === 'refused').length
    status.set({ pending, refused, progress: progress.pushing(pending) })
  }

  function hear(news: ReplicatorNews): void {
    if (news.kind === 'contact') status.set({ trouble: null })
    else if (news.kind === 'trouble') {
      // No answer is what `online` says; trouble is for what the gateway or the disk says.
      if (news.code !== 'gateway/unavailable') status.set({ trouble: news.code })
      log.warn('sync/failed', { code: news.code, ...(news.error && { error: news.error }) })
      if (news.code === 'store/read-only' || news.code === 'store/key-taken') void lock()
    } else if (news.kind === 'pulling') status.set({ progress: progress.pulling(news.pulled, news.isEnd) })
    else if (news.kind === 'repair') log.warn('replica/repair', {})
    else {
      progress.expect(news.of)
      if (!news.isProved) log.warn('replica/incomplete', { count: news.of - news.have })
      status.set({ complete: news.isProved ? { have: news.have, of: news.of, atMs: news.atMs } : null })
    }
  }

  /** Clears the keys and everything that was opened with them; the page is loaded anew, because plaintext is in its heap. */
  async function lock(): Promise<void> {
    const officer = officer$.value
    if (!officer) return
    officer$.next(null)
    following?.unsubscribe()
    await officer.close()
    const pending = await enrolled().pending()
    status.set({ phase: 'locked', account: null, pending, refused: 0, complete: null, progress: null })
    platform.onEnd()
  }

  /** Another window has taken over: nothing may be written from here any more. */
  function lose(): void {
    isEnded = true
    const officer = officer$.value
    officer$.next(null)
    following?.unsubscribe()
    pages?.close()
    status.set({ phase: 'elsewhere', account: null })
    void officer?.close().catch(() => {})
    platform.onEnd()
  }

  async function takeOver(): Promise<void> {
    if (!(await platform.windowLock.take(true, lose))) throw new Fault('request/invalid', { phase: 'elsewhere' })
    await open()
  }

  const stopWatching = timers.every(watchMs, () => {
    const officer = officer$.value
    if (!officer) {
      if (!isEnded && status.now().phase !== 'elsewhere') void greet()
      return
    }
    const isIdle = clock.nowMs() - touchedMs > idleLockMs
    if (isIdle || nowMs() > officer.grant().notAfterMs) void inTurn(lock)
  })

  const whenOpen = <T>(make: (officer: Officer) => Observable<T>): Observable<T> =>
    officer$.pipe(switchMap((officer) => (officer ? make(officer) : NEVER)))
  /** People at the door must not be judged out of turn: tries are counted one by one. */
  const act = (run: () => Promise<void>): Promise<void> => inTurn(run)

  return {
    start,
    status$: status.status$,
    own$: officer$.pipe(
      switchMap((officer) =>
        officer ? officer.own$.pipe(map((own) => [...own].sort((a, b) => b.seq - a.seq).map(ownForScreen))) : of([]),
      ),
    ),
    actor$: officer$.pipe(switchMap((officer) => (officer ? officer.actor$ : of(null)))),
    enrol: (ticket) => act(() => enrolWith(ticket)),
    enrolDemo: () =>
      act(async () => {
        const { ticket } = await http.json<TicketAnswer>('POST', '/api/demo/ticket', { face })
        await enrolWith(ticket)
      }),
    async demoPeople() {
      return (await http.json<{ people: readonly DemoPerson[] }>('GET', '/api/demo/people')).people
    },
    async officers() {
      const docs = (await device?.db.officers.all()) ?? []
      return docs
        .filter((doc) => doc.wraps !== null)
        .map(({ id, name, policeNumber }): KnownOfficer => ({ account: id, name, policeNumber }))
    },
    logon: (policeNumber, pin) => act(() => logon(policeNumber, pin)),
    unlock: (account, pin) => act(() => unlock(account, pin)),
    lock: () => act(lock),
    takeOver: () => act(takeOver),
    watch: (query: RecordQuery) => whenOpen((officer) => officer.queries.list(query)),
    watchOne: (type, id) => whenOpen((officer) => officer.queries.one(type, id)),
    commit: async (draft) => opened().commit(draft),
    dismissRefused: async (change) => opened().dismiss(change),
    saveDraft: async (key, text) => opened().saveDraft(key, text),
    draft: async (key) => opened().draft(key),
    addFile: async (bytes, media) => {
      const row = await opened().files.add(bytes, media)
      void officer$.value?.files.upload().catch(() => {})
      return row
    },
    openFile: async (row) => opened().files.open(row),
    syncNow: async () => opened().replicator.syncNow(),
    async call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
      if (!path.startsWith('/api/')) throw new Fault('request/invalid', { field: 'path' })
      return opened().session.run(() => http.json<Answer>(method, path, body))
    },
    async touch() {
      if (clock.nowMs() - touchedMs > idleLockMs) return act(lock)
      touchedMs = clock.nowMs()
    },
    async setPersistent(isPersistent) {
      status.set({ persistent: isPersistent })
    },
    networkChanged(isThere) {
      if (!isThere) return status.set({ online: false })
      officer$.value?.contact()
      if (!officer$.value) void greet()
    },
    async close() {
      isEnded = true
      stopWatching()
      following?.unsubscribe()
      const officer = officer$.value
      officer$.next(null)
      await officer?.close()
      await device?.close()
      pages?.close()
    },
  }
}
