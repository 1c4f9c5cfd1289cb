/** Pages of visits by cursor: more come when the end is in sight; a poke asks for what is shown anew, in one page while that suffices. */
import { onScopeDispose, ref, type Ref, type ShallowRef, shallowRef, watch } from 'vue'
import type { VisitRow } from '#protocols/http/console.ts'
import { type Failure, failureOf } from '../../shared/ui/failure.ts'
import { useSurroundings } from '../../shared/ui/surroundings.ts'
import type { VisitsQuery } from './hub.ts'
import { useHub } from './use-hub.ts'

/** A row of a list has one id: that of its station and its own. */
export interface ListedVisit extends VisitRow {
  readonly key: string
}

export interface VisitPages {
  readonly rows: Readonly<ShallowRef<readonly ListedVisit[] | null>>
  readonly failure: Readonly<ShallowRef<Failure | null>>
  readonly busy: Readonly<Ref<boolean>>
  readonly atEnd: Readonly<Ref<boolean>>
  more(): Promise<void>
  again(): Promise<void>
}

const pageRows = 60
const pageRowsMax = 200
const pauseMs = 400

const listed = (rows: readonly VisitRow[]): ListedVisit[] =>
  rows.map((row) => ({ ...row, key: `${row.station} ${row.id}` }))

export function useVisitPages(query: () => VisitsQuery): VisitPages {
  const context = useHub()
  const { timers } = useSurroundings()
  const rows = shallowRef<readonly ListedVisit[] | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const busy = ref(false)
  const atEnd = ref(false)
  let cursor: string | null = null
  let turn = 0
  let cancel = () => {}

  async function load(from: string | null, limit: number): Promise<void> {
    cancel()
    turn += 1
    const mine = turn
    busy.value = true
    try {
      const page = await context.hub.visits({ ...query(), cursor: from, limit })
      if (mine !== turn) return
      const before = from === null ? [] : (rows.value ?? [])
      const known = new Set(before.map((row) => row.key))
      rows.value = [...before, ...listed(page.visits).filter((row) => !known.has(row.key))]
      cursor = page.cursor
      atEnd.value = page.cursor === null
      failure.value = null
    } catch (thrown) {
      if (mine !== turn) return
      failure.value = failureOf(thrown)
      if (failure.value.code === 'session/none') context.session.value = null
    }
    busy.value = false
  }
  const again = () => load(null, Math.min(pageRowsMax, Math.max(pageRows, rows.value?.length ?? 0)))
  watch(
    () => JSON.stringify(query()),
    () => {
      rows.value = null
      void load(null, pageRows)
    },
    { immediate: true },
  )
  const subscription = context.live.poke$.subscribe((poke) => {
    if (poke?.kind === 'quarantine') return
    cancel()
    cancel = timers.after(pauseMs, () => void again())
  })
  onScopeDispose(() => {
    turn += 1
    cancel()
    subscription.unsubscribe()
  })
  return {
    rows,
    failure,
    busy,
    atEnd,
    again,
    async more() {
      if (!busy.value && !atEnd.value && cursor !== null) await load(cursor, pageRows)
    },
  }
}
