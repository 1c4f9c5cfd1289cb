/** The handheld's service worker: its page and what that page needs lie on the device, so it opens without a network. It holds program files
 *  alone, never a record and never an answer of the gateway. Scope: /h/ only. */
import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'

/** The worker's side of the platform, as far as it is used here: the page's library knows only the page's. */
interface WorkerScope {
  readonly __WB_MANIFEST: (PrecacheEntry | string)[]
  addEventListener(kind: 'fetch', run: (event: FetchCall) => void): void
  addEventListener(kind: 'message', run: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
}
interface FetchCall extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
declare const self: WorkerScope

/** Where the page lies in the precache; every address below /h/ is this page. */
const pageAddress = '/h/index.html'

cleanupOutdatedCaches()
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return
  event.respondWith(matchPrecache(pageAddress).then((page) => page ?? fetch(event.request)))
})
precacheAndRoute(self.__WB_MANIFEST)

/** A new version waits until a person says so, or until no window is open: nobody's form is replaced under their hands. */
self.addEventListener('message', (event) => {
  if (event.data === 'use-now') void self.skipWaiting()
})
