/** Checks signatures off the main thread. A worker's composition root. */
import { parentPort } from 'node:worker_threads'
import { ready } from '#crypto/sodium'
import { verify } from '#crypto/sign.ts'
import type { SignatureCheck } from './pool.ts'

await ready
parentPort?.on('message', ({ id, checks }: { id: number; checks: SignatureCheck[] }) => {
  parentPort?.postMessage({
    id,
    results: checks.map((check) => verify('change', check.message, check.signature, check.publicKey)),
  })
})
