import { describe, expect, it } from 'vitest'
import { visit } from '#protocols/records/visit.ts'
import { actsOf, deskActs, isPanelAct, nextAct } from '../../../../client/desk/logic/visit-acts.ts'
import { actorOf, idOf, unit, visitOf } from './records.ts'

const desk = actorOf('front-desk')
const leader = actorOf('duty-leader')
const officer = actorOf('officer', idOf('officer'))

describe('what may be done with a visit at the desk', () => {
  it.each([
    ['planned', 'queued', ['arrive', 'assign', 'cancel'], 'arrive'],
    ['identityPending', 'queued', ['identify', 'assign', 'refuseEntry'], 'identify'],
    ['identified', 'queued', ['checkIn', 'assign', 'refuseEntry'], 'checkIn'],
    ['checkedIn', 'queued', ['assign', 'checkOut', 'stepOut', 'leaveUnregistered'], 'assign'],
    ['checkedIn', 'assigned', ['checkOut', 'stepOut', 'leaveUnregistered'], null],
    ['checkedIn', 'handling', ['checkOut', 'stepOut', 'leaveUnregistered'], null],
    ['checkedIn', 'handled', ['checkOut', 'stepOut', 'leaveUnregistered'], 'checkOut'],
    ['steppedOut', 'signed', ['checkOut', 'comeBack', 'leaveUnregistered'], 'comeBack'],
    ['checkedOut', 'handled', [], null],
    ['checkedOut', 'closed', [], null],
    ['refusedEntry', 'queued', ['assign'], 'assign'],
  ] as const)('front desk, %s and %s: %o, next %s', (presence, handling, acts, next) => {
    const record = visitOf(presence, handling)
    expect(actsOf(record, desk)).toEqual(acts)
    expect(nextAct(record, actsOf(record, desk))).toBe(next)
  })

  it('a duty leader can also hand back, transfer, close and reopen', () => {
    expect(actsOf(visitOf('checkedIn', 'signed'), leader)).toEqual(expect.arrayContaining(['transfer', 'handBack']))
    expect(actsOf(visitOf('checkedOut', 'handled'), leader)).toEqual(['close'])
    expect(actsOf(visitOf('checkedOut', 'closed'), leader)).toEqual(['reopen'])
  })

  it('close is not offered while the visitor is inside: the gateway would refuse it', () => {
    expect(actsOf(visitOf('checkedIn', 'handled'), leader)).not.toContain('close')
  })

  it('an officer has the acts of the visits that are theirs, and no others', () => {
    expect(actsOf(visitOf('checkedIn', 'assigned', { officer: idOf('officer') }), officer)).toEqual([
      'transfer',
      'handBack',
    ])
    expect(actsOf(visitOf('checkedIn', 'assigned', { officer: idOf('another') }), officer)).toEqual([])
  })

  it('nobody acts for another unit, and an auditor only reads', () => {
    expect(actsOf(visitOf('checkedIn', 'queued', { unit: idOf('elsewhere') }), desk)).toEqual([])
    expect(actsOf(visitOf('checkedIn', 'queued'), actorOf('auditor'))).toEqual([])
    expect(unit).not.toBe(idOf('elsewhere'))
  })

  it('every act is a transition of the declaration, and every ending one asks by a panel', () => {
    for (const act of deskActs) {
      const track = visit.tracks[visit.trackOf[act] ?? '']
      expect(track?.transitions[act], act).toBeDefined()
      const ends = track?.final.includes(track.transitions[act]?.to ?? '')
      if (ends || (track?.transitions[act]?.needs ?? []).length > 0) expect(isPanelAct(act), act).toBe(true)
    }
  })
})
