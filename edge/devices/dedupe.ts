/** Tells a repeated message from a new one. MQTT delivers at least once, and after a restart a message can come again behind later ones: so the
 *  highest number is not enough, the last few hundred are remembered. Pure; the ingest keeps the state in the transaction that takes the message. */
import { limits } from '#protocols/limits.ts'

export interface SeqState {
  /** Everything up to here has been seen or is too old to tell. */
  readonly floor: number
  /** Numbers above the floor that have been seen, rising, at most limits.deviceSeqWindowMax. */
  readonly recent: readonly number[]
}

/** 'stale': not above the floor and so either a very late repeat or a device that lost its counter. It is not taken, and somebody should look. */
export type SeqVerdict = 'new' | 'repeated' | 'stale'

export const firstSeqState: SeqState = { floor: 0, recent: [] }

export function judgeSeq(state: SeqState, seq: number): SeqVerdict {
  if (state.recent.includes(seq)) return 'repeated'
  return seq > state.floor ? 'new' : 'stale'
}

/** The state after a message that was judged 'new' has been taken. */
export function rememberSeq(state: SeqState, seq: number): SeqState {
  const at = state.recent.findIndex((other) => other > seq)
  const recent = at === -1 ? [...state.recent, seq] : state.recent.toSpliced(at, 0, seq)
  const surplus = recent.length - limits.deviceSeqWindowMax
  if (surplus <= 0) return { floor: state.floor, recent }
  return { floor: recent[surplus - 1] ?? state.floor, recent: recent.slice(surplus) }
}

/** Where the gateway keeps it: `save` is called within the transaction that takes the message. */
export interface SeqStore {
  load(deviceId: string): SeqState | undefined
  save(deviceId: string, state: SeqState): void
}

export interface Dedupe {
  judge(deviceId: string, seq: number): SeqVerdict
  /** Only after 'new', in the same transaction. */
  remember(deviceId: string, seq: number): void
}

export function createDedupe(store: SeqStore): Dedupe {
  const stateOf = (deviceId: string) => store.load(deviceId) ?? firstSeqState
  return {
    judge: (deviceId, seq) => judgeSeq(stateOf(deviceId), seq),
    remember: (deviceId, seq) => store.save(deviceId, rememberSeq(stateOf(deviceId), seq)),
  }
}
