/** What a face's composition root hands to its screens: data, time, chance and kept choices. Screens take nothing from the world themselves. */
import { type App, type InjectionKey, inject, onScopeDispose, type Ref, ref } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import type { Random } from '#crypto/random.ts'
import { refreshMs } from '../i18n/time.ts'

export interface Surroundings {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}

const key: InjectionKey<Surroundings & { readonly now: Ref<number> }> = Symbol('surroundings')

/** One present for all relative times of a page, moved on every few seconds. */
export function provideSurroundings(app: App, surroundings: Surroundings): void {
  const now = ref(surroundings.clock.nowMs())
  const cancel = surroundings.timers.every(refreshMs, () => {
    now.value = surroundings.clock.nowMs()
  })
  app.onUnmount(cancel)
  app.provide(key, { ...surroundings, now })
}

function useAll() {
  const found = inject(key, null)
  assert(found, 'A composition root provides the surroundings before it mounts.')
  return found
}

export const useSurroundings = (): Surroundings => useAll()
export const useNow = (): Readonly<Ref<number>> => useAll().now

/** Runs once after a delay unless the component ends before. The answer starts it anew. */
export function useDelay(delayMs: number, run: () => void): () => void {
  const { timers } = useAll()
  let cancel = () => {}
  onScopeDispose(() => cancel())
  return () => {
    cancel()
    cancel = timers.after(delayMs, run)
  }
}
