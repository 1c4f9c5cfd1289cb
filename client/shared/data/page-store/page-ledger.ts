/** Which page holds which versions of which documents, and which pages are written anew by a write. Pure: it plans on ids and sizes, and takes a
 *  plan over only after it is on disk. It must never plan away the newest version of a document that is to stay. */
import { assert } from '#protocols/errors.ts'

export interface PageEntry {
  readonly number: number
  /** Each id once. */
  readonly ids: readonly string[]
  readonly bytes: number
}

export interface LedgerMax {
  readonly pageDocumentsMax: number
  readonly pagePlainBytesMax: number
  /** Pages that one write compacts at most; the next write goes on. */
  readonly pageRewriteMax: number
  /** Pages less than half full that may pile up before they are merged. */
  readonly pageSmallMax: number
}

export interface LedgerChange {
  /** Documents of which a new version is written. */
  readonly written: readonly string[]
  /** Documents of which nothing may stay. */
  readonly forgotten: readonly string[]
  /** Documents of which only the newest version may stay. */
  readonly scrubbed: readonly string[]
}

export interface LedgerPlan {
  /** Unwritten documents whose newest version has to be written again, because its page goes. */
  readonly carried: readonly string[]
  readonly removed: readonly number[]
}

export interface Ledger {
  plan(change: LedgerChange): LedgerPlan
  /** pages: what was written for the plan, with numbers above all before. */
  adopt(plan: LedgerPlan, forgotten: readonly string[], pages: readonly PageEntry[]): void
  /** The page with the newest version. */
  homeOf(id: string): number | undefined
  numbers(): number[]
  /** Stored versions, and those of them that are the newest. */
  counts(): { readonly stored: number; readonly live: number }
}

/** pages: by rising number, as they were found on disk; of a document the version in the highest page is the newest. */
export function createLedger(pages: readonly PageEntry[], max: LedgerMax): Ledger {
  const entries = new Map<number, PageEntry>()
  const home = new Map<string, number>()
  const live = new Map<number, number>()
  let stored = 0

  const leave = (id: string): void => {
    const number = home.get(id)
    if (number !== undefined) live.set(number, (live.get(number) ?? 0) - 1)
    home.delete(id)
  }
  const add = (page: PageEntry): void => {
    assert(!entries.has(page.number), 'A page number is used once.')
    entries.set(page.number, page)
    live.set(page.number, page.ids.length)
    stored += page.ids.length
    for (const id of page.ids) {
      leave(id)
      home.set(id, page.number)
    }
  }
  for (const page of pages) add(page)

  /** Pages less than half full of what still counts. */
  const isSmall = (page: PageEntry, liveHere: number): boolean => {
    const liveBytes = (page.bytes * liveHere) / page.ids.length
    return liveHere <= max.pageDocumentsMax / 2 && liveBytes <= max.pagePlainBytesMax / 2
  }

  function plan({ written, forgotten, scrubbed }: LedgerChange): LedgerPlan {
    const after = liveAfter([...written, ...forgotten])
    const liveIn = (page: PageEntry): number => after.get(page.number) ?? (live.get(page.number) as number)
    const gone = new Set<number>()
    for (const number of after.keys()) if (after.get(number) === 0) gone.add(number)
    for (const number of holdersOf(new Set([...forgotten, ...scrubbed]))) gone.add(number)
    const staying = [...entries.values()].filter((page) => !gone.has(page.number))
    for (const page of toCompact(staying, liveIn, written.length)) gone.add(page.number)
    const leaving = new Set([...written, ...forgotten])
    const carried: string[] = []
    for (const number of gone)
      for (const id of (entries.get(number) as PageEntry).ids)
        if (home.get(id) === number && !leaving.has(id)) carried.push(id)
    return { carried, removed: [...gone].sort((a, b) => a - b) }
  }

  function liveAfter(leaving: readonly string[]): Map<number, number> {
    const after = new Map<number, number>()
    for (const id of leaving) {
      const number = home.get(id)
      if (number !== undefined) after.set(number, (after.get(number) ?? (live.get(number) as number)) - 1)
    }
    return after
  }

  function holdersOf(ids: ReadonlySet<string>): number[] {
    if (ids.size === 0) return []
    return [...entries.values()].filter((page) => page.ids.some((id) => ids.has(id))).map((page) => page.number)
  }

  /** More than half stale: the worst pages. Too many small ones: the smallest. */
  function toCompact(staying: PageEntry[], liveIn: (page: PageEntry) => number, writtenCount: number): PageEntry[] {
    const storedAfter = staying.reduce((sum, page) => sum + page.ids.length, writtenCount)
    const staleAfter = staying.reduce((sum, page) => sum + page.ids.length - liveIn(page), 0)
    const byShare = (a: PageEntry, b: PageEntry): number => liveIn(a) / a.ids.length - liveIn(b) / b.ids.length
    if (staleAfter > storedAfter / 2)
      return staying
        .filter((page) => liveIn(page) < page.ids.length)
        .sort(byShare)
        .slice(0, max.pageRewriteMax)
    const small = staying.filter((page) => isSmall(page, liveIn(page)))
    if (small.length <= max.pageSmallMax) return []
    return small.sort((a, b) => liveIn(a) - liveIn(b)).slice(0, max.pageRewriteMax)
  }

  return {
    plan,
    adopt({ removed }, forgotten, written) {
      for (const id of forgotten) leave(id)
      for (const page of written) add(page)
      for (const number of removed) {
        assert(live.get(number) === 0, 'A removed page holds no newest version.')
        stored -= (entries.get(number) as PageEntry).ids.length
        entries.delete(number)
        live.delete(number)
      }
    },
    homeOf: (id) => home.get(id),
    numbers: () => [...entries.keys()],
    counts: () => ({ stored, live: home.size }),
  }
}
