/** One work at a time that may fail: busy while it runs, and its failure until the next try. */
import { type Ref, ref } from 'vue'
import { type Failure, failureOf } from './failure.ts'

export interface Try {
  readonly busy: Readonly<Ref<boolean>>
  readonly failure: Readonly<Ref<Failure | null>>
  /** False: it failed. A second call while one runs does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>
}

export function useTry(): Try {
  const busy = ref(false)
  const failure = ref<Failure | null>(null)
  return {
    busy,
    failure,
    async run(work) {
      if (busy.value) return false
      busy.value = true
      failure.value = null
      try {
        await work()
        return true
      } catch (thrown) {
        failure.value = failureOf(thrown)
        return false
      } finally {
        busy.value = false
      }
    },
  }
}
