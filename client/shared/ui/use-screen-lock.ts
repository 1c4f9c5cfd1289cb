/** The two locks of a device that is left alone (sync.md, "The device"): after a while the screen is covered and asks for the PIN while the
 *  keys stay, so that notifications still come; after longer the keys are cleared. */
import { onScopeDispose, type Ref, ref } from 'vue'
import { useSurroundings } from './surroundings.ts'
import { useData } from './use-data.ts'

export const coverMs = 5 * 60_000
export const clearMs = 30 * 60_000
const lookMs = 1000

export interface ScreenLock {
  readonly covered: Readonly<Ref<boolean>>
  /** After the PIN was right. */
  uncover(): void
}

export function useScreenLock(): ScreenLock {
  const data = useData()
  const { clock, timers } = useSurroundings()
  const covered = ref(false)
  let touchedMs = clock.nowMs()
  const touch = () => {
    if (!covered.value) touchedMs = clock.nowMs()
  }
  const look = () => {
    // A clock that was set back makes nobody wait longer than from now.
    touchedMs = Math.min(touchedMs, clock.nowMs())
    const idleMs = clock.nowMs() - touchedMs
    if (idleMs >= coverMs) covered.value = true
    if (idleMs >= clearMs) void data.lock()
  }
  const cancel = timers.every(lookMs, look)
  const kinds = ['pointerdown', 'keydown', 'scroll'] as const
  for (const kind of kinds) window.addEventListener(kind, touch, { capture: true, passive: true })
  onScopeDispose(() => {
    cancel()
    for (const kind of kinds) window.removeEventListener(kind, touch, { capture: true })
  })
  return {
    covered,
    uncover() {
      covered.value = false
      touch()
    },
  }
}
