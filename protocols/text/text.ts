/** Words a person reads, always in both languages. zh-CN comes first, en second. */
export interface Text {
  readonly zh: string
  readonly en: string
}
export type Locale = 'zh-CN' | 'en'

export const t = (zh: string, en: string): Text => ({ zh, en })
export const textOf = (text: Text, locale: Locale): string => (locale === 'zh-CN' ? text.zh : text.en)
