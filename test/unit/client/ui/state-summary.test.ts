import { describe, expect, it } from 'vitest'
import { keysOf } from '../../../../client/shared/i18n/catalogue.ts'
import { sharedCatalogues } from '../../../../client/shared/i18n/i18n.ts'
import type { Status } from '../../../../client/shared/data/api.ts'
import { paceOf, stateParts } from '../../../../client/shared/ui/state-summary.ts'
import { startingStatus } from '../../../../client/shared/ui/use-data.ts'

const status = (change: Partial<Status>): Status => ({ ...startingStatus, phase: 'open', online: true, ...change })
const complete = { have: 12, of: 12, atMs: 1 }
const says = (change: Partial<Status>) => stateParts(status(change)).map((part) => `${part.tone} ${part.key.slice(7)}`)

describe('what the state line says', () => {
  it.each<[string, Partial<Status>, string[]]>([
    ['all is well', { complete }, ['ok completeOf']],
    ['nothing was compared yet', {}, ['off notYet']],
    ['the replica lacks rows', { complete: { ...complete, have: 9 } }, ['wait incomplete']],
    ['no contact', { complete, online: false }, ['ok completeOf', 'off noContact']],
    ['pending', { complete, pending: 3 }, ['wait pending', 'ok completeOf']],
    [
      'refused comes before pending',
      { complete, pending: 3, refused: 1 },
      ['bad refused', 'wait pending', 'ok completeOf'],
    ],
    ['a first sync', { progress: { done: 1, total: 2 } }, ['info progress']],
    ['storage may be cleared', { complete, persistent: false }, ['ok completeOf', 'wait unsafe']],
    ['storage was not asked for yet', { complete, persistent: null }, ['ok completeOf']],
  ])('%s', (_case, change, expected) => {
    expect(says(change)).toEqual(expected)
  })

  it('pending, refused and no contact are never left out, whatever else there is to say', () => {
    const all = says({
      complete,
      pending: 1,
      refused: 1,
      online: false,
      persistent: false,
      progress: { done: 1, total: 2 },
    })
    for (const part of ['bad refused', 'wait pending', 'off noContact', 'info progress', 'wait unsafe'])
      expect(all).toContain(part)
  })

  it('each part has words', () => {
    const keys = keysOf(sharedCatalogues['zh-CN'])
    const parts = [
      ...stateParts(
        status({ complete, pending: 1, refused: 1, online: false, persistent: false, progress: { done: 1, total: 2 } }),
      ),
      ...stateParts(status({ complete })),
      ...stateParts(status({ complete: { ...complete, have: 1 } })),
      ...stateParts(status({})),
    ]
    for (const part of parts) expect(keys).toContain(part.key)
  })
})

describe('pace of a long work', () => {
  it('is said once there is something to measure', () => {
    expect(paceOf({ done: 0, atMs: 0 }, { done: 0, total: 10, atMs: 5000 })).toBeNull()
    expect(paceOf({ done: 0, atMs: 0 }, { done: 5, total: 10, atMs: 500 })).toBeNull()
    expect(paceOf({ done: 100, atMs: 1000 }, { done: 300, total: 500, atMs: 3000 })).toEqual({
      perSecond: 100,
      leftSeconds: 2,
    })
  })
})
