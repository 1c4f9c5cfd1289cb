/** Choices of a simulated world, all drawn from its seed. */
import type { Random } from '#crypto/random.ts'

export interface Chance {
  /** Whole, 0 <= n < limit. */
  below(limit: number): number
  between(low: number, high: number): number
  /** True in `percent` of 100 cases. */
  percent(percent: number): boolean
  pick<T>(items: readonly T[]): T
}

export function createChance(random: Random): Chance {
  const below = (limit: number): number => {
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4)
    return Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / (2 ** 32 / limit))
  }
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    percent: (percent) => below(100) < percent,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
  }
}
