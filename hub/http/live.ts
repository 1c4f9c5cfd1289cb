/** Pokes to open consoles, as server-sent events: something is new, ask again. No content travels here. */
import type { Timers } from '#protocols/clock.ts'
import type { ConsolePoke } from '#protocols/http/console.ts'
import { limits } from '#protocols/limits.ts'

export interface LiveListener {
  /** False: the session behind it has ended. */
  readonly isAlive: () => Promise<boolean>
  readonly send: (event: 'poke' | 'beat', data: string) => void
  readonly end: () => void
}

export interface Live {
  poke(poke: ConsolePoke): void
  /** Null when there are too many. The answer takes the listener away. */
  join(listener: LiveListener): (() => void) | null
  close(): void
}

const beatMs = 20_000

export function createLive(timers: Timers): Live {
  const listeners = new Set<LiveListener>()
  const drop = (listener: LiveListener): void => {
    if (listeners.delete(listener)) listener.end()
  }
  // The beat keeps the connection open through proxies, and ends it when its session has ended.
  const stop = timers.every(beatMs, () => {
    for (const listener of listeners)
      listener.isAlive().then(
        (isAlive) => (isAlive ? listener.send('beat', '') : drop(listener)),
        () => {},
      )
  })
  return {
    poke(poke) {
      for (const listener of listeners) listener.send('poke', JSON.stringify(poke))
    },
    join(listener) {
      if (listeners.size >= limits.liveSocketsMax) return null
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      stop()
      for (const listener of [...listeners]) drop(listener)
    },
  }
}
