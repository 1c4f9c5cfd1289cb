/** The chosen visit, what may be done with it now, and how an act begins: at once, or with a panel that names the person. */
import { computed, type ComputedRef, type InjectionKey, inject, provide, type Ref } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { ShownRecord } from '../../shared/data/api.ts'
import { useAct } from '../../shared/ui/use-act.ts'
import { useActor, useOne } from '../../shared/ui/use-data.ts'
import { useDesk } from './desk-state.ts'
import type { Visits } from './use-visits.ts'
import { actsOf, type DeskAct, isPanelAct, nextAct } from './visit-acts.ts'
import { textField } from './visit-view.ts'

export interface Chosen {
  readonly visit: Readonly<Ref<ShownRecord | null>>
  readonly ready: Readonly<Ref<boolean>>
  readonly person: ComputedRef<ShownRecord | null>
  readonly acts: ComputedRef<readonly DeskAct[]>
  readonly next: ComputedRef<DeskAct | null>
  readonly busy: Readonly<Ref<boolean>>
  /** Does nothing when the act may not be done now. */
  begin(act: DeskAct): void
}

const key: InjectionKey<Chosen> = Symbol('chosen')

/** Once, in the frame of the work, after the visits. */
export function provideChosen(visits: Visits): Chosen {
  const desk = useDesk()
  const actor = useActor()
  const { act: commit, busy } = useAct()
  const { record: visit, ready } = useOne(
    () => 'visit',
    () => desk.state.chosen,
  )
  const acts = computed(() => (visit.value && actor.value ? actsOf(visit.value, actor.value) : []))
  const visitorId = computed(() => textField(visit.value, 'visitor') || null)
  const { record: visitor } = useOne(
    () => 'person',
    () => visitorId.value,
  )
  const chosen: Chosen = {
    visit,
    ready,
    person: computed(() => visitor.value ?? visits.persons.value.get(visitorId.value ?? '') ?? null),
    acts,
    next: computed(() => (visit.value ? nextAct(visit.value, acts.value) : null)),
    busy,
    begin(act) {
      const record = visit.value
      if (!record || !acts.value.includes(act)) return
      if (isPanelAct(act)) desk.open({ kind: 'act', act })
      else void commit({ type: 'visit', record: record.id, kind: `do:${act}`, values: {} })
    },
  }
  provide(key, chosen)
  return chosen
}

export function useChosen(): Chosen {
  const found = inject(key, null)
  assert(found, 'The frame of the work provides the chosen visit.')
  return found
}
