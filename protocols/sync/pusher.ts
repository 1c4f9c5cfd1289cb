/** The pusher as a pure state machine: own changes go up in seq order, from the first one without a verified receipt. No clock, chance, network
 *  or disk: events in, effects out; who runs it performs the effects and reports back. It must never leave a change out, and never take
 *  anything but a receipt for an answer (sync.md, "The device"; a refusal in a receipt is an answer).
 *
 *  | state     | left by                                                        |
 *  |-----------|----------------------------------------------------------------|
 *  | resting   | changed, contact -> loading                                    |
 *  | loading   | loaded: nothing -> resting, else -> sending                    |
 *  | sending   | answered: with a settled row, or asked for older -> settling, else -> waiting |
 *  | settling  | settled -> loading                                             |
 *  | waiting   | waited, contact -> loading                                     |
 *  Any `failed` -> waiting; `stop` -> stopped, for good. */
import { limits } from '../limits.ts'
import type { PushItem } from './push.ts'
import type { Receipt } from './receipt.ts'

/** A change without a verified receipt of this gateway. */
export interface OutgoingChange {
  readonly seq: number
  /** Hex. */
  readonly id: string
  readonly item: PushItem
}

/** The device's change log as the pusher needs it. Twins: IndexedDB on a device, memory in tests and simulation. */
export interface ChangeStore {
  /** Without a receipt of the gateway's present epoch, by rising seq: at most countMax, and bytesMax of items unless the first is larger. */
  unsettled(countMax: number, bytesMax: number): Promise<readonly OutgoingChange[]>
  /** Keeps the outcomes of a verified receipt, durably; repeated ones have no second effect. A receipt of a new epoch makes everything that an
   *  older one settled unsettled again. */
  settle(receipt: Receipt): Promise<void>
  /** The gateway misses everything from this seq on: what was settled is unsettled again. */
  offerAgain(fromSeq: number): Promise<void>
}

export type PusherState =
  | { readonly at: 'resting' | 'stopped' }
  /** isStale: a change was committed since the reading began. askedFrom: the seq that was last offered again on request. */
  | { readonly at: 'loading'; readonly attempt: number; readonly askedFrom: number | null; readonly isStale: boolean }
  | { readonly at: 'settling'; readonly attempt: number; readonly askedFrom: number | null }
  | {
      readonly at: 'sending'
      readonly attempt: number
      readonly askedFrom: number | null
      readonly batch: readonly OutgoingChange[]
    }
  | { readonly at: 'waiting'; readonly attempt: number }

export type PusherEvent =
  /** An own change was committed. */
  | { readonly kind: 'changed' }
  /** The gateway may be in reach: try now. */
  | { readonly kind: 'contact' }
  | { readonly kind: 'loaded'; readonly changes: readonly OutgoingChange[] }
  /** receipt: verified, for this device, of this station. */
  | { readonly kind: 'answered'; readonly receipt: Receipt }
  | { readonly kind: 'settled' | 'failed' | 'waited' | 'stop' }

export type PusherEffect =
  | { readonly run: 'load'; readonly countMax: number; readonly bytesMax: number }
  | { readonly run: 'send'; readonly changes: readonly OutgoingChange[] }
  | { readonly run: 'settle'; readonly receipt: Receipt; readonly offerFrom: number | null }
  /** attempt: from 1, for the back-off. Replaces a wait under way. */
  | { readonly run: 'wait'; readonly attempt: number }
  | { readonly run: 'cancel-wait' }

export type PusherStep = readonly [PusherState, readonly PusherEffect[]]

export const pusherStart: PusherState = { at: 'resting' }

/** Half of what the gateway takes: the list around the items and the gateway's own reading stay within its maximum. */
const bytesMax = limits.pushBytesMax / 2

export function stepPusher(state: PusherState, event: PusherEvent): PusherStep {
  if (state.at === 'stopped') return [state, []]
  if (event.kind === 'stop') return [{ at: 'stopped' }, [{ run: 'cancel-wait' }]]
  switch (state.at) {
    case 'resting':
      return event.kind === 'changed' || event.kind === 'contact' ? load(0, null) : [state, []]
    case 'waiting':
      if (event.kind === 'waited') return load(state.attempt, null)
      if (event.kind !== 'contact') return [state, []]
      return withCancel(load(0, null))
    case 'loading':
      return stepLoading(state, event)
    case 'sending':
      if (event.kind === 'failed') return wait(state.attempt)
      return event.kind === 'answered' ? takeReceipt(state, event.receipt) : [state, []]
    case 'settling':
      if (event.kind === 'failed') return wait(state.attempt)
      return event.kind === 'settled' ? load(state.attempt, state.askedFrom) : [state, []]
  }
}

function stepLoading(state: PusherState & { at: 'loading' }, event: PusherEvent): PusherStep {
  if (event.kind === 'changed') return [{ ...state, isStale: true }, []]
  if (event.kind === 'failed') return wait(state.attempt)
  if (event.kind !== 'loaded') return [state, []]
  const { attempt, askedFrom, isStale } = state
  if (event.changes.length > 0)
    return [{ at: 'sending', attempt, askedFrom, batch: event.changes }, [{ run: 'send', changes: event.changes }]]
  return isStale ? load(attempt, askedFrom) : [{ at: 'resting' }, []]
}

function takeReceipt(state: PusherState & { at: 'sending' }, receipt: Receipt): PusherStep {
  const sent = new Set(state.batch.map((change) => change.id))
  const rows = receipt.rows.filter((row) => sent.has(row.id))
  if (rows.some((row) => row.outcome !== 'waiting'))
    return [{ at: 'settling', attempt: 0, askedFrom: state.askedFrom }, [{ run: 'settle', receipt, offerFrom: null }]]
  // Nothing was taken: the gateway waits for an older change. It is offered once; asked for the same again, we wait.
  const from = rows[0]?.detail['from']
  const isOlder = typeof from === 'number' && from < (state.batch[0]?.seq ?? 0) && from !== state.askedFrom
  if (!isOlder) return wait(state.attempt)
  return [{ at: 'settling', attempt: state.attempt, askedFrom: from }, [{ run: 'settle', receipt, offerFrom: from }]]
}

const load = (attempt: number, askedFrom: number | null): PusherStep => [
  { at: 'loading', attempt, askedFrom, isStale: false },
  [{ run: 'load', countMax: limits.pushChangesMax, bytesMax }],
]

const wait = (attempt: number): PusherStep => [
  { at: 'waiting', attempt: attempt + 1 },
  [{ run: 'wait', attempt: attempt + 1 }],
]

const withCancel = ([state, effects]: PusherStep): PusherStep => [state, [{ run: 'cancel-wait' }, ...effects]]
