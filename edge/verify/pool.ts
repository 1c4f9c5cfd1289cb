/** Signature checks in worker threads: an Ed25519 check costs more than the rest of an admission. */
import { Worker } from 'node:worker_threads'
import { verify } from '#crypto/sign.ts'

export interface SignatureCheck {
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}
export interface Verifier {
  check(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>
  close(): Promise<void>
}

/** In the calling thread: for tests, the simulator and few signatures. */
export const inlineVerifier: Verifier = {
  check: async (checks) => checks.map((check) => verify('change', check.message, check.signature, check.publicKey)),
  close: async () => {},
}

/** Fewer than this are not worth the way to a thread. */
const worthAThread = 8

/** size: number of threads. onFault: a thread ended by itself; its checks are rejected and a new one takes its place. */
export function createVerifierPool(size: number, onFault: (cause: unknown) => void): Verifier {
  const waiting = new Map<number, { resolve: (results: boolean[]) => void; reject: (cause: unknown) => void; worker: Worker }>()
  let closing = false
  let next = 0
  const spawn = (): Worker => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    worker.on('message', ({ id, results }: { id: number; results: boolean[] }) => {
      waiting.get(id)?.resolve(results)
      waiting.delete(id)
      // A thread keeps the process alive only while somebody waits for it.
      if (![...waiting.values()].some((job) => job.worker === worker)) worker.unref()
    })
    worker.on('error', onFault)
    worker.on('exit', () => {
      for (const [id, job] of waiting)
        if (job.worker === worker) {
          job.reject(new Error('a signature thread ended'))
          waiting.delete(id)
        }
      if (!closing) workers[workers.indexOf(worker)] = spawn()
    })
    worker.unref()
    return worker
  }
  const workers = Array.from({ length: size }, spawn)
  return {
    check(checks) {
      const worker = workers[next % workers.length]
      if (!worker || checks.length < worthAThread) return inlineVerifier.check(checks)
      const id = next++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, worker })
        worker.ref()
        worker.postMessage({ id, checks })
      })
    },
    async close() {
      closing = true
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
