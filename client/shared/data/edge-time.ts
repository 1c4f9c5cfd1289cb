/** The device's idea of the time: its own clock, corrected by the last signed edge time, and never before that (security.md, 4 "Lease"). Whoever sets
 *  the clock back lengthens nothing. */
import type { Clock } from '#protocols/clock.ts'

export interface EdgeTimeState {
  readonly offsetMs: number
  readonly signedMs: number
}

export interface EdgeTime extends Clock {
  /** signedMs: from a receipt or manifest that was verified. True when the new state is worth writing down. */
  observe(signedMs: number): boolean
  state(): EdgeTimeState
}

/** Smaller steps than these are not written to disk: a contact a second would wear it out. */
const offsetStepMs = 1000
const signedStepMs = 60_000

export function createEdgeTime(clock: Clock, saved: EdgeTimeState | null): EdgeTime {
  let state = saved ?? { offsetMs: 0, signedMs: 0 }
  let written = state
  return {
    nowMs: () => Math.max(clock.nowMs() + state.offsetMs, state.signedMs),
    observe(signedMs) {
      state = { offsetMs: signedMs - clock.nowMs(), signedMs }
      const isWorth =
        Math.abs(state.offsetMs - written.offsetMs) >= offsetStepMs ||
        Math.abs(signedMs - written.signedMs) >= signedStepMs
      if (isWorth) written = state
      return isWorth
    },
    state: () => state,
  }
}
