/** The broker's memory on disk, in the form that aedes-persistence-level expects of a LevelDB: sealed, flushed before it answers, and bounded.
 *  It must never say "written" before the disk did. When a queue is full, the gateway's refuses (the device keeps the message) and a device's
 *  drops its oldest (an answer nobody waits for any more). */
import type { ClassicLevel } from 'classic-level'
import { gatewayClientId } from '#protocols/device/kinds.ts'
import { topicOf } from '#protocols/device/topics.ts'
import { createGroupWriter, type WriteOp } from './group-writer.ts'
import type { Sealer } from './sealer.ts'

export interface KeyRange {
  readonly gte: string
  readonly lt: string
}

/** The part of abstract-level that aedes-persistence-level 9 calls. */
export interface QueueDb {
  get(key: string): Promise<Buffer | undefined>
  put(key: string, value: Buffer): Promise<void>
  del(key: string): Promise<void>
  clear(range: KeyRange): Promise<void>
  batch(): ChainedBatch
  batch(ops: readonly WriteOp[]): Promise<void>
  values(range: KeyRange): AsyncGenerator<Buffer>
  close(): Promise<void>
}

export interface ChainedBatch {
  del(key: string): ChainedBatch
  write(): Promise<void>
}

export interface QueueStore {
  readonly db: QueueDb
  /** Rises by one with every opening. It orders what was queued before a restart and after it. */
  readonly boot: number
  /** Messages that wait for this client or have not been acknowledged by it. */
  depth(clientId: string): number
  /** Forgets queue, subscriptions, will and presence of a client that is no longer known. */
  forget(clientId: string): Promise<void>
  /** Everybody of whom anything is kept. */
  clientIds(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface QueueStoreOptions {
  readonly level: ClassicLevel<string, Buffer>
  readonly sealer: Sealer
  readonly deviceQueueMax: number
  /** A write failed: nothing after it can be promised, the process has to end. */
  readonly onBroken: (error: unknown) => void
}

const outgoingPrefix = 'outgoing:'
/** Whose loss would lose a message or a right; the rest is only what saves work after a restart. */
const flushedPrefixes = [outgoingPrefix, 'subscriptions:', 'retained:', 'incoming:']

/** level: open. Throws CannotOpen when the folder was sealed with another key. */
export async function openQueueStore({ level, sealer, deviceQueueMax, onBroken }: QueueStoreOptions) {
  const writer = createGroupWriter(level)
  const queues = createQueueIndex()

  const write = async (ops: readonly WriteOp[]) => {
    const isFlushed = ops.some(({ type, key }) => type === 'put' && flushedPrefixes.some((p) => key.startsWith(p)))
    const sealed = ops.map((op) => (op.type === 'put' ? { ...op, value: sealer.seal(op.key, op.value) } : op))
    await writer.write(sealed, isFlushed).catch((error) => {
      onBroken(error)
      throw error
    })
  }
  // Read at once, not through the pool of threads: there, one message's look-up overtakes another's, and with it the message.
  const read = async (key: string): Promise<Buffer | undefined> => {
    const shadow = writer.peek(key)
    const sealed = shadow === undefined ? level.getSync(key) : shadow
    return sealed ? sealer.open(key, sealed) : undefined
  }
  const keysOf = async (range: KeyRange) => {
    await writer.settled()
    return level.keys({ ...range }).all()
  }
  const remove = (ops: readonly WriteOp[]) => {
    for (const { key } of ops) queues.remove(key)
    return write(ops)
  }

  const db: QueueDb = {
    get: read,
    put(key, value) {
      const dropped = queues.add(key, deviceQueueMax)
      return write([{ type: 'put', key, value }, ...dropped.map((key) => ({ type: 'del', key }) as const)])
    },
    del: (key) => remove([{ type: 'del', key }]),
    clear: async (range) => remove((await keysOf(range)).map((key) => ({ type: 'del', key }))),
    batch: ((ops?: readonly WriteOp[]) => (ops ? write(ops) : createChain(remove))) as QueueDb['batch'],
    async *values(range) {
      await writer.settled()
      for await (const [key, sealed] of level.iterator({ ...range })) yield sealer.open(key, sealed)
    },
    close: async () => {
      await writer.settled()
      await level.close()
    },
  }

  for await (const key of level.keys(prefixRange(outgoingPrefix))) queues.add(key, Number.POSITIVE_INFINITY)
  const boot = Number((await read(bootKey))?.toString() ?? 0) + 1
  await writer.write([{ type: 'put', key: bootKey, value: sealer.seal(bootKey, Buffer.from(String(boot))) }], true)

  const store: QueueStore = {
    db,
    boot,
    depth: (clientId) => queues.depth(clientId),
    async forget(clientId) {
      for (const prefix of sessionPrefixes) await db.clear(prefixRange(`${prefix}${clientId}:`))
      await db.del(`will:${clientId}`)
      await db.del(`retained:${topicOf('up/<device>/presence', clientId)}`)
    },
    async clientIds() {
      const ids = new Set<string>()
      for (const prefix of [...sessionPrefixes, 'will:'])
        for (const key of await keysOf(prefixRange(prefix))) ids.add(key.split(':')[1] ?? '')
      return [...ids]
    },
    close: db.close,
  }
  return store
}

const sessionPrefixes = [outgoingPrefix, 'outgoing-id:', 'incoming:', 'subscriptions:']
const bootKey = 'meta:boot'

/** All keys that begin with prefix, which ends with a colon: the next byte after it is the semicolon. */
const prefixRange = (prefix: string): KeyRange => ({ gte: prefix, lt: `${prefix.slice(0, -1)};` })

function createChain(remove: (ops: readonly WriteOp[]) => Promise<void>): ChainedBatch {
  const ops: WriteOp[] = []
  const chain: ChainedBatch = {
    del(key) {
      ops.push({ type: 'del', key })
      return chain
    },
    write: () => remove(ops),
  }
  return chain
}

/** Which messages wait for whom, oldest first, by their keys alone: 'outgoing:<client>:<broker>:<counter>'. */
function createQueueIndex() {
  const keysByClient = new Map<string, Set<string>>()
  const clientOf = (key: string) => (key.startsWith(outgoingPrefix) ? key.split(':')[1] : undefined)
  return {
    depth: (clientId: string) => keysByClient.get(clientId)?.size ?? 0,
    /** Returns the keys that have to go for it. */
    add(key: string, deviceQueueMax: number): string[] {
      const clientId = clientOf(key)
      if (clientId === undefined) return []
      const keys = keysByClient.get(clientId) ?? new Set()
      keysByClient.set(clientId, keys.add(key))
      if (clientId === gatewayClientId || keys.size <= deviceQueueMax) return []
      const dropped = [...keys].slice(0, keys.size - deviceQueueMax)
      for (const old of dropped) keys.delete(old)
      return dropped
    },
    remove(key: string) {
      const clientId = clientOf(key)
      if (clientId !== undefined) keysByClient.get(clientId)?.delete(key)
    },
  }
}
