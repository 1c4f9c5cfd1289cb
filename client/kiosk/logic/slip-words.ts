/** How a slip's values are written for people. */
import type { KioskBeginAnswer } from '#protocols/http/kiosk.ts'
import { codeTitle } from '#protocols/codes.ts'
import type { Locale } from '#protocols/text/text.ts'

/** 7 -> '007': three digits at least, so that a call over the loudspeaker and the paper look alike. */
export const queueText = (queue: number): string => String(queue).padStart(3, '0')

/** The station's own edition first, then the shipped one, then the code itself. */
export function reasonTitle(code: string, reasons: KioskBeginAnswer['reasons'], locale: Locale): string {
  const row = reasons.find((each) => each.code === code)
  if (!row) return codeTitle('visit-reason', code, locale)
  return locale === 'zh-CN' ? row.zh : row.en
}
