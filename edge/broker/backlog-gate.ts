/** While the gateway's session is being reopened, its backlog goes first: a message that came in meanwhile would overtake it. */
export interface BacklogGate {
  /** A session began to open; the answer says that it has opened or failed, and may be called more than once. */
  opening(): () => void
  /** Runs now, or when no session is opening. */
  whenOpen(run: () => void): void
}

export function createBacklogGate(): BacklogGate {
  const opening = new Set<symbol>()
  let waiting: (() => void)[] = []
  return {
    opening() {
      const session = Symbol('session')
      opening.add(session)
      return () => {
        if (!opening.delete(session) || opening.size > 0) return
        const due = waiting
        waiting = []
        for (const run of due) run()
      }
    },
    whenOpen(run) {
      if (opening.size === 0) run()
      else waiting.push(run)
    },
  }
}
