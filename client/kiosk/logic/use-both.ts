/** Words in the language that is not chosen: where nobody has chosen yet, or cannot now. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Locale } from '#protocols/text/text.ts'
import { locales } from '../../shared/i18n/i18n.ts'

export function useOtherLocale(): ComputedRef<Locale> {
  const { locale } = useI18n({ useScope: 'global' })
  return computed(() => locales.find((each) => each !== locale.value) ?? locales[0])
}

export function useOtherWords(): (key: string) => string {
  const { t } = useI18n({ useScope: 'global' })
  const other = useOtherLocale()
  return (key) => t(key, {}, { locale: other.value })
}
