/** Runs asynchronous work one after the other; a failed run does not hinder the next. */
export type InTurn = <T>(run: () => Promise<T>) => Promise<T>

export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const mine = last.then(run, run)
    last = mine.catch(() => {})
    return mine
  }
}
