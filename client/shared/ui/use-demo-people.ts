/** The invented people of a demo station with their PINs; an empty list anywhere else. */
import { onMounted, type Ref, ref, watch } from 'vue'
import type { DemoPerson } from '#protocols/http/session.ts'
import { useData, useStatus } from './use-data.ts'

export interface DemoPeople {
  readonly people: Readonly<Ref<readonly DemoPerson[]>>
  /** The list was asked for and did not come. */
  readonly failed: Readonly<Ref<boolean>>
}

export function useDemoPeople(): DemoPeople {
  const data = useData()
  const status = useStatus()
  const people = ref<readonly DemoPerson[]>([])
  const failed = ref(false)
  const ask = async () => {
    if (!status.value.demo || people.value.length > 0) return
    try {
      people.value = await data.demoPeople()
      failed.value = false
    } catch {
      failed.value = true
    }
  }
  onMounted(ask)
  watch(() => [status.value.demo, status.value.online], ask)
  return { people, failed }
}
