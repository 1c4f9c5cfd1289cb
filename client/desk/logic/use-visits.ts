/** The desk's live lists: four queries that stand as long as the work is open, with the people their visits name. */
import { computed, type ComputedRef, type InjectionKey, inject, provide, type ShallowRef } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { ShownRecord } from '../../shared/data/api.ts'
import { useNow } from '../../shared/ui/surroundings.ts'
import { useNames, useRows } from '../../shared/ui/use-data.ts'
import { useDesk } from './desk-state.ts'
import { type OfficerRow, officerRows, onDutyAt } from './officers.ts'
import { personSearch, visitSearch } from './search.ts'
import { dayStartMs, filterVisits, type ListName, listQuery, lists } from './visit-lists.ts'
import { textField } from './visit-view.ts'

export interface Visits {
  readonly ready: ComputedRef<boolean>
  readonly rowsOf: Readonly<Record<ListName, Readonly<ShallowRef<readonly ShownRecord[]>>>>
  /** What stands in the list now: the chosen list filtered, or what was found. */
  readonly shown: ComputedRef<readonly ShownRecord[]>
  /** False while a search runs. */
  readonly shownReady: ComputedRef<boolean>
  readonly searching: ComputedRef<boolean>
  readonly persons: ComputedRef<ReadonlyMap<string, ShownRecord>>
  readonly names: ComputedRef<ReadonlyMap<string, string>>
  readonly officers: ComputedRef<readonly OfficerRow[]>
}

const key: InjectionKey<Visits> = Symbol('visits')
const hourMs = 3_600_000

/** Once, in the frame of the work. */
export function provideVisits(): Visits {
  const { state } = useDesk()
  const now = useNow()
  const dayStart = computed(() => dayStartMs(now.value))
  const found = Object.fromEntries(
    lists.map((list) => [list, useRows(() => listQuery(list, dayStart.value))]),
  ) as Record<ListName, ReturnType<typeof useRows>>
  const personsFound = useRows(() => personSearch(state.search))
  const visitsFound = useRows(() =>
    visitSearch(
      state.search,
      personsFound.rows.value.map((person) => person.id),
    ),
  )
  const searching = computed(() => state.search.trim() !== '')
  const shown = computed(() =>
    searching.value ? visitsFound.rows.value : filterVisits(found[state.list].rows.value, state.filter),
  )

  const wanted = computed(() => {
    const ids = new Set<string>()
    const all = [...lists.map((list) => found[list].rows.value), visitsFound.rows.value]
    for (const rows of all)
      for (const visit of rows) if (textField(visit, 'visitor')) ids.add(textField(visit, 'visitor'))
    return [...ids].sort()
  })
  const people = useRows(() =>
    wanted.value.length === 0
      ? null
      : { type: 'person', selector: { id: { $in: wanted.value } }, sort: [{ createdMs: 'asc' }] },
  )
  const shifts = useRows(() => ({
    type: 'shift',
    selector: { 'fields.until': { $gt: Math.floor(now.value / hourMs) * hourMs } },
    sort: [{ createdMs: 'asc' }],
  }))
  const accounts = useRows(() => ({ type: 'account', sort: [{ createdMs: 'asc' }] }))
  const posts = useRows(() => ({ type: 'post', sort: [{ createdMs: 'asc' }] }))
  const visits: Visits = {
    ready: computed(() => lists.every((list) => found[list].ready.value)),
    rowsOf: Object.fromEntries(lists.map((list) => [list, found[list].rows])) as Visits['rowsOf'],
    shown,
    shownReady: computed(() => (searching.value ? personsFound.ready.value : found[state.list].ready.value)),
    searching,
    persons: computed(
      () => new Map([...people.rows.value, ...personsFound.rows.value].map((person) => [person.id, person])),
    ),
    names: useNames(),
    officers: computed(() =>
      officerRows(
        accounts.rows.value,
        posts.rows.value,
        onDutyAt(shifts.rows.value, now.value),
        found.inHand.rows.value.filter((visit) =>
          ['assigned', 'signed', 'handling'].includes(visit.tracks['handling'] ?? ''),
        ),
      ),
    ),
  }
  provide(key, visits)
  return visits
}

export function useVisits(): Visits {
  const found = inject(key, null)
  assert(found, 'The frame of the work provides the visits.')
  return found
}
