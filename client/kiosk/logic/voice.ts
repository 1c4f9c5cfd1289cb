/** Reads the screens aloud. It can say nothing but the fixed sentences under 'say.' of the catalogue: no value of a visitor, a visit or a reason
 *  ever reaches it (domain rule R6). */
import { computed, type ComputedRef, type Ref, ref, shallowRef } from 'vue'
import type { Locale } from '#protocols/text/text.ts'
import type { ScreenName } from './visitor.ts'

export type Spoken = ScreenName | 'still' | 'away'

export interface Voice {
  /** Is there a voice for the language of the screen? Without one there is no switch either. */
  readonly exists: ComputedRef<boolean>
  readonly on: Ref<boolean>
  say(what: Spoken): void
  hush(): void
}

interface VoiceParts {
  readonly locale: () => Locale
  /** The catalogue; asked for 'say.<screen>' alone, without values. */
  readonly text: (key: string) => string
  /** Null where the browser has none. */
  readonly speech: SpeechSynthesis | null
  readonly utter: (text: string) => SpeechSynthesisUtterance
}

/** zh-CN, zh_CN and cmn-Hans-CN are all Chinese. */
const languageOf: Readonly<Record<Locale, RegExp>> = { 'zh-CN': /^(zh|cmn)/i, en: /^en/i }

/** A little slower than talk: a hall has echoes. */
const rate = 0.95

export function createVoice({ locale, text, speech, utter }: VoiceParts): Voice {
  const voices = shallowRef<readonly SpeechSynthesisVoice[]>(speech?.getVoices() ?? [])
  speech?.addEventListener('voiceschanged', () => {
    voices.value = speech.getVoices()
  })
  const voiceNow = () => voices.value.find((each) => each.localService && languageOf[locale()].test(each.lang))
  const on = ref(false)
  return {
    exists: computed(() => voiceNow() !== undefined),
    on,
    say(what) {
      speech?.cancel()
      const voice = voiceNow()
      if (!on.value || !speech || !voice) return
      const utterance = utter(text(`say.${what}`))
      utterance.voice = voice
      utterance.lang = locale()
      utterance.rate = rate
      speech.speak(utterance)
    },
    hush: () => speech?.cancel(),
  }
}
