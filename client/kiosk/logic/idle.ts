/** Nobody touched the screen: first a question, then the end (domain rule R6). It only counts; what an end means is the caller's. */
import { type Ref, ref } from 'vue'
import type { Clock, Timers } from '#protocols/clock.ts'

export const idleMs = 60_000
export const askMs = 10_000
const tickMs = 250

export interface Idle {
  /** Whole seconds until the end while the question stands; null while there is no question. */
  readonly secondsLeft: Readonly<Ref<number | null>>
  /** Somebody is here. */
  touch(): void
  close(): void
}

/** isOn: false where nothing can be lost (start page) or where another countdown runs. */
export function createIdle(parts: { clock: Clock; timers: Timers; isOn: () => boolean; onEnd: () => void }): Idle {
  const { clock, timers, isOn, onEnd } = parts
  const secondsLeft = ref<number | null>(null)
  let touchedMs = clock.nowMs()
  const touch = () => {
    touchedMs = clock.nowMs()
    secondsLeft.value = null
  }
  const stop = timers.every(tickMs, () => {
    if (!isOn()) return touch()
    const quietMs = clock.nowMs() - touchedMs
    // A clock that was set back must not keep a visitor's page open.
    if (quietMs < 0) return touch()
    if (quietMs < idleMs) return
    if (quietMs < idleMs + askMs) {
      secondsLeft.value = Math.ceil((idleMs + askMs - quietMs) / 1000)
      return
    }
    touch()
    onEnd()
  })
  return { secondsLeft, touch, close: stop }
}
