/** Counts what goes wrong at the door. A flood must not become a flood of log lines: the first of its kind in a period is written at once, the rest
 *  as one number when the period ends. */
import type { Timers } from '#protocols/clock.ts'
import type { Log } from '../shell/log.ts'

export interface Tally {
  /** code: of our own table. deviceId: only one that is known. */
  count(code: string, deviceId?: string): void
  /** How often each code was counted since the start. */
  totals(): Readonly<Record<string, number>>
  close(): void
}

export function createTally(log: Log, timers: Timers, periodMs = 10_000): Tally {
  const totals = new Map<string, number>()
  const inPeriod = new Map<string, number>()
  const cancel = timers.every(periodMs, () => {
    for (const [code, times] of inPeriod) if (times > 1) log.warn(code, { count: times, durationMs: periodMs })
    inPeriod.clear()
  })
  return {
    count(code, deviceId) {
      totals.set(code, (totals.get(code) ?? 0) + 1)
      const times = (inPeriod.get(code) ?? 0) + 1
      inPeriod.set(code, times)
      if (times === 1) log.warn(code, deviceId === undefined ? {} : { device: deviceId })
    },
    totals: () => Object.fromEntries(totals),
    close: cancel,
  }
}
