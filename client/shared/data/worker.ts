/** Composition root of the data worker: the one place that holds RxDB, keys and replicator. The page starts it, names its face and talks to it by
 *  calls; when its keys are cleared it asks the page to be loaded anew, which ends it. */
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { recordDefs } from '#protocols/records/index.ts'
import { systemClock, systemTimers } from '../clock.ts'
import { createLog } from '../log.ts'
import { createDataService } from './data-service.ts'
import { deviceRowStores, deviceStorageVersion } from './device-db.ts'
import { openIndexedPageDatabase } from './page-store/indexed-page-database.ts'
import { type Port, servePort } from './rpc.ts'
import { openWebSocket } from './web-socket.ts'
import { createWebLock } from './window-lock.ts'
import { callNames, type DataCalls, type WorkerEnd, type WorkerStart } from './wire.ts'

const scope = globalThis as unknown as Port & { postMessage(message: unknown): void }

async function run(face: WorkerStart['start']): Promise<void> {
  await ready
  const log = createLog(`data ${face}`)
  const name = `outpost-${face}`
  const service = createDataService({
    face,
    fetch: (path, init) => fetch(path, init),
    openSocket: openWebSocket(location.origin),
    subtle: crypto.subtle,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log,
    defs: recordDefs,
    windowLock: createWebLock(navigator.locks, name),
    openPages: () =>
      openIndexedPageDatabase({
        factory: indexedDB,
        name,
        version: deviceStorageVersion,
        rowStores: deviceRowStores,
      }),
    removePages: () => removeDatabase(name),
    onEnd: () => scope.postMessage({ end: true } satisfies WorkerEnd),
  })
  const calls = Object.fromEntries(callNames.map((each) => [each, service[each]])) as unknown as DataCalls
  servePort(
    scope,
    { ...calls, touch: service.touch, setPersistent: service.setPersistent },
    {
      status: () => service.status$,
      own: () => service.own$,
      actor: () => service.actor$,
      watch: service.watch,
      watchOne: service.watchOne,
    },
    (cause) => log.error('data/bug', { error: cause instanceof Error ? cause.name : typeof cause }),
  )
  addEventListener('online', () => service.networkChanged(true))
  addEventListener('offline', () => service.networkChanged(false))
  scope.postMessage({ ready: true })
  await service.start()
}

function removeDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}

addEventListener('message', function begin({ data }: MessageEvent) {
  const { start } = data as Partial<WorkerStart>
  if (!start) return
  removeEventListener('message', begin as EventListener)
  void run(start)
} as EventListener)
