/** Unread notifications of this officer. One that stands on an unlocked screen is marked as shown, which stops its escalation. */
import { type ShallowRef, watch } from 'vue'
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

/** Whoever looks at a matter has read what told of it. */
export function useReadMatter(matter: () => string): void {
  const data = useData()
  const { clock } = useSurroundings()
  const { unread } = useUnread()
  const asked = new Set<string>()
  watch(unread, (rows) => {
    for (const each of rows) {
      if (each.fields['matter'] !== matter() || asked.has(each.id)) continue
      asked.add(each.id)
      void data
        .commit({
          type: 'notification',
          record: each.id,
          kind: 'do:readNotification',
          values: { readAt: clock.nowMs() },
        })
        .catch(() => asked.delete(each.id))
    }
  })
}

/** For the frame that stands while the handheld is open: exactly one at a time. */
export function useShownNotifications(): Unread {
  const data = useData()
  const { clock } = useSurroundings()
  const found = useUnread()
  const asked = new Set<string>()
  const show = () => {
    if (document.visibilityState !== 'visible') return
    for (const each of found.unread.value) {
      if (each.tracks['delivery'] !== 'waiting' || asked.has(each.id)) continue
      asked.add(each.id)
      // A refusal of this small mark is kept like any other and shown under "refused".
      void data
        .commit({
          type: 'notification',
          record: each.id,
          kind: 'do:showNotification',
          values: { shownAt: clock.nowMs() },
        })
        .catch(() => asked.delete(each.id))
    }
  }
  watch(found.unread, show)
  return found
}
