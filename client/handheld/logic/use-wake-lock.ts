/** Keeps the screen on while an officer is on duty: a web page cannot ring a locked device. Asked again whenever the page comes back. */
import { onScopeDispose, watch } from 'vue'

export function useWakeLock(wanted: () => boolean): void {
  let held: WakeLockSentinel | null = null
  const follow = async () => {
    if (wanted() && document.visibilityState === 'visible' && !held && 'wakeLock' in navigator) {
      // Refused when the battery is low: the escalation at the station does not rely on it.
      held = await navigator.wakeLock.request('screen').catch(() => null)
      held?.addEventListener('release', () => {
        held = null
      })
    }
    if (!wanted()) {
      await held?.release()
      held = null
    }
  }
  const onVisible = () => void follow()
  document.addEventListener('visibilitychange', onVisible)
  watch(wanted, onVisible, { immediate: true })
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisible)
    void held?.release()
  })
}
