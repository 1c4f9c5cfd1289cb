/** Writes to LevelDB in groups: what arrives while one group is being flushed forms the next, so that many devices share one flush. Each promise
 *  resolves when its operations are on disk, and in the order in which they came in: the broker numbers messages before it stores them, and a
 *  client that is shown a higher number never sees the lower one after it. */
import type { ClassicLevel } from 'classic-level'

export type WriteOp =
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: string }

export interface GroupWriter {
  /** isFlushed: wait for the disk, not only for the operating system. Rejects when the group could not be written. */
  write(ops: readonly WriteOp[], isFlushed: boolean): Promise<void>
  /** What a key will hold once everything handed in is written: bytes, null for deleted, undefined for "look on disk". */
  peek(key: string): Buffer | null | undefined
  /** Resolves when everything handed in so far is written. */
  settled(): Promise<void>
}

interface Job {
  readonly ops: readonly WriteOp[]
  readonly isFlushed: boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function createGroupWriter(level: Pick<ClassicLevel<string, Buffer>, 'batch'>): GroupWriter {
  const overlay = new Map<string, { value: Buffer | null }>()
  let waiting: Job[] = []
  let isRunning = false

  const run = async () => {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const ops = group.flatMap((job) => job.ops)
      const shadows = ops.map(({ key }) => [key, overlay.get(key)] as const)
      try {
        await level.batch([...ops], { sync: group.some((job) => job.isFlushed) })
        for (const job of group) job.resolve()
      } catch (error) {
        for (const job of group) job.reject(error)
      }
      for (const [key, shadow] of shadows) if (overlay.get(key) === shadow) overlay.delete(key)
    }
    isRunning = false
  }

  return {
    write(ops, isFlushed) {
      if (ops.length === 0) return Promise.resolve()
      for (const op of ops) overlay.set(op.key, { value: op.type === 'put' ? op.value : null })
      return new Promise((resolve, reject) => {
        waiting.push({ ops, isFlushed, resolve, reject })
        if (!isRunning) void run()
      })
    },
    peek: (key) => overlay.get(key)?.value,
    settled: () => {
      if (!isRunning) return Promise.resolve()
      return new Promise((resolve) => waiting.push({ ops: [], isFlushed: false, resolve, reject: () => resolve() }))
    },
  }
}
