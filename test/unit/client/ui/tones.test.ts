import { describe, expect, it } from 'vitest'
import { recordDefs } from '#protocols/records/index.ts'
import { toneExceptions, toneOf, tones } from '../../../../client/shared/ui/tones.ts'

describe('tones', () => {
  it('every exception names a state that is declared', () => {
    let walked = 0
    for (const [place, states] of Object.entries(toneExceptions)) {
      const [type = '', track = ''] = place.split(' ')
      for (const state of Object.keys(states)) {
        expect(recordDefs.get(type)?.tracks[track]?.states, place).toContain(state)
        walked += 1
      }
    }
    expect(walked).toBeGreaterThan(10)
  })

  it('every declared state has a tone', () => {
    let walked = 0
    for (const def of recordDefs.values())
      for (const [track, { states }] of Object.entries(def.tracks))
        for (const state of states) {
          expect(tones).toContain(toneOf(def.type, track, state))
          walked += 1
        }
    expect(walked).toBeGreaterThan(60)
  })

  it.each([
    ['visit', 'handling', 'queued', 'wait'],
    ['visit', 'handling', 'assigned', 'wait'],
    ['visit', 'handling', 'signed', 'info'],
    ['visit', 'handling', 'handled', 'ok'],
    ['visit', 'handling', 'closed', 'off'],
    ['visit', 'presence', 'refusedEntry', 'bad'],
    ['visit', 'presence', 'checkedIn', 'ok'],
    ['handling-record', 'handling', 'dispatched', 'wait'],
    ['nothing', 'known', 'here', 'off'],
  ])('%s %s %s is %s', (type, track, state, tone) => {
    expect(toneOf(type, track, state)).toBe(tone)
  })
})
