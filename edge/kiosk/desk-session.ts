/** What a kiosk's screen is busy with: the last document and the visits begun or found on it. Memory only; it ends with the next visitor, after
 *  ten minutes, and with the process. */
import type { Clock } from '#protocols/clock.ts'
import type { DocumentReading } from '#protocols/device/reading.ts'

export interface HeldReading {
  readonly handle: string
  readonly reading: DocumentReading
  /** Which swipe it was: the kiosk unit still holds its portrait under this number. */
  readonly reader: string
  readonly seq: number
  readonly atMs: number
}

export interface ScreenSession {
  reading: HeldReading | null
  readonly visits: Set<string>
  startedMs: number
}

const sessionMs = 10 * 60 * 1000

export function createScreenSessions(clock: Clock) {
  const sessions = new Map<string, ScreenSession>()
  const fresh = (): ScreenSession => ({ reading: null, visits: new Set(), startedMs: clock.nowMs() })
  return {
    begin(kiosk: string): void {
      sessions.set(kiosk, fresh())
    },
    of(kiosk: string): ScreenSession {
      const found = sessions.get(kiosk)
      if (found && clock.nowMs() - found.startedMs < sessionMs) return found
      const session = fresh()
      sessions.set(kiosk, session)
      return session
    },
    kiosksOf: (visit: string): string[] => [...sessions].filter(([, session]) => session.visits.has(visit)).map(([kiosk]) => kiosk),
  }
}
export type ScreenSessions = ReturnType<typeof createScreenSessions>
