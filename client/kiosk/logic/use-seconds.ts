/** Whole seconds since a moment, moved on while the component stands. */
import { onScopeDispose, type Ref, ref } from 'vue'
import { useSurroundings } from '../../shared/ui/surroundings.ts'

export function useSeconds(sinceMs: number): Readonly<Ref<number>> {
  const { clock, timers } = useSurroundings()
  const passed = () => Math.max(0, Math.floor((clock.nowMs() - sinceMs) / 1000))
  const seconds = ref(passed())
  onScopeDispose(
    timers.every(500, () => {
      seconds.value = passed()
    }),
  )
  return seconds
}

/** 95 -> '1:35' */
export const minutesText = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
