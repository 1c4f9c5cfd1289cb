/** The kiosk's session on the browser's own ground: the kiosk page's one call. */
import { systemRandom } from '#crypto/random.ts'
import { systemTimers } from '../clock.ts'
import { createLog } from '../log.ts'
import { type KioskSession, kioskRowStores, startKioskSession } from './kiosk-core.ts'
import { openIndexedPageDatabase } from './page-store/indexed-page-database.ts'
import { openWebSocket } from './web-socket.ts'
import { createWebLock } from './window-lock.ts'

export type { KioskSession, KioskState } from './kiosk-core.ts'

export function createKioskSession(): KioskSession {
  return startKioskSession({
    fetch: (path, init) => fetch(path, init),
    openSocket: openWebSocket(location.origin),
    subtle: crypto.subtle,
    timers: systemTimers,
    random: systemRandom,
    log: createLog('kiosk'),
    windowLock: createWebLock(navigator.locks, 'outpost-kiosk'),
    openPages: () =>
      openIndexedPageDatabase({ factory: indexedDB, name: 'outpost-kiosk', version: 1, rowStores: kioskRowStores }),
  })
}
