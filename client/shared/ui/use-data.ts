/** The data worker as Vue sees it: observables become refs that end with their component. */
import type { Observable } from 'rxjs'
import {
  type App,
  computed,
  type ComputedRef,
  type InjectionKey,
  inject,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
  watch,
} from 'vue'
import { assert } from '#protocols/errors.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Data, OwnChange, RecordQuery, ShownRecord, Status } from '../data/api.ts'

interface DataContext {
  readonly data: Data
  readonly status: Readonly<ShallowRef<Status>>
  readonly own: Readonly<ShallowRef<readonly OwnChange[]>>
  readonly actor: Readonly<ShallowRef<Actor | null>>
}

const key: InjectionKey<DataContext> = Symbol('data')

/** What stands before the worker has said anything. */
export const startingStatus: Status = {
  phase: 'starting',
  online: false,
  demo: false,
  station: null,
  device: null,
  account: null,
  pending: 0,
  refused: 0,
  complete: null,
  lastContactMs: null,
  progress: null,
  persistent: null,
  trouble: null,
}

export function provideData(app: App, data: Data): DataContext {
  const ends: (() => void)[] = []
  const follow = <T>(source: Observable<T>, initial: T): ShallowRef<T> => {
    const held = shallowRef(initial)
    const subscription = source.subscribe((value) => {
      held.value = value
    })
    ends.push(() => subscription.unsubscribe())
    return held
  }
  const context: DataContext = {
    data,
    status: follow(data.status$, startingStatus),
    own: follow<readonly OwnChange[]>(data.own$, []),
    actor: follow<Actor | null>(data.actor$, null),
  }
  app.onUnmount(() => {
    for (const end of ends) end()
  })
  app.provide(key, context)
  return context
}

function useContext(): DataContext {
  const found = inject(key, null)
  assert(found, 'A composition root provides the data before it mounts.')
  return found
}

export const useData = (): Data => useContext().data
export const useStatus = (): Readonly<ShallowRef<Status>> => useContext().status
export const useOwnChanges = (): Readonly<ShallowRef<readonly OwnChange[]>> => useContext().own
export const useActor = (): Readonly<ShallowRef<Actor | null>> => useContext().actor

export interface Rows {
  readonly rows: Readonly<ShallowRef<readonly ShownRecord[]>>
  /** False until the first answer: an empty list is said only after it. */
  readonly ready: Readonly<ShallowRef<boolean>>
}

/** Rows of a query that may change; null asks nothing. */
export function useRows(query: () => RecordQuery | null): Rows {
  const data = useData()
  const rows = shallowRef<readonly ShownRecord[]>([])
  const ready = shallowRef(false)
  let end = () => {}
  const start = (wanted: RecordQuery | null) => {
    end()
    if (!wanted) {
      rows.value = []
      return
    }
    const subscription = data.watch(wanted).subscribe((found) => {
      rows.value = found
      ready.value = true
    })
    end = () => subscription.unsubscribe()
  }
  // Compared as text: a getter makes a new object each time, and the same question must not be asked again.
  watch(
    () => JSON.stringify(query()),
    () => start(query()),
    { immediate: true },
  )
  onScopeDispose(() => end())
  return { rows, ready }
}

export interface One {
  readonly record: Readonly<ShallowRef<ShownRecord | null>>
  readonly ready: Readonly<ShallowRef<boolean>>
}

export function useOne(type: () => string, id: () => string | null): One {
  const data = useData()
  const record = shallowRef<ShownRecord | null>(null)
  const ready = shallowRef(false)
  let end = () => {}
  watch(
    [type, id],
    ([wantedType, wantedId]) => {
      end()
      record.value = null
      ready.value = false
      if (wantedId === null) return
      const subscription = data.watchOne(wantedType, wantedId).subscribe((found) => {
        record.value = found
        ready.value = true
      })
      end = () => subscription.unsubscribe()
    },
    { immediate: true },
  )
  onScopeDispose(() => end())
  return { record, ready }
}

/** Names of the people of this station by account id. */
export function useNames(): ComputedRef<ReadonlyMap<string, string>> {
  const { rows } = useRows(() => ({ type: 'account' }))
  return computed(() => new Map(rows.value.map((row) => [row.id, String(row.fields['name'] ?? '')])))
}
