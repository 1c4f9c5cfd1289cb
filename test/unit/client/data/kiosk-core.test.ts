import { webcrypto } from 'node:crypto'
import { filter, firstValueFrom } from 'rxjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { systemRandom } from '#crypto/random.ts'
import type { KioskBeginAnswer } from '#protocols/http/kiosk.ts'
import { systemTimers } from '../../../../client/shared/clock.ts'
import {
  type KioskSession,
  type KioskState,
  kioskRowStores,
  startKioskSession,
} from '../../../../client/shared/data/kiosk-core.ts'
import { openMemoryPageDatabase } from '../../../../client/shared/data/page-store/memory-page-database.ts'
import { openWebSocket } from '../../../../client/shared/data/web-socket.ts'
import { silentLog } from '../../../../client/shared/log.ts'
import {
  cookieFetch,
  createDataDevice,
  createProfile,
  type Profile,
  windowLockOf,
} from '../../../fixtures/data-device.ts'
import { type LiveGateway, startLiveGateway } from '../../../fixtures/live-gateway.ts'

let gateway: LiveGateway
const kiosks: KioskSession[] = []
beforeAll(async () => {
  await ready
  gateway = await startLiveGateway()
})
afterEach(() => {
  for (const kiosk of kiosks.splice(0)) kiosk.close()
})
afterAll(() => gateway.stop())

function start(profile: Profile = createProfile()): KioskSession {
  const kiosk = startKioskSession({
    fetch: cookieFetch(gateway.origin, profile.cookies),
    openSocket: openWebSocket(gateway.origin),
    subtle: webcrypto.subtle as unknown as SubtleCrypto,
    timers: systemTimers,
    random: systemRandom,
    log: silentLog,
    windowLock: windowLockOf(profile),
    openPages: async () => openMemoryPageDatabase({ disk: profile.disk, rowStores: kioskRowStores }),
  })
  kiosks.push(kiosk)
  return kiosk
}
const until = (kiosk: KioskSession, fits: (state: KioskState) => boolean): Promise<KioskState> =>
  firstValueFrom(kiosk.state$.pipe(filter(fits)))

describe('a kiosk', () => {
  it('enrols, opens a session by its key alone, and begins a visit', async () => {
    const kiosk = start()
    await until(kiosk, (state) => state.phase === 'unenrolled' && state.demo)
    await kiosk.enrolDemo()
    await until(kiosk, (state) => state.phase === 'open' && state.online)
    const answer = await kiosk.call<KioskBeginAnswer>('/api/kiosk/begin', {})
    expect(answer).toMatchObject({ reader: 'offline', camera: 'offline' })
  })

  it('is itself again after a restart, also when its session is gone', async () => {
    const profile = createProfile()
    const first = start(profile)
    await until(first, (state) => state.phase === 'unenrolled')
    await first.enrolDemo()
    await first.call('/api/kiosk/begin', {})
    first.close()
    profile.cookies.clear()
    const again = start(profile)
    await until(again, (state) => state.phase === 'open')
    expect(await again.call('/api/kiosk/begin', {})).toBeTruthy()
  })

  it('hears at once what a person at the desk decided about its visitor', async () => {
    const kiosk = start()
    await until(kiosk, (state) => state.phase === 'unenrolled')
    await kiosk.enrolDemo()
    await until(kiosk, (state) => state.online)
    await kiosk.call('/api/kiosk/begin', {})
    const typed = { name: '来访', documentType: 'resident-id', documentNumber: '', phone: '13800000000' }
    const { visit } = await kiosk.call<{ visit: string }>('/api/kiosk/arrive', { reading: null, typed })
    const heard = firstValueFrom(kiosk.events$)

    const desk = createDataDevice({ origin: gateway.origin, face: 'desk' })
    await desk.service.start()
    await desk.service.enrolDemo()
    const person = await gateway.addPerson('100400', ['front-desk'])
    await desk.service.logon(person.policeNumber, person.pin)
    await desk.until(desk.service.watchOne('visit', visit), (found) => found !== null)
    const draft = { type: 'visit', record: visit, kind: 'do:refuseEntry', values: { refuseReason: '证件不符' } }
    expect(await desk.service.commit(draft)).toMatchObject({ ok: true })
    expect(await heard).toEqual({ kind: 'refused-entry', visit })
    await desk.stop()
  })

  it('can ask for nothing before it is enrolled', async () => {
    const kiosk = start()
    await until(kiosk, (state) => state.phase === 'unenrolled')
    await expect(kiosk.call('/api/kiosk/begin', {})).rejects.toMatchObject({ code: 'session/none' })
  })

  it('a newer window takes over; the older one can ask for nothing any more', async () => {
    const profile = createProfile()
    const first = start(profile)
    await until(first, (state) => state.phase === 'unenrolled')
    await first.enrolDemo()
    const second = start(profile)
    await until(second, (state) => state.phase === 'open')
    expect((await until(first, (state) => state.phase === 'starting')).online).toBe(false)
    await expect(first.call('/api/kiosk/begin', {})).rejects.toMatchObject({ code: 'session/none' })
    expect(await second.call('/api/kiosk/begin', {})).toBeTruthy()
  })
})
