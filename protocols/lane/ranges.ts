/** Sets of whole numbers from 1 as sorted ranges, ends included: small for a channel that mostly delivers in order, kept for ever. Pure. */
export type Range = readonly [from: number, to: number]

/** Adding what is there already changes nothing. */
export function addToRanges(ranges: readonly Range[], value: number): readonly Range[] {
  // The first range that ends at or behind value - 1 is the only one that value can touch from the left.
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle] as Range)[1] < value - 1) low = middle + 1
    else high = middle
  }
  const here = ranges[low]
  if (!here || value < here[0] - 1) return [...ranges.slice(0, low), [value, value], ...ranges.slice(low)]
  if (value >= here[0] && value <= here[1]) return ranges
  const next = ranges[low + 1]
  const joins = value === here[1] + 1 && next?.[0] === value + 1
  const grown: Range = [Math.min(here[0], value), joins ? (next as Range)[1] : Math.max(here[1], value)]
  return [...ranges.slice(0, low), grown, ...ranges.slice(low + (joins ? 2 : 1))]
}

export function hasInRanges(ranges: readonly Range[], value: number): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle] as Range)[1] < value) low = middle + 1
    else high = middle
  }
  const here = ranges[low]
  return here !== undefined && here[0] <= value
}

/** 0 for an empty set. */
export const lastOfRanges = (ranges: readonly Range[]): number => ranges.at(-1)?.[1] ?? 0

/** What is not in the set between 1 and upTo. */
export function gapsIn(ranges: readonly Range[], upTo: number): Range[] {
  const gaps: Range[] = []
  let next = 1
  for (const [from, to] of ranges) {
    if (from > upTo) break
    if (from > next) gaps.push([next, from - 1])
    next = to + 1
  }
  if (next <= upTo) gaps.push([next, upTo])
  return gaps
}
