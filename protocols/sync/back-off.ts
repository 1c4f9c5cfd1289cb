/** How long to wait before the next try. Pure: the chance that keeps devices from coming back all at once is passed in. */
import type { Random } from '#crypto/random.ts'

const firstMs = 500
const longestMs = 60_000

/** attempt: from 1. Doubles up to a minute; between half of that and the whole. Whole ms. */
export function backOffMs(attempt: number, random: Random): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 16))
  const [high = 0, low = 0] = random.bytes(2)
  return Math.floor(fullMs / 2 + ((high * 256 + low) / 65_536) * (fullMs / 2))
}
