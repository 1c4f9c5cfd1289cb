/** Choices of a person for this face on this device: language and appearance, nothing about people or matters. */
import { type App, computed, type InjectionKey, inject, type Ref, ref, watch, watchEffect } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { Locale } from '#protocols/text/text.ts'
import { defaultLocale, isLocale } from '../i18n/i18n.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
const isTheme = (value: unknown): value is Theme => (themes as readonly unknown[]).includes(value)
const pick = <T>(value: unknown, is: (value: unknown) => value is T, otherwise: T): T => (is(value) ? value : otherwise)

export interface Preferences {
  readonly locale: Ref<Locale>
  readonly theme: Ref<Theme>
  /** What is on the screen now. */
  readonly dark: Readonly<Ref<boolean>>
}

const key: InjectionKey<Preferences> = Symbol('preferences')

/** Reads, applies to the page and keeps. Faces share one origin, so the name of the face stands before each key. */
export function createPreferences(face: string): Preferences {
  const kept = (name: string) => localStorage.getItem(`outpost.${face}.${name}`)
  const keep = (name: string, value: string) => localStorage.setItem(`outpost.${face}.${name}`, value)
  const locale = ref<Locale>(pick(kept('locale'), isLocale, defaultLocale))
  const theme = ref<Theme>(pick(kept('theme'), isTheme, 'system'))
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))
  system.addEventListener('change', () => {
    systemDark.value = system.matches
  })
  watch(locale, (value) => keep('locale', value))
  watch(theme, (value) => keep('theme', value))
  watchEffect(() => {
    document.documentElement.lang = locale.value
  })
  watchEffect(() => {
    document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light'
    // The system's own bar takes the colour of the page's top.
    const top = getComputedStyle(document.documentElement).getPropertyValue('--surface')
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', top)
  })
  return { locale, theme, dark }
}

export const providePreferences = (app: App, preferences: Preferences): void => void app.provide(key, preferences)

export function usePreferences(): Preferences {
  const found = inject(key, null)
  assert(found, 'A composition root provides the preferences before it mounts.')
  return found
}
