/** From a draft to a signed change on disk: header, signature, the one rule path provisionally, then one commit of sealed change, readable copy and
 *  chain head. A draft that the rules refuse writes nothing and uses no number. It must never let a byte out: pushing comes after
 *  (security.md, 5). */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { newId, type Random } from '#crypto/random.ts'
import { applyChange, type Facts } from '#protocols/change/apply.ts'
import { type Change, encodeChange, signChange } from '#protocols/change/change.ts'
import { encodeHlc, type Hlc, hlcZero, laterHlc, tickHlc } from '#protocols/change/clock.ts'
import type { ChangeKind } from '#protocols/change/header.ts'
import { type Refusal, refuse } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { isId } from '#protocols/record/value.ts'
import type { CommitResult, Draft } from './api.ts'
import type { InTurn } from './turns.ts'

/** Where the device's chain ends. */
export interface ChainHead {
  /** 0 before the first change. */
  readonly seq: number
  /** Id of the last change; 32 zero bytes before the first. */
  readonly id: Uint8Array
  readonly hlc: Hlc
}
export const emptyHead: ChainHead = { seq: 0, id: new Uint8Array(32), hlc: hlcZero }

/** A record as this device knows it: as admitted, and with own changes on top. */
export interface HeldRecord {
  readonly admitted: RecordDoc | null
  readonly shown: RecordDoc | null
}

export interface CommitStore {
  /** Commits, pulls and receipts take turns, so that what a commit read still stands when it writes. */
  readonly inTurn: InTurn
  head(): ChainHead
  held(type: string, record: string): Promise<HeldRecord>
  /** Records of `type` whose field points to `record`, own changes on top. */
  related(type: string, field: string, record: string): Promise<readonly RecordDoc[]>
  /** One commit, durable when it resolves; the head follows. Throws Fault 'store/…' with nothing written. */
  append(change: Change, bytes: Uint8Array): Promise<void>
}

/** Whose changes they are: the officer's key under the grant that stands now. */
export interface Signer {
  readonly station: Uint8Array
  readonly device: Uint8Array
  readonly officer: Uint8Array
  readonly grant: { readonly hash: Uint8Array; readonly notBeforeMs: number; readonly notAfterMs: number }
  /** U, 64 bytes. */
  readonly secretKey: Uint8Array
}

export interface CommitterOptions {
  readonly store: CommitStore
  readonly defs: ReadonlyMap<string, RecordDef>
  /** Asked at each commit: a grant may have been renewed. */
  readonly signer: () => Signer
  readonly actor: () => Promise<Actor>
  /** Device time corrected by the last signed edge offset, ms. */
  readonly nowMs: () => number
  readonly random: Random
}

export interface Committer {
  /** Resolves after the change is on disk, or with the refusal and nothing written. Rejects with Fault 'store/…'. */
  commit(draft: Draft): Promise<CommitResult>
}

export function createCommitter(options: CommitterOptions): Committer {
  const { store, defs, random } = options

  async function commit(draft: Draft): Promise<CommitResult> {
    const def = defs.get(draft.type)
    if (!def) return refuse('change/schema-unknown', { type: draft.type })
    if (draft.record === null ? draft.kind !== 'create' : !isId(draft.record)) return refuse('change/record-unknown')
    const record = draft.record ?? toHex(newId(random))
    const signer = options.signer()
    const { admitted, shown } = await store.held(draft.type, record)
    const hlc = nextHlc(store.head().hlc, shown, draft, Math.max(options.nowMs(), signer.grant.notBeforeMs))
    if (hlc.ms > signer.grant.notAfterMs) return refuse('identity/expired')
    const change = sign(def, { ...draft, record }, admitted, hlc, signer)
    const bytes = encodeChange(change)
    if (bytes.length > limits.changeBytesMax) return refuse('wire/too-large', { sizeBytes: bytes.length })
    const refusal = await judge(def, change, { admitted, shown })
    if (refusal) return refusal
    await store.append(change, bytes)
    return { ok: true, record, change: toHex(change.id) }
  }

  function sign(
    def: RecordDef,
    draft: Draft & { record: string },
    admitted: RecordDoc | null,
    hlc: Hlc,
    signer: Signer,
  ): Change {
    const head = store.head()
    const header = {
      station: signer.station,
      type: draft.type,
      record: fromHex(draft.record),
      kind: draft.kind as ChangeKind,
      device: signer.device,
      officer: signer.officer,
      grant: signer.grant.hash,
      via: null,
      seq: head.seq + 1,
      prev: head.id,
      hlc: encodeHlc(hlc),
      base: admitted ? fromHex(admitted.version) : null,
      schema: def.version,
    }
    return signChange(header, draft.values, signer.secretKey, random)
  }

  async function judge(def: RecordDef, change: Change, { admitted, shown }: HeldRecord): Promise<Refusal | null> {
    const id = toHex(change.header.record)
    const related: Record<string, readonly RecordDoc[]> = {}
    for (const [type, field] of Object.entries(def.relations ?? {}))
      related[type] = await store.related(type, field, id)
    const facts: Facts = { related, baseSeq: admitted?.seq ?? null, admission: null }
    const outcome = applyChange(shown, change, await options.actor(), facts, def)
    return outcome.ok ? null : outcome
  }

  return { commit: (draft) => store.inTurn(() => commit(draft)) }
}

/** After everything this device wrote, and after the writes it can see in the fields that it writes now: else a device with a slow clock would lose
 *  to a value that it had read. The order key of a foreign write is capped at its receipt (change/clock.ts), so this poisons no clock. */
function nextHlc(last: Hlc, shown: RecordDoc | null, draft: Draft, nowMs: number): Hlc {
  let seen = last
  for (const field of Object.keys(draft.values)) {
    const order = shown?.meta[field]?.order
    if (order === undefined) continue
    seen = laterHlc(seen, {
      ms: Number.parseInt(order.slice(0, 12), 16),
      counter: Number.parseInt(order.slice(12), 16),
    })
  }
  return tickHlc(seen, nowMs)
}
