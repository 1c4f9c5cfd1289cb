/** Text that outlives reload, lock and crash: kept through the data worker a moment after each key, and at once when the page goes away. */
import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { useSurroundings } from './surroundings.ts'
import { useData } from './use-data.ts'

const pauseMs = 300

export interface KeptDraft {
  readonly text: Ref<string>
  readonly loaded: Readonly<Ref<boolean>>
  /** Writes what is typed now, if it is not yet written. */
  flush(): Promise<void>
  /** After it was sent. */
  clear(): Promise<void>
}

/** initial: what stands there when nothing was kept (the text of a refused change). */
export function useDraft(key: string, initial = ''): KeptDraft {
  const data = useData()
  const { timers } = useSurroundings()
  const text = ref(initial)
  const loaded = ref(false)
  let written = ''
  let cancel = () => {}

  const flush = async () => {
    cancel()
    if (!loaded.value || text.value === written) return
    written = text.value
    await data.saveDraft(key, text.value).catch(() => {
      // Not kept: the next key or the next flush tries again, and the text still stands on the screen.
      written = ''
    })
  }
  data
    .draft(key)
    .catch(() => null)
    .then((kept) => {
      // Whoever typed faster than the answer keeps what was typed.
      if (kept !== null && text.value === initial) text.value = kept
      written = kept ?? ''
      loaded.value = true
      void flush()
    })
  watch(text, () => {
    cancel()
    cancel = timers.after(pauseMs, () => void flush())
  })
  const onHidden = () => void flush()
  document.addEventListener('visibilitychange', onHidden)
  window.addEventListener('pagehide', onHidden)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onHidden)
    window.removeEventListener('pagehide', onHidden)
    void flush()
  })
  return {
    text,
    loaded,
    flush,
    async clear() {
      cancel()
      text.value = ''
      written = ''
      await data.saveDraft(key, '')
    },
  }
}
