/** Puts the desk together from what it is given and mounts it. Takes nothing from the world itself, so a test starts it as it is. */
import { type App, createApp, watch, watchEffect } from 'vue'
import '../shared/styles/base.css'
import './desk.css'
import type { Data } from '../shared/data/api.ts'
import { createTexts } from '../shared/i18n/i18n.ts'
import { failureOf } from '../shared/ui/failure.ts'
import { createNotices, provideNotices } from '../shared/ui/notices.ts'
import { createPreferences, providePreferences } from '../shared/ui/preferences.ts'
import { provideSurroundings, type Surroundings } from '../shared/ui/surroundings.ts'
import { provideData } from '../shared/ui/use-data.ts'
import AppRoot from './app.vue'
import { createDesk, provideDesk } from './logic/desk-state.ts'
import { createDeskRouter } from './router.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

export interface DeskParts extends Surroundings {
  readonly data: Data
  /** From the link that was opened; null when there was none. */
  readonly ticket: string | null
}

export function startDesk(parts: DeskParts, at: Element): App {
  const preferences = createPreferences('desk')
  const texts = createTexts({ 'zh-CN': zhCN, en }, preferences.locale.value)
  watch(preferences.locale, (locale) => {
    texts.global.locale.value = locale
  })
  watchEffect(() => {
    document.title = texts.global.t('desk.pageTitle')
  })
  const notices = createNotices(parts.timers)
  const app = createApp(AppRoot, { ticket: parts.ticket })
  app.config.errorHandler = (thrown) => notices.fail(failureOf(thrown))
  app.use(texts)
  app.use(createDeskRouter())
  provideSurroundings(app, parts)
  provideNotices(app, notices)
  providePreferences(app, preferences)
  provideDesk(app, createDesk())
  provideData(app, parts.data)
  app.mount(at)
  return app
}
