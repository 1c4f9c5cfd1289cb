/** Visitors that travelled along with the visits of this replica, by id. */
import { computed, type ComputedRef } from 'vue'
import type { ShownRecord } from '../../shared/data/api.ts'
import { useRows } from '../../shared/ui/use-data.ts'

export function usePersons(): ComputedRef<ReadonlyMap<string, ShownRecord>> {
  const { rows } = useRows(() => ({ type: 'person' }))
  return computed(() => new Map(rows.value.map((row) => [row.id, row])))
}
