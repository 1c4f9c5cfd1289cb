/** Puts the console together from what it is given and mounts it. Takes nothing from the world itself, so a test starts it as it is. */
import { type App, createApp, watch, watchEffect } from 'vue'
import '../shared/styles/base.css'
import './console.css'
import { createTexts } from '../shared/i18n/i18n.ts'
import { failureOf } from '../shared/ui/failure.ts'
import { createNotices, provideNotices } from '../shared/ui/notices.ts'
import { createPreferences, providePreferences } from '../shared/ui/preferences.ts'
import { provideSurroundings, type Surroundings } from '../shared/ui/surroundings.ts'
import AppRoot from './app.vue'
import type { Hub } from './logic/hub.ts'
import type { Live } from './logic/live.ts'
import { provideHub } from './logic/use-hub.ts'
import { createConsoleRouter } from './router.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

export interface ConsoleParts extends Surroundings {
  readonly hub: Hub
  readonly live: Live
}

export function startConsole(parts: ConsoleParts, at: Element): App {
  const preferences = createPreferences('hub-console')
  const texts = createTexts({ 'zh-CN': zhCN, en }, preferences.locale.value)
  watch(preferences.locale, (locale) => {
    texts.global.locale.value = locale
  })
  watchEffect(() => {
    document.title = texts.global.t('hub.pageTitle')
  })
  const notices = createNotices(parts.timers)
  const app = createApp(AppRoot)
  app.config.errorHandler = (thrown) => notices.fail(failureOf(thrown))
  app.use(texts)
  app.use(createConsoleRouter())
  provideSurroundings(app, parts)
  provideNotices(app, notices)
  providePreferences(app, preferences)
  provideHub(app, parts.hub, parts.live)
  app.mount(at)
  return app
}
