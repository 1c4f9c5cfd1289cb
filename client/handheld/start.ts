/** Puts the handheld together from what it is given and mounts it. Takes nothing from the world itself, so a test starts it as it is. */
import { type App, createApp, watch } from 'vue'
import '../shared/styles/base.css'
import type { Data } from '../shared/data/api.ts'
import { createTexts } from '../shared/i18n/i18n.ts'
import { createLog } from '../shared/log.ts'
import { failureOf } from '../shared/ui/failure.ts'
import { createNotices, provideNotices } from '../shared/ui/notices.ts'
import { createPreferences, providePreferences } from '../shared/ui/preferences.ts'
import { provideSurroundings, type Surroundings } from '../shared/ui/surroundings.ts'
import { provideData } from '../shared/ui/use-data.ts'
import AppRoot from './app.vue'
import { createHandheldRouter } from './router.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

export interface HandheldParts extends Surroundings {
  readonly data: Data
  /** From the link that was opened; null when there was none. */
  readonly ticket: string | null
}

export function startHandheld(parts: HandheldParts, at: Element): App {
  const preferences = createPreferences('handheld')
  const texts = createTexts({ 'zh-CN': zhCN, en }, preferences.locale.value)
  watch(preferences.locale, (locale) => {
    texts.global.locale.value = locale
  })
  const notices = createNotices(parts.timers)
  const app = createApp(AppRoot, { ticket: parts.ticket })
  const log = createLog('handheld')
  app.config.errorHandler = (thrown) => {
    const failure = failureOf(thrown)
    log.error('screen/fault', { code: failure.code, error: thrown instanceof Error ? thrown.name : 'unknown' })
    notices.fail(failure)
  }
  app.use(texts)
  app.use(createHandheldRouter())
  provideSurroundings(app, parts)
  provideNotices(app, notices)
  providePreferences(app, preferences)
  provideData(app, parts.data)
  app.mount(at)
  return app
}
