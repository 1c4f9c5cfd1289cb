/** Covers the screen of a handheld that lies about (sync.md, "The device"): the keys stay, so that notifications still come, but nothing of
 *  the work is left in the page. The later lock, which clears the keys, is the data worker's. */
import { onScopeDispose, type Ref, ref } from 'vue'
import { useSurroundings } from '../../shared/ui/surroundings.ts'

export const coverMs = 5 * 60_000
const lookMs = 1000

export function useScreenLock(): Readonly<Ref<boolean>> {
  const { clock, timers } = useSurroundings()
  const covered = ref(false)
  let touchedMs = clock.nowMs()
  const touch = () => {
    touchedMs = clock.nowMs()
  }
  const look = () => {
    // A clock that was set back makes nobody wait longer than from now.
    touchedMs = Math.min(touchedMs, clock.nowMs())
    if (clock.nowMs() - touchedMs >= coverMs) covered.value = true
  }
  const cancel = timers.every(lookMs, look)
  const kinds = ['pointerdown', 'keydown', 'scroll'] as const
  for (const kind of kinds) window.addEventListener(kind, touch, { capture: true, passive: true })
  onScopeDispose(() => {
    cancel()
    for (const kind of kinds) window.removeEventListener(kind, touch, { capture: true })
  })
  return covered
}
