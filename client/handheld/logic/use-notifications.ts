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

const buzzMs = 250

/** What comes while the screen is open: said once, and felt where the device can. What was there before makes no noise. */
function useArrivals(found: Unread, onArrival: (arrived: ShownRecord) => void): void {
  const known = new Set<string>()
  let first = true
  watch([found.unread, found.ready], ([rows, ready]) => {
    if (!ready) return
    const arrived = rows.filter((each) => !known.has(each.id))
    for (const each of rows) known.add(each.id)
    const [newest] = arrived
    if (!first && newest) {
      // Where vibrating is not allowed or not there, the words alone stay.
      navigator.vibrate?.(buzzMs)
      onArrival(newest)
    }
    first = false
  })
}

/** For the frame that stands while the handheld is open: exactly one at a time. */
export function useShownNotifications(onArrival: (arrived: ShownRecord) => void): Unread {
  const mark = useMark('showNotification', 'shownAt')
  const found = useUnread()
  useArrivals(found, onArrival)
  const show = () => {
    if (document.visibilityState !== 'visible') return
    for (const each of found.unread.value) if (each.tracks['delivery'] === 'waiting') mark(each.id)
  }
  watch(found.unread, show, { immediate: true })
  document.addEventListener('visibilitychange', show)
  onScopeDispose(() => document.removeEventListener('visibilitychange', show))
  return found
}
