import { describe, expect, it } from 'vitest'
import type { OwnChange } from '../../../../client/shared/data/api.ts'
import {
  ageOf,
  feedbackOf,
  handBackOf,
  hereSinceMs,
  numberOf,
  photosOf,
} from '../../../../client/desk/logic/visit-view.ts'
import { idOf, lineOf, visitOf } from './records.ts'

describe('readings of a visit', () => {
  it('a visit that was handed back says by whom and why, until it is assigned again', () => {
    const history = [
      lineOf('do:assign', 1),
      lineOf('do:handBack', 2, idOf('a')),
      lineOf('do:assign', 3),
      lineOf('do:handBack', 4, idOf('b')),
    ]
    const back = visitOf('checkedIn', 'queued', { backReason: 'not my field' }, { history })
    expect(handBackOf(back)).toEqual({ by: idOf('b'), reason: 'not my field', atMs: 4 })
    expect(handBackOf(visitOf('checkedIn', 'assigned', { backReason: 'not my field' }, { history }))).toBeNull()
    expect(handBackOf(visitOf('checkedIn', 'queued', {}, { history: [lineOf('create', 1)] }))).toBeNull()
  })

  it('who has not been checked in is here since the visit was made', () => {
    expect(hereSinceMs(visitOf('identityPending', 'queued', {}, { createdMs: 7 }))).toBe(7)
    expect(hereSinceMs(visitOf('checkedIn', 'queued', { checkedInAt: 9 }, { createdMs: 7 }))).toBe(9)
  })

  it('photos stand in the order they were taken, and one whose change waits is pending', () => {
    const row = (takenAt: number) => ({ file: 'f', key: 'k', sha256: 's', sizeBytes: 1, media: 'image/jpeg', takenAt })
    const record = visitOf('checkedIn', 'handling', { photos: { a: row(3), b: row(1), c: row(2) } })
    const own: Pick<OwnChange, 'record' | 'state' | 'values'>[] = [
      { record: record.id, state: 'pending', values: { photos: { c: row(2) } } },
      { record: idOf('other'), state: 'pending', values: { photos: { a: row(3) } } },
      { record: record.id, state: 'refused', values: { photos: { b: row(1) } } },
    ]
    expect(photosOf(record, own as OwnChange[]).map(({ id, pending }) => [id, pending])).toEqual([
      ['b', false],
      ['c', true],
      ['a', false],
    ])
    expect(photosOf(visitOf('checkedIn', 'queued'), [])).toEqual([])
  })

  it('feedback is the lines of the record or nothing', () => {
    const line = { id: idOf('l'), text: 'x', officer: null, atMs: 1 }
    expect(feedbackOf(visitOf('checkedIn', 'handling', { feedback: [line] }))).toEqual([line])
    expect(feedbackOf(visitOf('checkedIn', 'handling'))).toEqual([])
  })

  it('a number is shown short, one of another form as it is', () => {
    expect(numberOf(visitOf('checkedIn', 'queued', { number: '000000010000V202611210014' }))).toBe('V261121-0014')
    expect(numberOf(visitOf('checkedIn', 'queued', { number: 'X1' }))).toBe('X1')
  })

  it.each([
    ['1990-03-20', '2026-03-19', 35],
    ['1990-03-20', '2026-03-20', 36],
    ['2012-02-29', '2026-02-28', 13],
    ['2012-02-29', '2026-03-01', 14],
    ['', '2026-03-01', null],
    ['1990', '2026-03-01', null],
  ])('born %s, on %s: %s', (birth, day, age) => {
    expect(ageOf(birth, day)).toBe(age)
  })
})
