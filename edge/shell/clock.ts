/** The real clock and timers of the gateway's and the hub's processes: the only place on a server that looks at the time. */
import { type Clock, longTimers, type Timers } from '#protocols/clock.ts'

export const systemClock: Clock = { nowMs: () => Date.now() }

export const systemTimers: Timers = longTimers({
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs)
    return () => clearTimeout(handle)
  },
  every(periodMs, run) {
    const handle = setInterval(run, periodMs)
    return () => clearInterval(handle)
  },
})
