/** One act on the chosen visit from its panel: commits, and closes the panel when it was taken. */
import type { Ref } from 'vue'
import type { Json } from '#protocols/record/value.ts'
import type { ShownRecord } from '../../shared/data/api.ts'
import { useAct } from '../../shared/ui/use-act.ts'
import { useDesk } from './desk-state.ts'
import type { DeskAct } from './visit-acts.ts'

export interface VisitAct {
  readonly busy: Readonly<Ref<boolean>>
  close(): void
  /** False: it was refused, the person has been told and everything typed stands. */
  send(values: Readonly<Record<string, Json>>): Promise<boolean>
}

export function useVisitAct(visit: () => ShownRecord, act: () => DeskAct): VisitAct {
  const desk = useDesk()
  const { act: commit, busy } = useAct()
  return {
    busy,
    close: () => desk.closePanel(),
    async send(values) {
      const done = await commit({ type: 'visit', record: visit().id, kind: `do:${act()}`, values })
      if (done) desk.closePanel()
      return done
    },
  }
}
