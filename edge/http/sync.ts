/** Push, pull and the manifest. A push answer holds nothing but a signed receipt; a pull answers with what this session's scope holds. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import { decodeCanonical } from '#protocols/cbor.ts'
import { arrayOf, bytesOf } from '#protocols/cbor-read.ts'
import { type Change, decodeChange } from '#protocols/change/change.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { addToSum, emptySum, signManifest } from '#protocols/sync/manifest.ts'
import type { PullAnswer, PullRow } from '#protocols/sync/pull.ts'
import { signReceipt } from '#protocols/sync/receipt.ts'
import { type Face, keysOfActor, trimRecord } from '#protocols/sync/scope.ts'
import type { CheckedChange } from '../commit.ts'
import { officerOf, withSession } from './access.ts'
import { bodyOf } from './body.ts'
import type { Env, HttpParts } from './parts.ts'

const pullRequest = z.strictObject({
  checkpoint: z.strictObject({ epoch: z.string().regex(/^[0-9a-f]{16}$/), seq: z.number().int().min(0) }).nullable(),
  limit: z.number().int().min(1).max(limits.pullRowsMax),
})

export function syncRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { identity, verifier, committer, keys, clock, epoch } = parts

  /** Signatures are checked outside the transaction, with the key of the grant that the change names. */
  const checkAll = async (changes: readonly Change[]): Promise<CheckedChange[]> => {
    const grants = changes.map((change) => (change.header.grant ? identity.grantOf(change.header.grant) : null))
    const results = await verifier.check(
      changes.map((change, index) => ({
        message: change.headerBytes,
        signature: change.signature,
        publicKey: grants[index]?.userKey ?? new Uint8Array(32),
      })),
    )
    return changes.map((change, index) => ({ change, signed: grants[index] !== null && results[index] === true }))
  }

  app.post('/api/sync/push', withSession(parts), async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer())
    const items = arrayOf(decodeCanonical(body, { bytesMax: limits.pushBytesMax }), 'push')
    if (items.length === 0 || items.length > limits.pushChangesMax) throw new Fault('wire/too-large', { count: items.length })
    const changes = items.map((item) => decodeChange(bytesOf(item, 'change')))
    const device = context.get('who').device
    // A session pushes its own device's changes: another one's would need that device's own session.
    if (changes.some((change) => toHex(change.header.device) !== device)) throw new Fault('change/unattributed')
    const rows = await committer.push(await checkAll(changes))
    const receipt = signReceipt(
      { station: keys.station, epoch: fromHex(epoch), timeMs: clock.nowMs(), device: fromHex(device), rows },
      fromHex,
      keys.sign.secretKey,
    )
    return context.body(receipt as Uint8Array<ArrayBuffer>, 200, { 'content-type': 'application/octet-stream' })
  })

  app.post('/api/sync/pull', withSession(parts), async (context) => {
    const request = await bodyOf(context, pullRequest)
    const actor = officerOf(context)
    const { face, device } = context.get('who')
    const scope = keysOfActor(face as Face, actor)
    return context.json(pull(parts, scope, device, request))
  })
}

/** A checkpoint of another epoch starts from the beginning: numbers of a restored gateway mean other rows. */
export function pull(
  parts: Pick<HttpParts, 'store' | 'epoch' | 'clock' | 'keys'>,
  scope: readonly string[],
  device: string,
  request: z.infer<typeof pullRequest>,
): PullAnswer {
  const { store, epoch, clock, keys } = parts
  const from = request.checkpoint?.epoch === epoch ? request.checkpoint.seq : 0
  const head = store.members.headSeq()
  const feed = store.members.feedAfter(scope, from, request.limit + 1)
  const more = feed.length > request.limit
  const rows: PullRow[] = []
  let sizeBytes = 0
  let last = from
  for (const entry of feed.slice(0, request.limit)) {
    const fields = store.members.fieldsFor(scope, entry.record)
    const doc = fields === undefined ? null : store.records.find(entry.record)
    if (doc && fields !== undefined) {
      const trimmed = trimRecord(doc, fields)
      sizeBytes += JSON.stringify(trimmed).length
      rows.push({ seq: entry.seq, dir: 'in', doc: trimmed })
    } else rows.push({ seq: entry.seq, dir: 'out', type: entry.type, id: entry.record })
    last = entry.seq
    if (sizeBytes > limits.pullBytesMax) break
  }
  const cut = more || rows.length < Math.min(feed.length, request.limit)
  const seq = cut ? last : head
  return {
    rows,
    checkpoint: { epoch, seq },
    more: cut,
    manifest: cut ? null : toBase64Url(manifestOf()),
    timeMs: clock.nowMs(),
  }

  function manifestOf(): Uint8Array {
    let sum = emptySum
    for (const row of store.members.versionsOf(scope)) sum = addToSum(sum, row.record, row.version)
    return signManifest(
      { station: toHex(keys.station), epoch, seq, scopeKey: `device:${device}`, timeMs: clock.nowMs(), ...sum },
      keys.sign.secretKey,
    )
  }
}
