/** A kiosk at the gateway: enrolment, a session by the device's key alone, and the events of its reader and its visits. It holds no record and no
 *  officer's key, so it needs no worker and no RxDB. It must never keep anything of a visitor. */
import { Subject, type Observable } from 'rxjs'
import { ready } from '#crypto/sodium'
import type { Random } from '#crypto/random.ts'
import type { Timers } from '#protocols/clock.ts'
import { type ErrorCode, Fault } from '#protocols/errors.ts'
import type { KioskEvent } from '#protocols/http/kiosk.ts'
import type { Hello, LiveTicketAnswer, TicketAnswer } from '#protocols/http/session.ts'
import type { Log } from '../log.ts'
import { type DeviceKeyRow, type DeviceKeys, makeDeviceKeys, openDeviceKeys } from './device-keys.ts'
import { type EnrolmentDoc, enrolDevice, pinnedStation } from './enrolment.ts'
import { createHttp, type HttpOptions } from './http.ts'
import { createLive, type Live, type OpenSocket } from './live.ts'
import type { PageDatabase, RowStores } from './page-store/page-database.ts'
import { createSession, type Session } from './session.ts'
import { createHolder } from './status.ts'
import type { WindowLock } from './window-lock.ts'

export interface KioskState {
  /** starting: also when another window of this kiosk has taken over. */
  readonly phase: 'starting' | 'unenrolled' | 'open'
  /** The live socket stands right now. */
  readonly online: boolean
  readonly demo: boolean
  readonly station: { readonly id: string; readonly name: string; readonly nameEn: string } | null
  /** What the gateway or the disk said, until it says otherwise. */
  readonly trouble: ErrorCode | null
}

export interface KioskSession {
  readonly state$: Observable<KioskState>
  /** Of this kiosk's reader, camera unit and visits, as they come. */
  readonly events$: Observable<KioskEvent>
  /** ticket: base64url. */
  enrol(ticket: string): Promise<void>
  enrolDemo(): Promise<void>
  /** POST with a JSON body over the kiosk's session: /api/kiosk/… Rejects with a Fault. */
  call<Answer>(path: string, body: unknown): Promise<Answer>
  /** Tries for contact now. */
  retry(): Promise<void>
  close(): void
}

export interface KioskPlatform {
  readonly fetch: HttpOptions['fetch']
  readonly openSocket: OpenSocket
  readonly subtle: SubtleCrypto
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly windowLock: WindowLock
  readonly openPages: () => Promise<PageDatabase>
}

const keyStore = 'keys'
export const kioskRowStores: RowStores = { [keyStore]: 'replaceable' }
const greetMs = 30_000

const starting: KioskState = { phase: 'starting', online: false, demo: false, station: null, trouble: null }

export function startKioskSession(platform: KioskPlatform): KioskSession {
  const { timers, random, subtle } = platform
  const status = createHolder<KioskState>(starting)
  const events = new Subject<KioskEvent>()
  const http = createHttp({
    face: 'kiosk',
    fetch: platform.fetch,
    timers,
    // A request that failed says nothing of a socket that still stands: the next answer brings contact back.
    onContact: (isThere) => status.set({ online: isThere && isLive }),
  })
  let pages: PageDatabase | null = null
  let session: Session | null = null
  let live: Live | null = null
  let isLive = false
  const setLive = (isOpen: boolean) => {
    isLive = isOpen
    status.set({ online: isOpen })
  }

  async function open(): Promise<void> {
    await ready
    pages = await platform.openPages()
    const row = (await pages.readRow(keyStore, 'device')) as DeviceKeyRow | undefined
    const enrolment = (await pages.readRow(keyStore, 'enrolment')) as EnrolmentDoc | undefined
    if (row && enrolment) openWith(enrolment, openDeviceKeys(subtle, row))
    else status.set({ phase: 'unenrolled' })
    void greet()
  }

  function openWith(enrolment: EnrolmentDoc, keys: DeviceKeys): void {
    const { device, station, stationName, stationNameEn, demo } = enrolment
    const mine = createSession({ http, device, keys, officer: null, isOpen: false })
    live?.close()
    setLive(false)
    session = mine
    live = createLive({
      ticket: async () => (await ask(() => http.json<LiveTicketAnswer>('POST', '/api/live-ticket', {}))).ticket,
      openSocket: platform.openSocket,
      timers,
      random,
      onMessage: (message) => {
        if (message.kind === 'kiosk') events.next(message.event)
      },
      onOpen: () => setLive(true),
      onClose: () => setLive(false),
    })
    const named = { id: station, name: stationName, nameEn: stationNameEn }
    status.set({ phase: 'open', demo, station: named, trouble: null })
  }

  async function ask<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    if (!session) throw new Fault('session/none', { reason: 'unenrolled' })
    try {
      const answer = await session.run(request)
      status.set({ trouble: null })
      return answer
    } catch (cause) {
      // The door is shut to this device: a visitor's own request says so by itself, the state line says it too.
      if (cause instanceof Fault && cause.code === 'session/denied') status.set({ trouble: cause.code })
      throw cause
    }
  }

  /** Also whether it is still our station: in a demo folder made anew the kiosk is offered enrolment, for it has nothing to lose. */
  async function greet(): Promise<void> {
    const hello = await http.json<Hello>('GET', '/api/hello').catch(() => null)
    if (!hello) return
    const { id, name, nameEn } = hello.station
    const { phase, station } = status.now()
    if (phase === 'unenrolled') status.set({ demo: hello.demo, station: { id, name, nameEn } })
    else if (phase === 'open' && station?.id !== pinnedStation(hello.certificate).id) {
      platform.log.warn('station/not-pinned', {})
      status.set({ trouble: 'identity/forged' })
      if (!hello.demo) return
      live?.close()
      session = null
      status.set({ phase: 'unenrolled', demo: true, station: { id, name, nameEn } })
    }
  }

  async function enrol(ticket: string): Promise<void> {
    if (!pages) throw new Fault('request/invalid', { phase: status.now().phase })
    const row = await makeDeviceKeys(subtle, random)
    const keys = openDeviceKeys(subtle, row)
    const enrolment = await enrolDevice(http, keys, 'kiosk', ticket)
    await pages.commit({
      pages: [],
      removals: [],
      rows: [
        { store: keyStore, key: 'device', mode: 'put', value: row },
        { store: keyStore, key: 'enrolment', mode: 'put', value: enrolment },
      ],
    })
    openWith(enrolment, keys)
  }

  /** The newest window of a kiosk is the one that people stand before: it takes over without asking. */
  function lose(): void {
    live?.close()
    pages?.close()
    session = null
    setLive(false)
    status.set({ phase: 'starting' })
  }

  async function start(): Promise<void> {
    if (await platform.windowLock.take(true, lose)) await open()
  }

  const stopGreeting = timers.every(greetMs, () => {
    if (['unenrolled', 'open'].includes(status.now().phase)) void greet()
  })
  start().catch((cause) => {
    platform.log.error('kiosk/cannot-open', { code: cause instanceof Fault ? cause.code : 'internal/fault' })
    status.set({ trouble: cause instanceof Fault ? cause.code : 'internal/fault' })
  })

  return {
    state$: status.status$,
    events$: events.asObservable(),
    enrol,
    async enrolDemo() {
      const { ticket } = await http.json<TicketAnswer>('POST', '/api/demo/ticket', { face: 'kiosk' })
      await enrol(ticket)
    },
    async call<Answer>(path: string, body: unknown) {
      if (!path.startsWith('/api/')) throw new Fault('request/invalid', { field: 'path' })
      return ask(() => http.json<Answer>('POST', path, body))
    },
    async retry() {
      live?.contact()
      await greet()
    },
    close() {
      stopGreeting()
      live?.close()
      pages?.close()
    },
  }
}
