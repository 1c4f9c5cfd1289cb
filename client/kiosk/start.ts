/** Puts the kiosk together from what it is given and mounts it. It keeps nothing in the browser but what the session itself needs: language, size
 *  and voice are the visitor's and go with them. */
import { type App, createApp, ref, watch, watchEffect } from 'vue'
import '../shared/styles/base.css'
import './kiosk.css'
import type { Clock, Timers } from '#protocols/clock.ts'
import type { Random } from '#crypto/random.ts'
import type { Locale } from '#protocols/text/text.ts'
import { createTexts, defaultLocale } from '../shared/i18n/i18n.ts'
import { provideSurroundings } from '../shared/ui/surroundings.ts'
import AppRoot from './app.vue'
import { createKiosk } from './logic/kiosk.ts'
import type { KioskLink } from './logic/link.ts'
import { createSounds } from './logic/sounds.ts'
import { providePage } from './logic/use-kiosk.ts'
import { createVoice } from './logic/voice.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

export interface KioskPageParts {
  readonly link: KioskLink
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** From the link that was opened; null when there was none. */
  readonly ticket: string | null
}

/** After so long without a touch the start page is as the next visitor expects it. */
const preferenceMs = 60_000

export function startKiosk(parts: KioskPageParts, at: Element): App {
  const texts = createTexts({ 'zh-CN': zhCN, en })
  const locale = texts.global.locale
  const large = ref(false)
  const voice = createVoice({
    locale: () => locale.value as Locale,
    text: (key) => texts.global.t(key),
    speech: 'speechSynthesis' in globalThis ? globalThis.speechSynthesis : null,
    utter: (text) => new SpeechSynthesisUtterance(text),
  })
  const forgetPreferences = () => {
    locale.value = defaultLocale
    large.value = false
    voice.on.value = false
    voice.hush()
  }
  const kiosk = createKiosk({ ...parts, onReset: forgetPreferences })
  const sounds = createSounds()
  watch(kiosk.flashed, (flash) => {
    if (flash) sounds.play(flash.tone)
  })
  watchEffect(() => {
    document.documentElement.lang = locale.value
    document.documentElement.dataset['large'] = String(large.value)
  })
  watch([locale, large, voice.on], () => armPreferences())
  let cancelPreferences = () => {}
  const armPreferences = () => {
    cancelPreferences()
    cancelPreferences = parts.timers.after(preferenceMs, () => (kiosk.visitor.screen === 'start' ? forgetPreferences() : armPreferences()))
  }

  const app = createApp(AppRoot, { ticket: parts.ticket })
  app.use(texts)
  provideSurroundings(app, parts)
  providePage(app, {
    kiosk,
    voice,
    large,
    changeLocale: () => {
      locale.value = locale.value === 'zh-CN' ? 'en' : 'zh-CN'
    },
  })
  app.onUnmount(() => {
    cancelPreferences()
    kiosk.close()
    sounds.close()
    voice.hush()
  })
  app.mount(at)
  return app
}
