/** Names of stations by id, for every screen that shows a row of one. */
import { computed, type ComputedRef } from 'vue'
import type { StationRow } from '#protocols/http/console.ts'
import { useWords } from '../../shared/i18n/words.ts'
import { type Asked, useAsk, useHub } from './use-hub.ts'

export interface Stations extends Asked<readonly StationRow[]> {
  readonly nameOf: ComputedRef<(station: string) => string>
}

export function useStations(): Stations {
  const { hub } = useHub()
  const { t, locale } = useWords()
  const asked = useAsk(
    () => 'stations',
    () => hub.stations(),
  )
  const nameOf = computed(() => {
    const names = new Map(
      (asked.answer.value ?? []).map((row) => [row.station, locale.value === 'zh-CN' ? row.name : row.nameEn]),
    )
    return (station: string) => names.get(station) ?? (station === '' ? t('stations.unknown') : station.slice(0, 8))
  })
  return { ...asked, nameOf }
}
