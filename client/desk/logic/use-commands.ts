/** Everything that can be done by a key or from the palette now, in one list: the palette shows it, the keys run it. */
import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import { useWords } from '../../shared/i18n/words.ts'
import { themes, usePreferences } from '../../shared/ui/preferences.ts'
import { useData } from '../../shared/ui/use-data.ts'
import type { Command } from './commands.ts'
import { useDesk } from './desk-state.ts'
import { deskActKeys, generalKeys, listKeys, placeKeys } from './keys.ts'
import type { Chosen } from './use-chosen.ts'
import type { Visits } from './use-visits.ts'
import { lists } from './visit-lists.ts'
import { textField } from './visit-view.ts'

/** Handed in: whoever provides them cannot ask for them too. */
export function useCommands(visits: Visits, chosen: Chosen): ComputedRef<readonly Command[]> {
  const words = useWords()
  const router = useRouter()
  const data = useData()
  const desk = useDesk()
  const { locale, theme } = usePreferences()
  const { t } = words
  const go = (name: string, query: Record<string, string> = {}) => void router.push({ name, query })

  return computed(() => {
    const visitor = textField(chosen.person.value, 'name')
    const acts = chosen.acts.value.map(
      (act): Command => ({
        id: `act.${act}`,
        title: t(`acts.${act}.name`),
        about: visitor,
        key: deskActKeys[act],
        run() {
          go('visits')
          chosen.begin(act)
        },
      }),
    )
    const toLists = lists.map(
      (list): Command => ({
        id: `list.${list}`,
        title: t('commands.list', { list: t(`lists.${list}`) }),
        about: t('common.count', { n: visits.rowsOf[list].value.length }),
        key: listKeys[list],
        run() {
          go('visits')
          desk.showList(list)
        },
      }),
    )
    const places: Command[] = [
      { id: 'place.visits', title: t('places.visits'), key: placeKeys.visits, run: () => go('visits') },
      { id: 'place.muster', title: t('places.muster'), key: placeKeys.muster, run: () => go('muster') },
      { id: 'place.devices', title: t('places.devices'), key: placeKeys.devices, run: () => go('devices') },
      {
        id: 'place.ticket',
        title: t('commands.ticket'),
        key: placeKeys.ticket,
        run: () => go('devices', { ticket: '1' }),
      },
      { id: 'place.refused', title: t('places.refused'), key: placeKeys.refused, run: () => go('refused') },
    ]
    const others: Command[] = [
      {
        id: 'many',
        title: t('commands.many'),
        key: generalKeys.many,
        run() {
          go('visits')
          desk.toggleMany()
        },
      },
      {
        id: 'help',
        title: t('commands.help'),
        key: generalKeys.help,
        run() {
          desk.overlay.value = 'help'
        },
      },
      { id: 'lock', title: t('commands.lock'), key: generalKeys.lock, run: () => void data.lock() },
      {
        id: 'locale',
        title: t('commands.locale'),
        key: null,
        run() {
          locale.value = locale.value === 'zh-CN' ? 'en' : 'zh-CN'
        },
      },
      ...themes.map(
        (each): Command => ({
          id: `theme.${each}`,
          title: `${t('theme.label')}: ${t(`theme.${each}`)}`,
          key: null,
          run() {
            theme.value = each
          },
        }),
      ),
    ]
    return [...acts, ...toLists, ...places, ...others]
  })
}
