/** The only writer. Each change goes through the one rule path; log, record, derived tables, members, feed and outgoing queue are written in
 *  one transaction, grouped with whatever else is waiting; an answer is given only after the commit. It must never have a hook: what a
 *  change sets off elsewhere is a flow. */
import { equalBytes, fromHex, toHex } from '#crypto/bytes.ts'
import { newId, type Random } from '#crypto/random.ts'
import { applyChange, type Facts } from '#protocols/change/apply.ts'
import { type Change, signChange } from '#protocols/change/change.ts'
import { decodeHlc, encodeHlc, hlcZero, tickHlc } from '#protocols/change/clock.ts'
import type { ChangeHeader, ChangeKind } from '#protocols/change/header.ts'
import { isRootOf } from '#protocols/change/payload.ts'
import type { Clock } from '#protocols/clock.ts'
import { assert, type Refusal, refuse } from '#protocols/errors.ts'
import type { Flow, FlowDraft, FlowReads } from '#protocols/flows/flow.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { ReceiptRow } from '#protocols/sync/receipt.ts'
import { membershipsOf } from '#protocols/sync/scope.ts'
import type { Identity } from './identity.ts'
import type { StationKeys } from './keys.ts'
import { onDutyAccounts } from './roster.ts'
import type { Store } from './store/store.ts'

/** How many drafts deep flows may set off flows. */
const flowDepthMax = 8
/** Types from which an actor's rights are made. */
const rightsTypes = new Set(['account', 'post', 'unit'])

export interface CommitParts {
  readonly store: Store
  readonly identity: Identity
  readonly keys: StationKeys
  readonly defs: ReadonlyMap<string, RecordDef>
  readonly flows: readonly Flow[]
  readonly clock: Clock
  readonly random: Random
  /** Runs soon, after other waiting work had a chance to queue: what makes groups. */
  readonly defer: (run: () => void) => void
  /** After the commit: scope keys whose feed moved and records that changed. */
  readonly onCommitted: (keys: ReadonlySet<string>, changed: readonly RecordDoc[]) => void
  /** A draft of a flow that the rules refused: our own mistake, logged, never the officer's problem. */
  readonly onFlowRefused: (draft: FlowDraft, refusal: Refusal) => void
}

/** A pushed change whose signature was checked outside the transaction. */
export interface CheckedChange {
  readonly change: Change
  readonly signed: boolean
}

/** What the gateway does for a device or of itself, decided on what the store holds inside the transaction. */
export type Act = (reads: ActReads) => readonly FlowDraft[] | Refusal
export interface ActReads extends FlowReads {
  newId(): string
  nowMs(): number
  meta(key: string): Uint8Array | null
  setMeta(key: string, value: Uint8Array): void
}
export type ActResult = { readonly ok: true; readonly records: readonly RecordDoc[] } | Refusal

export interface Committer {
  /** Rows in the order of the changes. Throws Fault 'store/…' when nothing was written. */
  push(changes: readonly CheckedChange[]): Promise<readonly ReceiptRow[]>
  /** All drafts or none. via: the device on whose behalf; null for the gateway itself. */
  act(act: Act, via: Actor['via']): Promise<ActResult>
}

interface Job {
  run(): unknown
  resolve(value: unknown): void
  reject(cause: unknown): void
}
class ActRefused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

export function createCommitter(parts: CommitParts): Committer {
  const { store, identity, keys, defs, clock, random } = parts
  const station = toHex(keys.station)
  const toOutgoing = store.database.prepare('insert into outgoing (seq) values (?)')
  let queue: Job[] = []
  let moved = new Set<string>()
  let changed: RecordDoc[] = []

  const transact = (jobs: readonly Job[]): unknown[] => {
    moved = new Set()
    changed = []
    const results = store.transact(() => {
      const values = jobs.map((job) => job.run())
      store.log.saveTree()
      return values
    })
    if (moved.size > 0 || changed.length > 0) parts.onCommitted(moved, changed)
    return results
  }

  const flush = () => {
    const jobs = queue
    queue = []
    try {
      const results = transact(jobs)
      jobs.forEach((job, index) => job.resolve(results[index]))
    } catch (cause) {
      // What was rolled back may have been seen by an actor.
      identity.forgetActors()
      if (jobs.length === 1) return jobs[0]?.reject(cause)
      // One bad job must not take the group with it: each once more, alone.
      for (const job of jobs) {
        try {
          job.resolve(transact([job])[0])
        } catch (own) {
          job.reject(own)
        }
      }
    }
  }

  const enqueue = <T>(run: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      queue.push({ run, resolve: resolve as (value: unknown) => void, reject })
      if (queue.length === 1) parts.defer(flush)
    })

  /** Inside a transaction: decide, log, write, run flows. */
  function take(change: Change, actor: Actor, receivedMs: number, depth: number): Refusal | RecordDoc {
    const { header } = change
    const def = defs.get(header.type)
    const before = store.records.find(toHex(header.record))
    const verdict = def ? rule(def, before, change, actor, receivedMs) : refuse('change/schema-unknown', { schema: header.schema })
    if (!verdict.ok) return verdict
    const after = verdict.record
    const seq = store.log.append({ change, outcome: 'admitted', detail: {}, version: after.version, receivedMs })
    assert(seq === after.seq, 'a record carries the log seq of its last change')
    store.records.put(before, after)
    for (const key of store.members.replace(after, membershipsOf(def as RecordDef, after))) moved.add(key)
    changed.push(after)
    if (rightsTypes.has(after.type)) identity.forgetActors()
    toOutgoing.run(seq)
    runFlows(change, before, after, receivedMs, depth)
    return after
  }

  function rule(def: RecordDef, before: RecordDoc | null, change: Change, actor: Actor, receivedMs: number) {
    const { header } = change
    if (toHex(header.station) !== station) return refuse('change/home-elsewhere', { station: toHex(header.station) })
    if (before && before.type !== header.type) return refuse('change/record-unknown')
    const id = toHex(header.record)
    const facts: Facts = {
      related: Object.fromEntries(
        Object.entries(def.relations ?? {}).map(([type, field]) => [type, before ? store.records.related(type, field, id) : []]),
      ),
      baseSeq: header.base ? store.log.seqOfVersion(toHex(header.base), id) : null,
      admission: { seq: store.log.lastSeq() + 1, receivedMs },
    }
    const outcome = applyChange(before, change, actor, facts, def)
    if (!outcome.ok || before) return outcome
    const number = outcome.record.fields['number']
    const taken = typeof number === 'string' && store.records.list({ type: def.type, where: { number }, before: null, limit: 1 }).length > 0
    return taken ? refuse('change/number-taken', {}) : outcome
  }

  function runFlows(change: Change, before: RecordDoc | null, after: RecordDoc, receivedMs: number, depth: number): void {
    if (depth >= flowDepthMax) return
    for (const flow of parts.flows)
      for (const draft of flow(change, before, after, reads)) {
        const result = takeDraft(draft, null, receivedMs, depth + 1)
        if (isRefusal(result)) parts.onFlowRefused(draft, result)
      }
  }

  /** Signs a draft with the gateway's key, as the next change of its chain, and takes it. */
  function takeDraft(draft: FlowDraft, via: Actor['via'], receivedMs: number, depth: number): Refusal | RecordDoc {
    const def = defs.get(draft.type)
    assert(def, 'a draft names a known type')
    const head = store.log.deviceHead(keys.gatewayDevice)
    const standing = draft.record === null ? null : store.records.find(draft.record)
    const header: Omit<ChangeHeader, 'payloadRoot'> = {
      station: keys.station,
      type: draft.type,
      record: draft.record === null ? newId(random) : fromHex(draft.record),
      kind: draft.kind as ChangeKind,
      device: keys.gatewayDevice,
      officer: null,
      grant: null,
      via: via && { kind: via.kind, device: fromHex(via.device), officer: null },
      seq: (head?.seq ?? 0) + 1,
      prev: head?.id ?? new Uint8Array(32),
      hlc: encodeHlc(tickHlc(head ? decodeHlc(head.hlc) : hlcZero, receivedMs)),
      base: standing ? fromHex(standing.version) : null,
      schema: def.version,
    }
    return take(signChange(header, draft.values, keys.gateway.secretKey, random), identity.gatewayActor(via), receivedMs, depth)
  }

  const reads: ActReads = {
    record: (type, id) => {
      const doc = store.records.find(id)
      return doc?.type === type ? doc : null
    },
    related: (type, field, id) => store.records.related(type, field, id),
    onDuty: () => onDutyAccounts(store, clock.nowMs()),
    randomHex: (count) => toHex(random.bytes(count)),
    newId: () => toHex(newId(random)),
    nowMs: () => clock.nowMs(),
    meta: (key) => store.meta(key),
    setMeta: (key, value) => store.setMeta(key, value),
  }

  /** change/SPEC.md "Admission", steps 2 to 10 but the signature, which was checked outside. */
  function admit({ change, signed }: CheckedChange): ReceiptRow {
    const { header } = change
    const device = toHex(header.device)
    const row = (outcome: ReceiptRow['outcome'], seq = 0, detail: ReceiptRow['detail'] = {}): ReceiptRow => ({ id: toHex(change.id), seq, outcome, detail })
    const known = store.log.find(change.id)
    if (known) return row(known.outcome as ReceiptRow['outcome'], known.seq, known.detail)
    const holder = identity.device(device)
    const grant = header.grant ? identity.grantOf(header.grant) : null
    if (!holder || !grant || !header.officer || toHex(grant.device) !== device || !equalBytes(grant.officer, header.officer))
      return row('change/unattributed')
    if (!signed) return row('change/forged')
    if (!isRootOf(change.slots, header.payloadRoot)) return row('change/payload-forged')
    if (holder.frozen) return row('change/device-frozen')
    const head = store.log.deviceHead(header.device)
    const expected = (head?.seq ?? 0) + 1
    if (header.seq > expected) return row('waiting', 0, { from: expected })
    if (header.seq < expected || !equalBytes(header.prev, head?.id ?? new Uint8Array(32))) return equivocate(change, row)
    const receivedMs = clock.nowMs()
    const actor = identity.actorOf(toHex(header.officer), device)
    const verdict = borderCheck(change, holder.revoked, grant, head?.hlc ?? null, actor) ?? take(change, actor as Actor, receivedMs, 0)
    if (!isRefusal(verdict)) return row('admitted', verdict.seq)
    // It can be attributed and has used its number: it stands whole in the log, with its reason.
    const seq = store.log.append({ change, outcome: verdict.code, detail: verdict.detail, version: null, receivedMs })
    return row(verdict.code, seq, verdict.detail)
  }

  function borderCheck(change: Change, revoked: boolean, grant: { notBeforeMs: number; notAfterMs: number }, lastHlc: Uint8Array | null, actor: Actor | null): Refusal | null {
    const { ms } = decodeHlc(change.header.hlc)
    if (revoked || !actor) return refuse('change/outside-grant', { reason: revoked ? 'revoked' : 'account' })
    if (ms < grant.notBeforeMs || ms > grant.notAfterMs) return refuse('change/outside-grant', { reason: 'time' })
    if (lastHlc && toHex(change.header.hlc) <= toHex(lastHlc)) return refuse('change/outside-grant', { reason: 'clock' })
    return null
  }

  function equivocate(change: Change, row: (outcome: ReceiptRow['outcome']) => ReceiptRow): ReceiptRow {
    store.database
      .prepare('insert or ignore into equivocation (id, device, device_seq, bytes, received_ms) values (?, ?, ?, ?, ?)')
      .run(change.id, change.header.device, change.header.seq, change.headerBytes, clock.nowMs())
    identity.freeze(toHex(change.header.device))
    return row('change/equivocation')
  }

  return {
    push: (changes) => enqueue(() => changes.map(admit)),
    async act(act, via) {
      try {
        const records = await enqueue(() => {
          const drafts = act(reads)
          if (!Array.isArray(drafts)) throw new ActRefused(drafts as Refusal)
          return (drafts as readonly FlowDraft[]).map((draft) => {
            const result = takeDraft(draft, via, clock.nowMs(), 0)
            if (isRefusal(result)) throw new ActRefused(result)
            return result
          })
        })
        return { ok: true, records }
      } catch (cause) {
        if (cause instanceof ActRefused) return cause.refusal
        throw cause
      }
    },
  }
}

const isRefusal = (value: Refusal | RecordDoc): value is Refusal => 'ok' in value && value.ok === false
