/** Which devices are there. A device speaks, or its last will says that it is gone; a will that is followed by a word within a moment is a cable that
 *  was moved, and nobody is told. Silence counts too: a device whose connection stands and that says nothing is silent all the same. */
import type { Clock, Timers } from '#protocols/clock.ts'

export type PresenceState = 'unknown' | 'active' | 'silent'

export interface PresenceChange {
  readonly deviceId: string
  readonly state: 'active' | 'silent'
  /** When it was last heard; null if never. */
  readonly heardAtMs: number | null
}

export interface PresenceOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly onChange: (change: PresenceChange) => void
  /** How long a device may be away before it is called silent. */
  readonly goneAfterMs?: number
  /** How long a device may say nothing: a little more than twice the period of its health message. */
  readonly silentAfterMs?: number
}

export interface PresenceBoard {
  /** Any message of it. */
  heard(deviceId: string): void
  /** Its will, or its own farewell. */
  lost(deviceId: string): void
  /** Begins to wait for a device of which nothing is known yet. */
  expect(deviceId: string): void
  forget(deviceId: string): void
  stateOf(deviceId: string): PresenceState
  heardAtMs(deviceId: string): number | null
  close(): void
}

interface Watch {
  state: PresenceState
  heardAtMs: number | null
  isLost: boolean
  cancel: () => void
}

export function createPresence(options: PresenceOptions): PresenceBoard {
  const { clock, timers, onChange, goneAfterMs = 5000, silentAfterMs = 150_000 } = options
  const watches = new Map<string, Watch>()

  const watchOf = (deviceId: string): Watch => {
    const watch = watches.get(deviceId) ?? { state: 'unknown', heardAtMs: null, isLost: false, cancel: () => {} }
    watches.set(deviceId, watch)
    return watch
  }
  const turn = (deviceId: string, watch: Watch, state: 'active' | 'silent') => {
    if (watch.state === state) return
    watch.state = state
    onChange({ deviceId, state, heardAtMs: watch.heardAtMs })
  }
  const fallSilentIn = (deviceId: string, watch: Watch, delayMs: number) => {
    watch.cancel()
    watch.cancel = timers.after(delayMs, () => turn(deviceId, watch, 'silent'))
  }

  return {
    heard(deviceId) {
      const watch = watchOf(deviceId)
      watch.heardAtMs = clock.nowMs()
      watch.isLost = false
      fallSilentIn(deviceId, watch, silentAfterMs)
      turn(deviceId, watch, 'active')
    },
    lost(deviceId) {
      const watch = watchOf(deviceId)
      if (watch.isLost) return
      watch.isLost = true
      fallSilentIn(deviceId, watch, goneAfterMs)
    },
    expect(deviceId) {
      const watch = watchOf(deviceId)
      if (watch.state === 'unknown' && !watch.isLost) fallSilentIn(deviceId, watch, silentAfterMs)
    },
    forget(deviceId) {
      watches.get(deviceId)?.cancel()
      watches.delete(deviceId)
    },
    stateOf: (deviceId) => watches.get(deviceId)?.state ?? 'unknown',
    heardAtMs: (deviceId) => watches.get(deviceId)?.heardAtMs ?? null,
    close() {
      for (const watch of watches.values()) watch.cancel()
      watches.clear()
    },
  }
}
