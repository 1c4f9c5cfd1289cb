/** One act from a screen: commit, then say that it is kept or why it is not. Nothing typed is cleared before the answer is yes. */
import { ref, type Ref } from 'vue'
import { useWords } from '../i18n/words.ts'
import type { CommitResult, Draft } from '../data/api.ts'
import { failureOf } from './failure.ts'
import { useNotices } from './notices.ts'
import { useData, useStatus } from './use-data.ts'

export interface Act {
  readonly busy: Readonly<Ref<boolean>>
  /** False: refused or failed; the person has been told. */
  act(draft: Draft): Promise<boolean>
}

/** quiet: a yes says nothing, since the screen itself shows it. */
export function useAct(options: { quiet?: boolean } = {}): Act {
  const data = useData()
  const status = useStatus()
  const notices = useNotices()
  const { t } = useWords()
  const busy = ref(false)
  return {
    busy,
    async act(draft) {
      if (busy.value) return false
      busy.value = true
      const result: CommitResult = await data
        .commit(draft)
        .catch((thrown): CommitResult => ({ ok: false, ...failureOf(thrown) }))
      busy.value = false
      if (!result.ok) notices.fail(result, draft.type)
      else if (!options.quiet) notices.say(t(status.value.online ? 'notice.saved' : 'notice.savedPending'))
      return result.ok
    },
  }
}
