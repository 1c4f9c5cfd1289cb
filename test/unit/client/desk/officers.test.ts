import { describe, expect, it } from 'vitest'
import { matchOfficers, officerRows, onDutyAt } from '../../../../client/desk/logic/officers.ts'
import { idOf, recordOf, visitOf } from './records.ts'

const shift = (from: number, until: number, fields: Record<string, readonly string[] | string>, duty = 'planned') =>
  recordOf('shift', `shift ${from}`, { duty }, { from, until, ...fields })
const account = (name: string, policeNumber: string, posts: readonly string[], state = 'active') =>
  recordOf('account', name, { account: state }, { name, policeNumber, posts: posts.map(idOf) })
const posts = [
  recordOf('post', 'officer', { register: 'active' }, { name: '社区民警', nameEn: 'Officer', role: 'officer' }),
  recordOf('post', 'desk', { register: 'active' }, { name: '前台', role: 'front-desk' }),
]

describe('who is on duty', () => {
  it('a shift counts from its first ms to before its last, its leader and auxiliaries too', () => {
    const shifts = [
      shift(100, 200, { leader: 'l', officers: ['o'], auxiliaries: ['a'] }),
      shift(200, 300, { officers: ['next'] }),
    ]
    expect([...onDutyAt(shifts, 100)]).toEqual(['l', 'o', 'a'])
    expect([...onDutyAt(shifts, 199)]).toEqual(['l', 'o', 'a'])
    expect([...onDutyAt(shifts, 200)]).toEqual(['next'])
    expect([...onDutyAt(shifts, 300)]).toEqual([])
  })

  it('a shift that was ended early counts no more', () => {
    expect([...onDutyAt([shift(100, 200, { officers: ['o'] }, 'ended')], 150)]).toEqual([])
  })
})

describe('the officers a visit can be given to', () => {
  const accounts = [
    account('off, none', '1', ['officer']),
    account('on, two', '2', ['officer']),
    account('on, one b', '4', ['officer']),
    account('on, one a', '3', ['desk', 'officer']),
    account('desk alone', '5', ['desk']),
    account('disabled', '6', ['officer'], 'disabled'),
  ]
  const busy = ['on, two', 'on, two', 'on, one b', 'on, one a'].map((name) =>
    visitOf('checkedIn', 'signed', { officer: idOf(name) }),
  )
  const onDuty = new Set(['on, two', 'on, one a', 'on, one b'].map(idOf))
  const rows = officerRows(accounts, posts, onDuty, busy)

  it('on duty first, then whoever has least in hand, then by police number', () => {
    expect(rows.map((row) => [row.name, row.onDuty, row.open])).toEqual([
      ['on, one a', true, 1],
      ['on, one b', true, 1],
      ['on, two', true, 2],
      ['off, none', false, 0],
    ])
  })

  it('a post without an English name keeps its own', () => {
    expect(rows[0]).toMatchObject({ post: '社区民警', postEn: 'Officer' })
    expect(
      officerRows(
        [account('x', '1', ['p'])],
        [recordOf('post', 'p', {}, { name: '巡警', role: 'officer' })],
        new Set(),
        [],
      )[0]?.postEn,
    ).toBe('巡警')
  })

  it('typing leaves whoever has that in name or police number', () => {
    expect(matchOfficers(rows, 'ON, ONE').map((row) => row.policeNumber)).toEqual(['3', '4'])
    expect(matchOfficers(rows, ' 2 ').map((row) => row.name)).toEqual(['on, two'])
    expect(matchOfficers(rows, 'nobody')).toEqual([])
  })

  it('the one the visitor asked for stands on top, but only if they match', () => {
    expect(matchOfficers(rows, '', idOf('off, none')).map((row) => row.policeNumber)).toEqual(['1', '3', '4', '2'])
    expect(matchOfficers(rows, 'on, one', idOf('off, none')).map((row) => row.policeNumber)).toEqual(['3', '4'])
  })
})
