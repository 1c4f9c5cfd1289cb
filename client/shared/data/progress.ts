/** Progress worth showing: a pull of more than one page, a push of many changes. Null: nothing long is going on. */
export interface Progress {
  readonly done: number
  readonly total: number
}

/** Fewer pending changes than this go up before anybody looks. */
const worthShowing = 20

export function createProgress() {
  let most = 0
  let expected = 0
  return {
    pushing(pending: number): Progress | null {
      most = pending === 0 ? 0 : Math.max(most, pending)
      return most > worthShowing ? { done: most - pending, total: most } : null
    },
    /** How many records the last manifest named: what a repeated pull will bring. A first one is known only by what has come. */
    expect(records: number): void {
      expected = records
    },
    pulling: (pulled: number, isEnd: boolean): Progress | null =>
      isEnd ? null : { done: pulled, total: Math.max(pulled, expected) },
  }
}
