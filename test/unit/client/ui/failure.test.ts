import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { failureOf } from '../../../../client/shared/ui/failure.ts'

describe('any thrown thing has a code to show', () => {
  it.each<[string, unknown, { code: string; detail: unknown }]>([
    ['a Fault', new Fault('logon/failed', { left: 2 }), { code: 'logon/failed', detail: { left: 2 } }],
    [
      'a Fault that lost its class on the way from the worker',
      { code: 'logon/locked' },
      { code: 'logon/locked', detail: {} },
    ],
    ['a code nobody knows', { code: 'x/y', detail: { a: 1 } }, { code: 'internal/fault', detail: {} }],
    ['an error of our own', new TypeError('x'), { code: 'internal/fault', detail: {} }],
    ['nothing', undefined, { code: 'internal/fault', detail: {} }],
    ['a name of an object member', { code: 'toString' }, { code: 'internal/fault', detail: {} }],
  ])('%s', (_case, thrown, failure) => {
    expect(failureOf(thrown)).toEqual(failure)
  })
})
