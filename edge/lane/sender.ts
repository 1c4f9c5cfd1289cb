/** Takes the outgoing queue across: fields by their reach, keys that the receiver needs, the newest checkpoint; sealed, signed, numbered. A place
 *  (epoch, seq) is committed together with the bundle that stands at it, before that bundle leaves; what a carrier did not take is offered again. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { consistencyProof } from '#crypto/tree.ts'
import type { Carrier } from '#protocols/carrier.ts'
import type { Clock } from '#protocols/clock.ts'
import { niceness } from '#protocols/lane/bundle.ts'
import type { Compressor } from '#protocols/lane/compressor.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import { beginEpoch, nextPlace, type Place, type SenderHead } from '#protocols/lane/place.ts'
import type { ReleasePolicy } from '#protocols/lane/policy.ts'
import { releaseSlots, withheldOf } from '#protocols/lane/release.ts'
import { sealBundle } from '#protocols/lane/seal.ts'
import { limits } from '#protocols/limits.ts'
import { openLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import type { Identity } from '../identity.ts'
import type { StationKeys } from '../keys.ts'
import type { Log } from '../shell/log.ts'
import type { LogEntry } from '../store/log.ts'
import type { Store } from '../store/store.ts'

export interface SenderParts {
  readonly store: Store
  readonly identity: Identity
  readonly keys: StationKeys
  readonly policy: ReleasePolicy
  readonly recipient: { readonly id: Uint8Array; readonly boxKey: Uint8Array }
  readonly carrier: Carrier
  readonly compressor: Compressor
  readonly newestCheckpoint: () => Uint8Array | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

interface SenderState {
  readonly counter: number
  readonly head: { readonly epoch: string; readonly seq: number; readonly hash: string } | null
  /** Size of the log in the last checkpoint that went along. */
  readonly checkpointSize: number
}

const keepMs = 30 * 24 * 3600 * 1000
const changesMax = 2000
const freshState: SenderState = { counter: 0, head: null, checkpointSize: 0 }

export function createLaneSender(parts: SenderParts) {
  const { store, keys, clock } = parts
  const lane = toHex(keys.laneNumber)
  const { database } = store
  const loadState = database.prepare('select value from lane_state where lane = ?').pluck()
  const saveState = database.prepare('insert or replace into lane_state (lane, value) values (?, ?)')
  const waiting = database.prepare('select seq from outgoing order by seq limit ?').pluck()
  const done = database.prepare('delete from outgoing where seq = ?')
  const keep = database.prepare('insert into bundle_sent (lane, epoch, seq, hash, bytes, niceness, expires_ms) values (?, ?, ?, ?, ?, ?, ?)')
  const toOffer = database.prepare('select rowid, bytes, niceness, seq from bundle_sent where lane = ? and offered = 0 order by rowid')
  const offered = database.prepare('update bundle_sent set offered = 1 where rowid = ?')
  const expired = database.prepare('delete from bundle_sent where expires_ms < ? and offered = 1')
  const keyKnown = database.prepare('select 1 from key_sent where lane = ? and key = ?').pluck()
  const keySent = database.prepare('insert or ignore into key_sent (lane, key) values (?, ?)')
  let running: Promise<void> | null = null

  const stateOf = (): SenderState => {
    const value = loadState.get(lane) as string | undefined
    return value === undefined ? freshState : (JSON.parse(value) as SenderState)
  }
  const headOf = (state: SenderState): SenderHead | null =>
    state.head && { epoch: fromHex(state.head.epoch), seq: state.head.seq, bundleHash: fromHex(state.head.hash) }

  function seal(place: Place, entries: readonly Entry[], policy: ReleasePolicy | null, state: SenderState): void {
    const now = clock.nowMs()
    const bundle = sealBundle({
      lane: { laneNumber: keys.laneNumber, sender: keys.station, recipient: parts.recipient.id },
      senderKey: keys.lane,
      recipientPublicKey: parts.recipient.boxKey,
      place,
      niceness: niceness.normal,
      createdMs: now,
      expiresMs: now + keepMs,
      entries,
      policy,
      compressor: parts.compressor,
      random: parts.random,
    })
    const hash = toHex(bundle.bundleHash)
    keep.run(lane, toHex(place.epoch), place.seq, hash, bundle.bytes, niceness.normal, now + keepMs)
    saveState.run(lane, JSON.stringify({ ...state, head: { epoch: toHex(place.epoch), seq: place.seq, hash } }))
  }

  /** Seals one bundle; false when there is nothing to send. */
  function sealNext(): boolean {
    return store.transact(() => {
      const state = stateOf()
      if (!state.head) {
        const counter = state.counter + 1
        const { place, entry } = beginEpoch(counter, null, 'first-use', parts.random)
        seal(place, [entry], null, { ...state, counter })
        return true
      }
      const seqs = waiting.all(changesMax) as number[]
      if (seqs.length === 0) return false
      const changes = takeChanges(seqs)
      const checkpoint = checkpointEntry(state.checkpointSize)
      const keyEntries = changes.flatMap(({ entry }) => keysFor(entry))
      const entries: Entry[] = [...changes.map(({ entry }) => entry), ...keyEntries]
      if (checkpoint) entries.push(checkpoint.entry)
      entries.push(withheldOf(entries))
      seal(nextPlace(headOf(state) as SenderHead), entries, parts.policy, {
        ...state,
        checkpointSize: checkpoint?.size ?? state.checkpointSize,
      })
      for (const { seq } of changes) done.run(seq)
      return true
    })
  }

  /** As many as one bundle should hold. */
  function takeChanges(seqs: readonly number[]): { seq: number; entry: ChangeEntry }[] {
    const taken: { seq: number; entry: ChangeEntry }[] = []
    let sizeBytes = 0
    for (const seq of seqs) {
      const logged = store.log.after(seq - 1, 1)[0]
      if (!logged) continue
      const entry = changeEntry(logged)
      sizeBytes += logged.change.headerBytes.length + 200 * logged.change.slots.size
      taken.push({ seq, entry })
      if (sizeBytes > limits.bundleCloseBytes) break
    }
    return taken
  }

  function changeEntry(logged: LogEntry): ChangeEntry {
    const { change } = logged
    const { slots, reasons } = releaseSlots(change.header.type, change.slots, parts.policy)
    return {
      kind: 1,
      headerBytes: change.headerBytes,
      header: change.header,
      signature: change.signature,
      slots,
      reasons,
      logSeq: logged.seq,
      outcome: logged.outcome,
      receivedMs: logged.receivedMs,
    }
  }

  /** The certificate of the device and the grant of the officer, once each. */
  function keysFor(entry: ChangeEntry): Entry[] {
    const entries: Entry[] = []
    const add = (name: string, what: 'certificate' | 'grant', bytes: Uint8Array | undefined) => {
      if (!bytes || keyKnown.get(lane, name)) return
      keySent.run(lane, name)
      entries.push({ kind: 6, what, bytes })
    }
    const device = toHex(entry.header.device)
    add(`device ${device}`, 'certificate', parts.identity.device(device)?.certificate)
    const { grant } = entry.header
    if (grant) add(`grant ${toHex(grant)}`, 'grant', parts.identity.grantOf(grant)?.bytes)
    return entries
  }

  function checkpointEntry(lastSize: number): { entry: Entry; size: number } | null {
    const bytes = parts.newestCheckpoint()
    if (!bytes) return null
    const { size } = openLogCheckpoint(bytes, keys.sign.publicKey)
    if (size <= lastSize) return null
    const leaves = store.log.leaves().slice(0, size)
    const proof = lastSize === 0 ? [] : consistencyProof(leaves, lastSize, size)
    return { entry: { kind: 10, bytes, station: keys.station, proof }, size }
  }

  async function offerAll(): Promise<void> {
    for (const row of toOffer.all(lane) as { rowid: number; bytes: Buffer; niceness: number; seq: number }[]) {
      const verdict = await parts.carrier.offer({ bytes: new Uint8Array(row.bytes) }, row.niceness)
      if (verdict === 'busy') return
      offered.run(row.rowid)
      parts.log.info('lane/bundle-handed-over', { lane, seq: row.seq, sizeBytes: row.bytes.length })
    }
    expired.run(clock.nowMs())
  }

  return {
    /** Seals what waits and offers what was not taken. A second call while one runs waits for that one. */
    run(): Promise<void> {
      running ??= (async () => {
        try {
          while (sealNext()) {}
          await offerAll()
        } finally {
          running = null
        }
      })()
      return running
    },
    /** For the desk and the operations page. */
    state: () => ({ ...stateOf(), waiting: (waiting.all(changesMax) as number[]).length, unoffered: toOffer.all(lane).length }),
  }
}
export type LaneSender = ReturnType<typeof createLaneSender>
