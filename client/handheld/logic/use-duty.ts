/** Is this officer on a running shift? Null while the roster is not known here. */
import { computed, type ComputedRef } from 'vue'
import { useRows, useStatus } from '../../shared/ui/use-data.ts'

export function useDuty(): ComputedRef<boolean | null> {
  const status = useStatus()
  const { rows } = useRows(() => ({ type: 'shift', selector: { 'tracks.duty': 'running' } }))
  return computed(() => {
    const me = status.value.account?.id
    if (me === undefined || rows.value.length === 0) return null
    return rows.value.some(({ fields }) =>
      [fields['leader'], ...list(fields['officers']), ...list(fields['auxiliaries'])].includes(me),
    )
  })
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : [])
