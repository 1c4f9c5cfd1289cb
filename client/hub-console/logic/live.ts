/** The hub's pokes: something is new, ask again. Opens itself anew after a break, and says so: what was missed meanwhile is asked for once. */
import { Subject, BehaviorSubject, type Observable } from 'rxjs'
import type { Timers } from '#protocols/clock.ts'
import type { ConsolePoke } from '#protocols/http/console.ts'

export type LiveState = 'closed' | 'opening' | 'open' | 'broken'

/** The part of an EventSource that is used. */
export interface Source {
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

export interface Live {
  readonly state$: Observable<LiveState>
  /** null: the connection came back, anything may be new. */
  readonly poke$: Observable<ConsolePoke | null>
  open(): void
  close(): void
}

const againMs = 3000

export function createLive(parts: { open: (address: string) => Source; timers: Timers }): Live {
  const state$ = new BehaviorSubject<LiveState>('closed')
  const poke$ = new Subject<ConsolePoke | null>()
  let source: Source | null = null
  let cancel = () => {}
  let wasBroken = false

  function start(): void {
    const opened = parts.open('/api/live')
    source = opened
    state$.next(wasBroken ? 'broken' : 'opening')
    opened.addEventListener('open', () => {
      state$.next('open')
      if (wasBroken) poke$.next(null)
      wasBroken = false
    })
    opened.addEventListener('poke', (event) => {
      const poke = pokeOf(event.data)
      if (poke) poke$.next(poke)
    })
    // The source's own second try gives up at an answer that is no stream; ours does not.
    opened.addEventListener('error', () => {
      opened.close()
      wasBroken = true
      state$.next('broken')
      cancel()
      cancel = parts.timers.after(againMs, start)
    })
  }
  return {
    state$,
    poke$,
    open() {
      if (state$.value === 'closed') start()
    },
    close() {
      cancel()
      source?.close()
      source = null
      wasBroken = false
      state$.next('closed')
    },
  }
}

function pokeOf(text: string): ConsolePoke | null {
  try {
    const said = JSON.parse(text) as Partial<ConsolePoke> | null
    const isPoke = typeof said?.station === 'string' && ['bundle', 'quarantine', 'station'].includes(said.kind ?? '')
    return isPoke ? (said as ConsolePoke) : null
  } catch {
    return null
  }
}
