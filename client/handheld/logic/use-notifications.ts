/** Unread notifications of this officer. One that stands on an unlocked screen is marked as shown, which stops its escalation. */
import { onScopeDispose, type ShallowRef, watch } from 'vue'
import type { ShownRecord } from '../../shared/data/api.ts'
import { useSurroundings } from '../../shared/ui/surroundings.ts'
import { useData, useRows, useStatus } from '../../shared/ui/use-data.ts'
import { unreadQuery } from './visit-list.ts'

export interface Unread {
  readonly unread: Readonly<ShallowRef<readonly ShownRecord[]>>
  readonly ready: Readonly<ShallowRef<boolean>>
}

export function useUnread(): Unread {
  const status = useStatus()
  const { rows, ready } = useRows(() => (status.value.account ? unreadQuery(status.value.account.id) : null))
  return { unread: rows, ready }
}

/** Marks notifications, each once. A refusal of this small mark is kept like any other and shown under "refused". */
function useMark(
  transition: 'showNotification' | 'readNotification',
  field: 'shownAt' | 'readAt',
): (id: string) => void {
  const data = useData()
  const { clock } = useSurroundings()
  const asked = new Set<string>()
  return (id) => {
    if (asked.has(id)) return
    asked.add(id)
    void data
      .commit({ type: 'notification', record: id, kind: `do:${transition}`, values: { [field]: clock.nowMs() } })
      .catch(() => asked.delete(id))
  }
}

/** Whoever looks at a matter has read what told of it. */
export function useReadMatter(matter: () => string): void {
  const mark = useMark('readNotification', 'readAt')
  const { unread } = useUnread()
  const read = () => {
    for (const each of unread.value) if (each.fields['matter'] === matter()) mark(each.id)
  }
  watch(unread, read, { immediate: true })
}

/** For the frame that stands while the handheld is open: exactly one at a time. */
export function useShownNotifications(): Unread {
  const mark = useMark('showNotification', 'shownAt')
  const found = useUnread()
  const show = () => {
    if (document.visibilityState !== 'visible') return
    for (const each of found.unread.value) if (each.tracks['delivery'] === 'waiting') mark(each.id)
  }
  watch(found.unread, show, { immediate: true })
  document.addEventListener('visibilitychange', show)
  onScopeDispose(() => document.removeEventListener('visibilitychange', show))
  return found
}
