/** Words in the language that is not chosen: on the start page nobody has chosen yet. */
import { useI18n } from 'vue-i18n'
import { locales } from '../../shared/i18n/i18n.ts'

export function useOtherWords(): (key: string) => string {
  const { t, locale } = useI18n({ useScope: 'global' })
  return (key) => t(key, {}, { locale: locales.find((each) => each !== locale.value) ?? locales[0] })
}
