/** Words of an error for a visitor: happened, kept, to do. They come from the one catalogue of codes; only where its words speak to an officer
 *  or would be untrue here does the kiosk say it in its own. */
import type { ErrorDetail } from '#protocols/errors.ts'
import { errorText } from '#protocols/text/errors.ts'
import type { Locale } from '#protocols/text/text.ts'

/** Code -> beginning of the keys under 'trouble.'. */
const ownWords: Readonly<Record<string, string>> = {
  'request/not-found': 'lost',
  'device/unreachable': 'device',
  'session/none': 'sign',
  'session/denied': 'sign',
  'identity/expired': 'sign',
  'change/transition-stale': 'moved',
  'change/guard-failed': 'moved',
  'change/denied': 'moved',
}

export interface TroubleWords {
  readonly happened: string
  readonly kept: string
  readonly todo: string
}

export function visitorWords(code: string, detail: ErrorDetail, locale: Locale, t: (key: string) => string): TroubleWords {
  const sought = code === 'request/not-found' && (detail['what'] === 'slip' || detail['what'] === 'document') ? detail['what'] : null
  const own = sought ?? ownWords[code]
  if (!own) return errorText(code, locale)
  return { happened: t(`trouble.${own}Happened`), kept: t(`trouble.${own}Kept`), todo: t(`trouble.${own}Todo`) }
}
