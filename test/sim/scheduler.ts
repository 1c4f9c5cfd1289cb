/** Virtual time: timers run in the order of their due time, and between two of them everything that can go on without time does so. */
import type { Clock, Timers } from '#protocols/clock.ts'

export interface Scheduler extends Clock, Timers {
  /** Something went on that may lead to more: `settle` looks again. */
  touch(): void
  /** Work under way outside of virtual time (a request inside the gateway). */
  during<T>(work: Promise<T>): Promise<T>
  settle(): Promise<void>
  /** Lets time pass. */
  run(durationMs: number): Promise<void>
}

export function createScheduler(startMs: number): Scheduler {
  const timers = new Map<number, { dueMs: number; periodMs: number | null; run: () => void }>()
  let now = startMs
  let made = 0
  let touched = 0
  let busy = 0

  const add = (delayMs: number, periodMs: number | null, run: () => void) => {
    const id = made++
    timers.set(id, { dueMs: now + Math.max(0, Math.ceil(delayMs)), periodMs, run })
    return () => void timers.delete(id)
  }
  const nextId = (untilMs: number): number | null => {
    let best: number | null = null
    for (const [id, timer] of timers)
      if (timer.dueMs <= untilMs && (best === null || timer.dueMs < (timers.get(best)?.dueMs ?? 0))) best = id
    return best
  }
  async function settle(): Promise<void> {
    for (let before = -1; before !== touched || busy > 0; ) {
      before = touched
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  return {
    nowMs: () => now,
    after: (delayMs, run) => add(delayMs, null, run),
    every: (periodMs, run) => add(periodMs, Math.max(1, periodMs), run),
    touch() {
      touched++
    },
    async during(work) {
      busy++
      try {
        return await work
      } finally {
        busy--
        touched++
      }
    },
    settle,
    async run(durationMs) {
      const untilMs = now + durationMs
      await settle()
      for (let id = nextId(untilMs); id !== null; id = nextId(untilMs)) {
        const timer = timers.get(id)
        if (!timer) continue
        now = Math.max(now, timer.dueMs)
        if (timer.periodMs === null) timers.delete(id)
        else timer.dueMs += timer.periodMs
        timer.run()
        await settle()
      }
      now = untilMs
    },
  }
}
