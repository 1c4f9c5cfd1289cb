/** Time as an argument. Rules, sync and the lane never look at a clock and never wait by themselves: whoever composes a process hands
 *  them these two. The real ones stand in edge/shell/clock.ts and client/shared/clock.ts, the one moved by hand in test/fixtures. */

export interface Clock {
  /** Whole milliseconds since the epoch, UTC. May jump in both directions: nothing may depend on it never going back. */
  nowMs(): number
}

export interface Timers {
  /** Runs `run` once, not before `delayMs` have passed. The answer cancels it; cancelling twice or too late does nothing. */
  after(delayMs: number, run: () => void): () => void
  /** Runs `run` about every `periodMs` until the answer is called. */
  every(periodMs: number, run: () => void): () => void
}

/** Timers that take any delay, made of timers that take 31 bits of it (those of browsers and Node run a longer one at once). */
export function longTimers(short: Timers): Timers {
  return {
    after(delayMs, run) {
      let cancel = () => {}
      const arm = (leftMs: number) => {
        const stepMs = Math.min(leftMs, shortDelayMsMax)
        cancel = short.after(stepMs, () => (leftMs > stepMs ? arm(leftMs - stepMs) : run()))
      }
      arm(Math.max(0, delayMs))
      return () => cancel()
    },
    every: (periodMs, run) => short.every(Math.min(periodMs, shortDelayMsMax), run),
  }
}

const shortDelayMsMax = 2 ** 31 - 1

/** The calendar day at the station, 'YYYY-MM-DD'. China has one zone, eight hours ahead, without summer time. */
export function dateTextOf(timeMs: number, zoneOffsetMinutes = 480): string {
  return new Date(timeMs + zoneOffsetMinutes * 60_000).toISOString().slice(0, 10)
}
