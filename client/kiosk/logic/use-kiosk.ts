/** The page's one kiosk, voice and settings of sight, handed to its screens. */
import { type App, type InjectionKey, inject, type Ref } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { Kiosk } from './kiosk.ts'
import type { Voice } from './voice.ts'

export interface Page {
  readonly kiosk: Kiosk
  readonly voice: Voice
  readonly large: Ref<boolean>
  /** The other language of two. */
  changeLocale(): void
}

const key: InjectionKey<Page> = Symbol('kiosk')
export const providePage = (app: App, page: Page): void => void app.provide(key, page)

export function usePage(): Page {
  const found = inject(key, null)
  assert(found, 'A composition root provides the page before it mounts.')
  return found
}
export const useKiosk = (): Kiosk => usePage().kiosk
