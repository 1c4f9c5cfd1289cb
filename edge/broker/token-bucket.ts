/** How many packets one device may send: so many a second, with a reserve for bursts. A device without tokens is made to wait, not cut off: a
 *  reader that comes back with a full memory gets rid of it slowly, and nothing is lost. */
import type { Clock } from '#protocols/clock.ts'

export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(): boolean
  /** Until the next token, at least 1; 0 when there is one. */
  waitMs(): number
}

/** perSecond > 0, burst ≥ 1. A clock that jumps back gives nothing and takes nothing away; one that jumps ahead fills the reserve at most. */
export function createTokenBucket(clock: Clock, perSecond: number, burst: number): TokenBucket {
  let tokens = burst
  let filledAtMs = clock.nowMs()
  const fill = () => {
    const nowMs = clock.nowMs()
    const passedMs = Math.max(0, nowMs - filledAtMs)
    filledAtMs = nowMs
    tokens = Math.min(burst, tokens + (passedMs * perSecond) / 1000)
  }
  return {
    take() {
      fill()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    waitMs() {
      fill()
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 1000) / perSecond))
    },
  }
}
