/** The gateway of a simulated world: the edge's own store, commit, identity and sync routes over a database in memory. */
import { Hono } from 'hono'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { type ErrorCode, Fault } from '#protocols/errors.ts'
import type { PullAnswer, PullRequest } from '#protocols/sync/pull.ts'
import { decodePush, openItem } from '#protocols/sync/push.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import { keysOfActor } from '#protocols/sync/scope.ts'
import type { Env, HttpParts } from '../../edge/http/parts.ts'
import { createSessions } from '../../edge/http/sessions.ts'
import { pull, syncRoutes } from '../../edge/http/sync.ts'
import { inlineVerifier } from '../../edge/verify/pool.ts'
import { addStaff, createGatewayCore, createTestDevice } from '../fixtures/gateway-core.ts'

export type Enrolled = ReturnType<typeof createTestDevice>

export async function createSimGateway(seed: string, startMs: number, nowMs: () => number) {
  const core = createGatewayCore({ seed, startMs })
  const epoch = toHex(core.random.bytes(8))
  const station = toHex(core.keys.station)
  const sessions = createSessions(core.store, core.clock, core.random)
  const parts = { ...core, verifier: inlineVerifier, epoch, sessions } as unknown as HttpParts
  const app = new Hono<Env>()
  app.onError((cause, context) => {
    if (!(cause instanceof Fault)) throw cause
    return context.json({ code: cause.code, detail: cause.detail }, 400)
  })
  syncRoutes(app, parts)
  const staff = await addStaff(core, ['officer', 'unit-leader', 'administrator'])

  const headersOf = (device: Enrolled, account: string) => {
    const token = sessions.open({ face: 'handheld', device: device.device, account }, device.grant.hash)
    return { 'x-outpost-face': 'handheld', cookie: `__Host-handheld=${token}` }
  }
  async function ask(path: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
    core.clock.ms = nowMs()
    const response = await app.request(path, { method: 'POST', body: body as BodyInit, headers })
    if (response.ok) return response
    const { code, detail } = (await response.json()) as { code: ErrorCode; detail: Record<string, string> }
    throw new Fault(code, detail)
  }

  return {
    core,
    epoch,
    station,
    staff,
    enrol: (account: string): Enrolled => createTestDevice(core, account),
    /** A session is made anew for each request: how sessions end is no matter of this world. */
    async push(device: Enrolled, account: string, body: Uint8Array): Promise<Uint8Array> {
      const plain = encodeCanonical(decodePush(body).map((item) => openItem(item, core.keys.box)))
      const response = await ask('/api/sync/push', plain, headersOf(device, account))
      return new Uint8Array(await response.arrayBuffer())
    },
    async pull(device: Enrolled, account: string, request: PullRequest): Promise<PullAnswer> {
      const headers = { ...headersOf(device, account), 'content-type': 'application/json' }
      return (await (await ask('/api/sync/pull', JSON.stringify(request), headers)).json()) as PullAnswer
    },
    /** What a fresh replica of this device would hold now. */
    projection(device: Enrolled, account: string) {
      const actor = core.identity.actorOf(account, device.device)
      const scope = actor ? keysOfActor('handheld', actor) : []
      const docs = []
      for (let checkpoint: PullAnswer['checkpoint'] | null = null; ; ) {
        const answer: PullAnswer = pull(parts, scope, device.device, { checkpoint, limit: 1000 })
        for (const row of answer.rows) if (row.dir === 'in') docs.push(row.doc)
        if (!answer.more) return docs
        checkpoint = answer.checkpoint
      }
    },
    /** Log entries of a device, in log order. */
    entriesOf(device: Enrolled) {
      return core.store.log.after(0, 1_000_000).filter((entry) => toHex(entry.change.header.device) === device.device)
    },
    isFrozen: (device: Enrolled): boolean => core.identity.device(device.device)?.frozen ?? false,
    close: () => core.close(),
    stationSignKey: core.keys.sign.publicKey,
    stationBoxKey: core.keys.box.publicKey,
    stationId: fromHex(station),
  }
}
export type SimGateway = Awaited<ReturnType<typeof createSimGateway>>
