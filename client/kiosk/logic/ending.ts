/** The visible countdown after the end of a visit's work. */
import { type Ref, ref } from 'vue'
import type { Clock, Timers } from '#protocols/clock.ts'

export const endMs = 10_000
export const longerMs = 30_000
const tickMs = 250

export interface EndCountdown {
  /** Whole seconds; null while none runs. */
  readonly secondsLeft: Readonly<Ref<number | null>>
  start(durationMs?: number): void
  stop(): void
}

export function createEnding({ clock, timers }: { clock: Clock; timers: Timers }, onEnd: () => void): EndCountdown {
  const secondsLeft = ref<number | null>(null)
  let cancel = () => {}
  const stop = () => {
    cancel()
    secondsLeft.value = null
  }
  return {
    secondsLeft,
    stop,
    start(durationMs = endMs) {
      cancel()
      const untilMs = clock.nowMs() + durationMs
      secondsLeft.value = Math.ceil(durationMs / 1000)
      cancel = timers.every(tickMs, () => {
        const leftMs = untilMs - clock.nowMs()
        if (leftMs > 0 && leftMs <= durationMs) {
          secondsLeft.value = Math.ceil(leftMs / 1000)
          return
        }
        stop()
        onEnd()
      })
    },
  }
}
