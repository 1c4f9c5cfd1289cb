import { describe, expect, it } from 'vitest'
import { maskName } from '../../../../client/handheld/logic/names.ts'
import { officersAmong } from '../../../../client/handheld/logic/officers.ts'
import { fitWithin } from '../../../../client/handheld/logic/photo.ts'
import { unreadQuery, visitFilters, visitQuery } from '../../../../client/handheld/logic/visit-list.ts'
import { ticketOf } from '../../../../client/handheld/ticket-link.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { visit } from '#protocols/records/visit.ts'

describe('names in lists', () => {
  it.each([
    ['林小满', '林**'],
    ['陈立', '陈*'],
    ['陈', '陈*'],
    ['𠮷野', '𠮷*'],
    ['Anna Maria Eriksson', 'A* M* E*'],
    ['', ''],
    ['  ', ''],
  ])('%s stands as %s', (name, masked) => {
    expect(maskName(name)).toBe(masked)
  })
})

describe('photos', () => {
  it.each([
    [
      { width: 4000, height: 3000 },
      { width: 1600, height: 1200 },
    ],
    [
      { width: 3000, height: 4000 },
      { width: 1200, height: 1600 },
    ],
    [
      { width: 800, height: 600 },
      { width: 800, height: 600 },
    ],
    [
      { width: 1600, height: 1 },
      { width: 1600, height: 1 },
    ],
    [
      { width: 100_000, height: 3 },
      { width: 1600, height: 1 },
    ],
  ])('%o fits within 1600 as %o', (size, fit) => {
    expect(fitWithin(size, 1600)).toEqual(fit)
  })
})

describe('the enrolment link', () => {
  it.each([
    ['#enrol=AAECAwQFBgcICQoLDA0ODw', 'AAECAwQFBgcICQoLDA0ODw'],
    ['#enrol=short', null],
    ['#enrol=AAECAwQFBgcICQoLDA0ODw&x=1', null],
    ['#/visits', null],
    ['', null],
  ])('%s carries %s', (fragment, ticket) => {
    expect(ticketOf(fragment)).toBe(ticket)
  })
})

describe('lists of visits', () => {
  it('the filters part all states of an assigned visit among them, each once', () => {
    const states = visitFilters
      .map((filter) => visitQuery('a', filter, 10).selector?.['tracks.handling'] as { $in: string[] } | undefined)
      .flatMap((wanted) => wanted?.$in ?? [])
    const assigned = visit.tracks['handling']?.states.filter((state) => state !== 'queued') ?? []
    expect([...states].sort()).toEqual([...assigned].sort())
  })

  it('a held notification is not shown: its officer is off duty', () => {
    expect(JSON.stringify(unreadQuery('a'))).not.toContain('held')
  })
})

describe('colleagues', () => {
  it('only who holds a post of an officer can be given a visit', () => {
    const record = (id: string, fields: RecordDoc['fields']) => ({ id, fields }) as RecordDoc
    const posts = [record('p1', { role: 'officer' }), record('p2', { role: 'front-desk' })]
    const accounts = [
      record('a', { posts: ['p1'] }),
      record('b', { posts: ['p2'] }),
      record('c', { posts: ['p2', 'p1'] }),
      record('d', {}),
    ]
    expect(officersAmong(accounts, posts).map((each) => each.id)).toEqual(['a', 'c'])
  })
})
