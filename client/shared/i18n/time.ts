/** Times as people here write them: 2026-11-21 14:05 at the station, with "3 分钟前" beside it. Pure: the present comes as an argument. */
import type { Locale } from '#protocols/text/text.ts'

/** China has one zone, eight hours ahead, without summer time. */
export const stationZoneMinutes = 480

const shifted = (ms: number) => new Date(ms + stationZoneMinutes * 60_000).toISOString()

/** '2026-11-21 14:05' */
export const dateTimeText = (ms: number): string => `${shifted(ms).slice(0, 10)} ${shifted(ms).slice(11, 16)}`
/** '2026-11-21' */
export const dateText = (ms: number): string => shifted(ms).slice(0, 10)
/** '14:05' */
export const clockText = (ms: number): string => shifted(ms).slice(11, 16)
/** '周六', 'Sat' */
export const weekdayText = (ms: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(ms + stationZoneMinutes * 60_000),
  )
export const isSameDay = (a: number, b: number): boolean => dateText(a) === dateText(b)

const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly ms: number }[] = [
  { unit: 'year', ms: 365 * 86_400_000 },
  { unit: 'month', ms: 30 * 86_400_000 },
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
]

const formats = new Map<Locale, Intl.RelativeTimeFormat>()
function formatOf(locale: Locale): Intl.RelativeTimeFormat {
  const known = formats.get(locale)
  if (known) return known
  const made = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  formats.set(locale, made)
  return made
}

/** 'now', '3 min. ago', 'in 2 hr.' Under a minute to either side is now: the clocks of two devices never agree to the second. */
export function relativeText(ms: number, nowMs: number, locale: Locale): string {
  const away = ms - nowMs
  const step = steps.find((each) => Math.abs(away) >= each.ms)
  return step ? formatOf(locale).format(Math.trunc(away / step.ms), step.unit) : formatOf(locale).format(0, 'second')
}

/** How often a relative text that old can change. */
export const refreshMs = 20_000
