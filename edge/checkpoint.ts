/** A signed checkpoint of the log, each minute while it grows. Leaves are read back from the disk and hashed again before it is signed. */
import { createTree } from '#crypto/tree.ts'
import { equalBytes, fromHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import { signLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import type { StationKeys } from './keys.ts'
import type { Store } from './store/store.ts'

export function createCheckpointer(store: Store, keys: StationKeys, epoch: string) {
  const leavesFrom = store.database.prepare('select leaf from log_leaf where seq > ? and seq <= ? order by seq').pluck()
  const put = store.database.prepare('insert or replace into checkpoint (size, time_ms, bytes) values (?, ?, ?)')
  const newest = store.database.prepare('select bytes from checkpoint order by size desc limit 1').pluck()
  // What this process has read back so far; it starts from the first leaf once, at boot.
  const seen = createTree()

  return {
    /** Null when the log has not grown. Throws Fault 'store/corrupt' when the disk does not hold what was written. */
    take(nowMs: number): Uint8Array | null {
      const size = store.log.size()
      if (size === seen.size) return null
      for (const leaf of leavesFrom.all(seen.size, size) as Buffer[]) seen.append(new Uint8Array(leaf))
      if (seen.size !== size || !equalBytes(seen.root(), store.log.root())) throw new Fault('store/corrupt', { at: 'log' })
      const bytes = signLogCheckpoint(
        { station: keys.station, epoch: fromHex(epoch), size, root: seen.root(), timeMs: nowMs, backedUp: 0 },
        keys.sign.secretKey,
      )
      put.run(size, nowMs, bytes)
      return bytes
    },
    newest(): Uint8Array | null {
      const bytes = newest.get() as Buffer | undefined
      return bytes ? new Uint8Array(bytes) : null
    },
  }
}
export type Checkpointer = ReturnType<typeof createCheckpointer>
