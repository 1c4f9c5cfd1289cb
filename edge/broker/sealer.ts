/** Seals what the broker keeps on disk: a swipe that waits for the gateway names a person. The key of the entry is bound in, so that entries cannot
 *  change places. */
import { concat, utf8 } from '#crypto/bytes.ts'
import { lock, unlock } from '#crypto/lock.ts'
import type { Random } from '#crypto/random.ts'

export interface Sealer {
  seal(entryKey: string, plain: Uint8Array): Buffer
  /** Throws CannotOpen. */
  open(entryKey: string, sealed: Uint8Array): Buffer
}

/** key32: of this queue and of nothing else. Needs libsodium to be ready. */
export function createSealer(key32: Uint8Array, random: Random): Sealer {
  const boundTo = (entryKey: string) => concat(utf8('mqtt-queue/'), utf8(entryKey))
  return {
    seal: (entryKey, plain) => toBuffer(lock('row', key32, plain, boundTo(entryKey), random)),
    open: (entryKey, sealed) => toBuffer(unlock('row', key32, sealed, boundTo(entryKey))),
  }
}

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
