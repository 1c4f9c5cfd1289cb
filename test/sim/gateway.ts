/** The gateway of a simulated world: the edge's own store, commit, identity and sync routes over a database file. It can be lost and come back from
 *  a backup, under a new epoch. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { toHex } from '#crypto/bytes.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import { type ErrorCode, Fault } from '#protocols/errors.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { PullAnswer, PullRequest } from '#protocols/sync/pull.ts'
import { decodePush, openItem } from '#protocols/sync/push.ts'
import { keysOfActor } from '#protocols/sync/scope.ts'
import type { Env, HttpParts } from '../../edge/http/parts.ts'
import { createSessions } from '../../edge/http/sessions.ts'
import { pull, syncRoutes } from '../../edge/http/sync.ts'
import { inlineVerifier } from '../../edge/verify/pool.ts'
import { addStaff, createGatewayCore, createTestDevice } from '../fixtures/gateway-core.ts'

export type Enrolled = ReturnType<typeof createTestDevice>

/** A gateway from its start to its end. */
function open(seed: string, startMs: number, path: string, life: number) {
  const core = createGatewayCore({ seed, startMs, path })
  // The seed makes the same keys in each life; what it makes after them must not be made again.
  core.random.bytes(life * 100_000)
  const epoch = toHex(core.random.bytes(8))
  const sessions = createSessions(core.store, core.clock, core.random)
  const parts = { ...core, verifier: inlineVerifier, epoch, sessions } as unknown as HttpParts
  const app = new Hono<Env>()
  app.onError((cause, context) => {
    if (!(cause instanceof Fault)) throw cause
    return context.json({ code: cause.code, detail: cause.detail }, 400)
  })
  syncRoutes(app, parts)
  return { core, epoch, sessions, parts, app }
}

/** isOnDisk: what a backup needs; memory is faster. */
export async function createSimGateway(seed: string, startMs: number, nowMs: () => number, isOnDisk: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-sim-'))
  const backup = join(folder, 'backup.db')
  let lives = 0
  let hasBackup = false
  const pathOf = (life: number): string => (isOnDisk ? join(folder, `life-${life}.db`) : ':memory:')
  let now = open(seed, startMs, pathOf(0), 0)
  const staff = await addStaff(now.core, ['officer', 'unit-leader', 'administrator'])
  const stationKeys = now.core.keys

  const headersOf = (device: Enrolled, account: string) => {
    const token = now.sessions.open({ face: 'handheld', device: device.device, account }, device.grant.hash)
    return { 'x-outpost-face': 'handheld', cookie: `__Host-handheld=${token}` }
  }
  async function ask(path: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
    now.core.clock.ms = nowMs()
    const response = await now.app.request(path, { method: 'POST', body: body as BodyInit, headers })
    if (response.ok) return response
    const { code, detail } = (await response.json()) as { code: ErrorCode; detail: Record<string, string> }
    throw new Fault(code, detail)
  }

  return {
    staff,
    station: toHex(stationKeys.station),
    stationId: stationKeys.station,
    stationSignKey: stationKeys.sign.publicKey,
    stationBoxKey: stationKeys.box.publicKey,
    committedCount: () => lives * 1_000_000 + now.core.committed.length,
    headSeq: () => now.core.store.members.headSeq(),
    epoch: () => now.epoch,
    randomHex: (bytes: number) => toHex(now.core.random.bytes(bytes)),
    enrol: (account: string): Enrolled => createTestDevice(now.core, account),
    /** A session is made anew for each request: how sessions end is no matter of this world. */
    async push(device: Enrolled, account: string, body: Uint8Array): Promise<Uint8Array> {
      const plain = encodeCanonical(decodePush(body).map((item) => openItem(item, stationKeys.box)))
      const response = await ask('/api/sync/push', plain, headersOf(device, account))
      return new Uint8Array(await response.arrayBuffer())
    },
    async pull(device: Enrolled, account: string, request: PullRequest): Promise<PullAnswer> {
      const headers = { ...headersOf(device, account), 'content-type': 'application/json' }
      return (await (await ask('/api/sync/pull', JSON.stringify(request), headers)).json()) as PullAnswer
    },
    backUp(): void {
      now.core.store.database.pragma('wal_checkpoint(TRUNCATE)')
      copyFileSync(pathOf(lives), backup)
      hasBackup = true
    },
    hasBackup: () => hasBackup,
    restores: () => lives,
    /** Everything since the backup is gone, and the numbers begin anew. */
    restore(): void {
      now.core.close()
      lives++
      copyFileSync(backup, pathOf(lives))
      now = open(seed, startMs, pathOf(lives), lives)
      now.core.clock.ms = nowMs()
    },
    /** What a fresh replica of this device would hold now. */
    projection(device: Enrolled, account: string): RecordDoc[] {
      const actor = now.core.identity.actorOf(account, device.device)
      const scope = actor ? keysOfActor('handheld', actor) : []
      const docs: RecordDoc[] = []
      for (let checkpoint: PullAnswer['checkpoint'] | null = null; ; ) {
        const answer: PullAnswer = pull(now.parts, scope, device.device, { checkpoint, limit: 1000 })
        for (const row of answer.rows) if (row.dir === 'in') docs.push(row.doc)
        if (!answer.more) return docs
        checkpoint = answer.checkpoint
      }
    },
    /** Log entries of a device, in log order. */
    entriesOf: (device: Enrolled) =>
      now.core.store.log.after(0, 1_000_000).filter((entry) => toHex(entry.change.header.device) === device.device),
    isFrozen: (device: Enrolled): boolean => now.core.identity.device(device.device)?.frozen ?? false,
    actorOf: (device: Enrolled, account: string) => now.core.identity.actorOf(account, device.device),
    close(): void {
      now.core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type SimGateway = Awaited<ReturnType<typeof createSimGateway>>
