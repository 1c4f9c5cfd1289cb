/** Text of a face: the shared catalogue and the face's own under one vue-i18n. Its compiler makes trees and walks them, it never makes code
 *  from text, so it runs under a policy without unsafe-eval. */
import { createI18n, type I18n } from 'vue-i18n'
import type { Locale } from '#protocols/text/text.ts'
import type { Catalogues, Texts } from './catalogue.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

export const locales = ['zh-CN', 'en'] as const satisfies readonly Locale[]
export const defaultLocale: Locale = 'zh-CN'
export const isLocale = (value: unknown): value is Locale => (locales as readonly unknown[]).includes(value)

export const sharedCatalogues: Catalogues = { 'zh-CN': zhCN, en }

export type FaceI18n = I18n<Record<Locale, Texts>, Record<never, never>, Record<never, never>, Locale, false>

/** face: the words of one face; its top keys differ from the shared ones. */
export function createTexts(face: Catalogues, locale: Locale = defaultLocale): FaceI18n {
  const messages = Object.fromEntries(locales.map((each) => [each, { ...sharedCatalogues[each], ...face[each] }]))
  return createI18n({
    legacy: false,
    locale,
    fallbackLocale: defaultLocale,
    messages: messages as never,
  }) as unknown as FaceI18n
}
