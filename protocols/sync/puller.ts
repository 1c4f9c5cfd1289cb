/** The puller as a pure state machine: rows of the scope feed come down in pages, each page with its checkpoint in one commit, until the end, where
 *  the station's signed manifest says what this replica should hold. No clock, chance, network or disk: events in, effects out. It must never
 *  move the checkpoint without the rows, and never touch an own change (sync.md, "Feed, checkpoint, manifest").
 *
 *  | state    | left by                                                                     |
 *  |----------|-----------------------------------------------------------------------------|
 *  | resting  | poke, contact -> starting                                                   |
 *  | starting | started -> pulling; after a crash in a sweep once more from the beginning    |
 *  | pulling  | answered: of another epoch -> starting over, else -> applying                |
 *  | applying | applied: more -> pulling; the end -> proof: equal, or starting over (once), or incomplete |
 *  | waiting  | waited, contact -> starting                                                 |
 *  Any `failed` -> waiting; `stop` -> stopped, for good. */
import { limits } from '../limits.ts'
import type { Manifest, ScopeSum } from './manifest.ts'
import type { Checkpoint, PullAnswer, PullRequest, PullRow } from './pull.ts'

/** The replica as the puller needs it. Twins: the officer's database on a device, memory in tests and simulation. */
export interface ReplicaStore {
  /** What a run goes on from. isSweeping: a starting over was not finished. */
  start(): Promise<{ readonly checkpoint: Checkpoint | null; readonly isSweeping: boolean }>
  /** Back to no checkpoint, durably; the records stay until the sweep at the end. */
  startOver(): Promise<void>
  /** Rows, checkpoint and sum in one commit. keepOnly: drop every record that is not in it, and the sweep is over. isEnd: nothing follows now.
   *  A checkpoint of a new epoch makes settled changes unsettled (ChangeStore). Returns the sum after it. */
  apply(page: PulledPage): Promise<ScopeSum>
}

export interface PulledPage {
  readonly rows: readonly PullRow[]
  readonly checkpoint: Checkpoint
  readonly keepOnly: ReadonlySet<string> | null
  readonly isEnd: boolean
}

/** What goes along through a run. seen: ids that came since the start over, or null when nothing is swept. */
interface Run {
  readonly attempt: number
  readonly checkpoint: Checkpoint | null
  readonly seen: Set<string> | null
  readonly pulled: number
  /** Poked meanwhile: go on after the end. */
  readonly again: boolean
  /** Whether a wrong sum may still start this replica over; allowed anew by contact and by a sum that agrees. */
  readonly mayRepair: boolean
}

export type PullerState =
  | { readonly at: 'stopped' }
  | { readonly at: 'resting'; readonly mayRepair: boolean }
  | { readonly at: 'waiting'; readonly attempt: number; readonly mayRepair: boolean }
  | (Run & { readonly at: 'starting'; readonly fromScratch: boolean })
  | (Run & { readonly at: 'pulling' })
  | (Run & { readonly at: 'applying'; readonly answer: PullAnswer; readonly manifest: Manifest | null })

export type PullerEvent =
  /** Something in the scope changed, or it is time to look. */
  | { readonly kind: 'poke' }
  | { readonly kind: 'contact' }
  | { readonly kind: 'started'; readonly checkpoint: Checkpoint | null; readonly isSweeping: boolean }
  /** manifest: that of the answer, verified, for this device. */
  | { readonly kind: 'answered'; readonly answer: PullAnswer; readonly manifest: Manifest | null }
  | { readonly kind: 'applied'; readonly sum: ScopeSum }
  | { readonly kind: 'failed' | 'waited' | 'stop' }

export type PullerEffect =
  /** Report `started`; fromScratch: after startOver(). */
  | { readonly run: 'start'; readonly fromScratch: boolean }
  | { readonly run: 'pull'; readonly request: PullRequest }
  | { readonly run: 'apply'; readonly page: PulledPage; readonly pulled: number }
  /** have, of: records here, records that should be. isProved: the signed count and sum agree. */
  | {
      readonly run: 'report'
      readonly isProved: boolean
      readonly have: number
      readonly of: number
      readonly atMs: number
    }
  /** The sum was wrong: everything is pulled once more. */
  | { readonly run: 'repair' }
  | { readonly run: 'wait'; readonly attempt: number }
  | { readonly run: 'cancel-wait' }

export type PullerStep = readonly [PullerState, readonly PullerEffect[]]

export const pullerStart: PullerState = { at: 'resting', mayRepair: true }

export function stepPuller(state: PullerState, event: PullerEvent): PullerStep {
  if (state.at === 'stopped') return [state, []]
  if (event.kind === 'stop') return [{ at: 'stopped' }, [{ run: 'cancel-wait' }]]
  if (state.at === 'resting') return stepResting(state, event)
  if (state.at === 'waiting') return stepWaiting(state, event)
  if (event.kind === 'poke') return [{ ...state, again: true }, []]
  if (event.kind === 'contact') return [{ ...state, again: true, mayRepair: true }, []]
  if (event.kind === 'failed') return failed(state)
  if (state.at === 'starting' && event.kind === 'started') return started(state, event)
  if (state.at === 'pulling' && event.kind === 'answered') return answered(state, event.answer, event.manifest)
  if (state.at === 'applying' && event.kind === 'applied') return applied(state, event.sum)
  return [state, []]
}

function stepResting(state: PullerState & { at: 'resting' }, event: PullerEvent): PullerStep {
  if (event.kind === 'poke') return start(0, state.mayRepair)
  return event.kind === 'contact' ? start(0, true) : [state, []]
}

function stepWaiting(state: PullerState & { at: 'waiting' }, event: PullerEvent): PullerStep {
  if (event.kind === 'waited') return start(state.attempt, state.mayRepair)
  if (event.kind !== 'contact') return [state, []]
  const [next, effects] = start(0, true)
  return [next, [{ run: 'cancel-wait' }, ...effects]]
}

function failed(state: PullerState & Run): PullerStep {
  // A starting over that did not come about leaves the repair to be made.
  const mayRepair = state.mayRepair || (state.at === 'starting' && state.fromScratch)
  const attempt = state.attempt + 1
  return [{ at: 'waiting', attempt, mayRepair }, [{ run: 'wait', attempt }]]
}

const start = (attempt: number, mayRepair: boolean): PullerStep => [
  { at: 'starting', fromScratch: false, attempt, mayRepair, checkpoint: null, seen: null, pulled: 0, again: false },
  [{ run: 'start', fromScratch: false }],
]

const runOf = ({ attempt, checkpoint, seen, pulled, again, mayRepair }: Run): Run => {
  return { attempt, checkpoint, seen, pulled, again, mayRepair }
}

const startOver = (run: Run): PullerStep => [
  { ...runOf(run), at: 'starting', fromScratch: true, checkpoint: null, seen: null, pulled: 0 },
  [{ run: 'start', fromScratch: true }],
]

function started(
  state: PullerState & { at: 'starting' },
  { checkpoint, isSweeping }: { checkpoint: Checkpoint | null; isSweeping: boolean },
): PullerStep {
  // What came before a crash is known to the disk only as records: the sweep is begun anew.
  if (isSweeping && checkpoint !== null) return startOver(state)
  return pull({ ...state, checkpoint, seen: isSweeping ? new Set() : null })
}

const pull = (run: Run): PullerStep => [
  { ...runOf(run), at: 'pulling' },
  [{ run: 'pull', request: { checkpoint: run.checkpoint, limit: limits.pullRowsMax } }],
]

function answered(state: PullerState & { at: 'pulling' }, answer: PullAnswer, manifest: Manifest | null): PullerStep {
  // Another epoch: the gateway was restored, its numbers mean something else now.
  if (state.checkpoint !== null && state.checkpoint.epoch !== answer.checkpoint.epoch) return startOver(state)
  for (const row of answer.rows) {
    if (row.dir === 'in') state.seen?.add(row.doc.id)
    else state.seen?.delete(row.id)
  }
  const isEnd = !answer.more
  const keepOnly = isEnd ? state.seen : null
  const pulled = state.pulled + answer.rows.length
  return [
    { ...state, at: 'applying', answer, manifest, pulled },
    [{ run: 'apply', page: { rows: answer.rows, checkpoint: answer.checkpoint, keepOnly, isEnd }, pulled }],
  ]
}

function applied(state: PullerState & { at: 'applying' }, sum: ScopeSum): PullerStep {
  const { answer, manifest, again, mayRepair } = state
  const run: Run = { ...runOf(state), attempt: 0, checkpoint: answer.checkpoint }
  if (answer.more) return pull(run)
  const isProved = manifest !== null && manifest.count === sum.count && manifest.sum === sum.sum
  const report: PullerEffect[] =
    manifest === null ? [] : [{ run: 'report', isProved, have: sum.count, of: manifest.count, atMs: manifest.timeMs }]
  if (manifest !== null && !isProved && mayRepair) {
    const [next, effects] = startOver({ ...run, mayRepair: false })
    return [next, [...report, { run: 'repair' }, ...effects]]
  }
  const allowed = mayRepair || isProved
  if (!again) return [{ at: 'resting', mayRepair: allowed }, report]
  const [next, effects] = start(0, allowed)
  return [next, [...report, ...effects]]
}
