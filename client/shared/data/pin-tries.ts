/** How many PINs may be tried (security.md, 4 "Unlock"): counted before each test, slower each time, locked after five, erased after ten. Pure. A
 *  locked device tests nothing, but goes on counting: ten tries in a row are no officer's. */

export interface Tries {
  /** Wrong ones, and those whose end is not known, since the last right one. */
  readonly count: number
}

/** What to do with the next try, after it was counted. delayMs: to be waited before the test. */
export type TryVerdict =
  | { readonly act: 'test'; readonly delayMs: number; readonly left: number }
  | { readonly act: 'refuse' }
  | { readonly act: 'erase' }

const delaysMs = [0, 0, 1000, 5000, 30_000]
const triesMax = delaysMs.length
const erasedAt = 10

/** tries: with this one counted. */
export function judgeTry(tries: Tries): TryVerdict {
  if (tries.count >= erasedAt) return { act: 'erase' }
  const delayMs = delaysMs[tries.count - 1]
  return delayMs === undefined ? { act: 'refuse' } : { act: 'test', delayMs, left: triesMax - tries.count }
}

export const isLocked = (tries: Tries): boolean => tries.count >= triesMax
