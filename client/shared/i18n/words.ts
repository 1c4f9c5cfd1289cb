/** Words on a screen: from the catalogue, from the declarations of records and from the code lists, all in the language chosen now. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { codeLists, codeTitle } from '#protocols/codes.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Json } from '#protocols/record/value.ts'
import { type Locale, type Text, textOf } from '#protocols/text/text.ts'

export interface Words {
  readonly locale: ComputedRef<Locale>
  /** Catalogue text by key, with named values; `n` also chooses between 'one | many'. */
  t(key: string, named?: Readonly<Record<string, string | number>>): string
  text(text: Text | undefined): string
  /** A code of a shipped list; as it is when the list does not know it. */
  code(list: string, code: Json | undefined): string
  type(type: string): string
  field(type: string, field: string): string
  state(type: string, track: string, state: string): string
  transition(type: string, name: string): string
  role(code: string): string
}

export function useWords(): Words {
  const { t, locale: chosen } = useI18n({ useScope: 'global' })
  const locale = computed(() => chosen.value as Locale)
  const text = (words: Text | undefined) => (words ? textOf(words, locale.value) : '')
  const code = (list: string, value: Json | undefined) => {
    if (typeof value !== 'string') return ''
    return codeLists.has(list) ? codeTitle(list, value, locale.value) : value
  }
  return {
    locale,
    t(key, named) {
      if (!named) return t(key)
      return typeof named['n'] === 'number' ? t(key, { ...named }, named['n']) : t(key, { ...named })
    },
    text,
    code,
    type: (type) => text(recordDefs.get(type)?.title) || type,
    field: (type, field) => text(recordDefs.get(type)?.allFields[field]?.title) || field,
    state: (type, track, state) => text(recordDefs.get(type)?.tracks[track]?.words[state]) || state,
    transition(type, name) {
      const def = recordDefs.get(type)
      return text(def?.tracks[def.trackOf[name] ?? '']?.transitions[name]?.title) || name
    },
    role: (value) => code('role', value),
  }
}
