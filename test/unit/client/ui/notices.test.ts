import { describe, expect, it } from 'vitest'
import { createNotices, saidMs } from '../../../../client/shared/ui/notices.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'

describe('notices', () => {
  it('a plain word goes by itself, a refusal stays until it is closed', () => {
    const clock = createFakeClock()
    const notices = createNotices(clock)
    notices.say('a')
    clock.advance(saidMs)
    expect(notices.list.value).toEqual([])
    notices.fail({ code: 'change/denied', detail: {} }, 'visit')
    clock.advance(100 * saidMs)
    expect(notices.list.value).toHaveLength(1)
    notices.close(notices.list.value[0]?.id ?? 0)
    expect(notices.list.value).toEqual([])
  })

  it('the end of an earlier word does not take a later one away', () => {
    const clock = createFakeClock()
    const notices = createNotices(clock)
    notices.say('a')
    clock.advance(saidMs / 2)
    notices.say('b')
    clock.advance(saidMs / 2)
    expect(notices.list.value.map((each) => each.text)).toEqual(['b'])
  })
})
