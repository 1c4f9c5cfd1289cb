import { describe, expect, it } from 'vitest'
import { clockText, dateTimeText, isSameDay, relativeText, weekdayText } from '../../../../client/shared/i18n/time.ts'

const at = Date.UTC(2026, 10, 21, 6, 5)
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('times', () => {
  it('stand in the station zone, whatever the device is set to', () => {
    expect(dateTimeText(at)).toBe('2026-11-21 14:05')
    expect(clockText(at)).toBe('14:05')
    expect(dateTimeText(Date.UTC(2026, 11, 31, 16))).toBe('2027-01-01 00:00')
  })

  it('the day changes at midnight of the station', () => {
    expect(isSameDay(Date.UTC(2026, 10, 21, 15, 59), at)).toBe(true)
    expect(isSameDay(Date.UTC(2026, 10, 21, 16, 0), at)).toBe(false)
    expect(weekdayText(at, 'zh-CN')).toBe('周六')
    expect(weekdayText(Date.UTC(2026, 10, 21, 16, 0), 'en')).toBe('Sun')
  })

  it.each([
    [at - 20_000, '现在', 'now'],
    [at + 20_000, '现在', 'now'],
    [at - 3 * minute, '3分钟前', '3 min. ago'],
    [at - 119 * minute, '1小时前', '1 hr. ago'],
    [at + 2 * hour, '2小时后', 'in 2 hr.'],
    [at - day, '昨天', 'yesterday'],
    [at - 40 * day, '上个月', 'last mo.'],
    [at - 800 * day, '2年前', '2 yr. ago'],
  ])('%d away is said in both languages', (ms, zh, en) => {
    expect(relativeText(ms, at, 'zh-CN')).toBe(zh)
    expect(relativeText(ms, at, 'en')).toBe(en)
  })
})
