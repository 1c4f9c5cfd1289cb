/** The one limiter for tries: so many in so many seconds for one key. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Fault } from '#protocols/errors.ts'

export function createRateLimit(options: { points: number; perSeconds: number }) {
  const limiter = new RateLimiterMemory({ points: options.points, duration: options.perSeconds })
  return {
    /** Throws Fault 'request/too-many'. */
    async take(key: string): Promise<void> {
      await limiter.consume(key).catch((refused: { msBeforeNext?: number }) => {
        throw new Fault('request/too-many', { waitSeconds: Math.ceil((refused.msBeforeNext ?? 0) / 1000) })
      })
    },
  }
}
