/** The page's end of the data worker: starts it, passes calls and streams, loads the page anew when the worker has cleared its keys. It holds no record
 *  but what a screen watches. */
import { shareReplay } from 'rxjs'
import type { DeviceFace } from '#protocols/http/session.ts'
import { systemTimers } from '../clock.ts'
import { trustedScript } from '../trusted.ts'
import type { Data } from './api.ts'
import { connectPort, type Port } from './rpc.ts'
import type { DataCalls, DataStreams, WorkerEnd, WorkerStart } from './wire.ts'
import workerAddress from './worker.ts?worker&url'

/** Somebody is there: told at most this often. */
const touchMs = 30_000

export function createData(face: DeviceFace): Data {
  const worker = new Worker(trustedScript(workerAddress), { type: 'module', name: `data-${face}` })
  const port = held(worker)
  const { call, watch, close } = connectPort<DataCalls, DataStreams>(port)
  // A worker that does not load, or dies of a bug of ours: whoever waits for it must not wait for ever.
  worker.addEventListener('error', close)
  worker.addEventListener('message', ({ data }: MessageEvent) => {
    if ((data as Partial<WorkerEnd>)?.end !== true) return
    worker.terminate()
    location.reload()
  })
  worker.postMessage({ start: face } satisfies WorkerStart)

  void navigator.storage?.persisted?.().then((isKept) => call('setPersistent', isKept))
  const askToKeep = async (): Promise<void> => {
    if (navigator.storage?.persist) await call('setPersistent', await navigator.storage.persist())
  }
  watchHands(() => void call('touch').catch(() => {}))
  const thenKeep = async (done: Promise<void>): Promise<void> => {
    await done
    await askToKeep().catch(() => {})
  }
  const latest = { bufferSize: 1, refCount: true }

  return {
    status$: watch('status').pipe(shareReplay(latest)),
    own$: watch('own').pipe(shareReplay(latest)),
    actor$: watch('actor').pipe(shareReplay(latest)),
    enrol: (ticket) => thenKeep(call('enrol', ticket)),
    enrolDemo: () => thenKeep(call('enrolDemo')),
    demoPeople: () => call('demoPeople'),
    officers: () => call('officers'),
    logon: (policeNumber, pin) => thenKeep(call('logon', policeNumber, pin)),
    unlock: (account, pin) => call('unlock', account, pin),
    lock: () => call('lock'),
    takeOver: () => call('takeOver'),
    watch: (query) => watch('watch', query),
    watchOne: (type, id) => watch('watchOne', type, id),
    commit: (draft) => call('commit', draft),
    dismissRefused: (change) => call('dismissRefused', change),
    saveDraft: (key, text) => call('saveDraft', key, text),
    draft: (key) => call('draft', key),
    addFile: (bytes, media) => call('addFile', bytes, media),
    openFile: (row) => call('openFile', row),
    syncNow: () => call('syncNow'),
    call: <Answer>(method: 'GET' | 'POST', path: string, body?: unknown) =>
      call('call', method, path, body) as Promise<Answer>,
  }
}

/** A worker's module runs later than the page's first calls: they wait until it says that it listens. */
function held(worker: Worker): Port {
  let waiting: unknown[] | null = []
  worker.addEventListener('message', function listen({ data }: MessageEvent) {
    if ((data as { ready?: boolean })?.ready !== true) return
    worker.removeEventListener('message', listen)
    for (const message of waiting ?? []) worker.postMessage(message)
    waiting = null
  })
  return {
    postMessage: (message) => void (waiting ? waiting.push(message) : worker.postMessage(message)),
    addEventListener: (kind, listener) => worker.addEventListener(kind, listener),
    removeEventListener: (kind, listener) => worker.removeEventListener(kind, listener),
  }
}

function watchHands(touch: () => void): void {
  let isQuiet = false
  const note = (): void => {
    if (isQuiet) return
    isQuiet = true
    touch()
    systemTimers.after(touchMs, () => {
      isQuiet = false
    })
  }
  for (const kind of ['pointerdown', 'keydown', 'wheel']) addEventListener(kind, note, { passive: true, capture: true })
}
