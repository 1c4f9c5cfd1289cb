import { describe, expect, it } from 'vitest'
import { recordDefs } from '#protocols/records/index.ts'
import { mendOf, type Mend } from '../../../../client/handheld/logic/mend.ts'

const entry = 'a'.repeat(32)

describe('how a refused change is mended', () => {
  it.each<[string, string, Record<string, never> | Record<string, unknown>, Mend]>([
    [
      'visit',
      'update',
      {
        feedback: [
          [entry, 'a'],
          [entry, 'b'],
        ],
      },
      { form: 'feedback', text: 'a\nb', finish: false },
    ],
    ['visit', 'do:finish', { feedback: [[entry, 'a']] }, { form: 'feedback', text: 'a', finish: true }],
    ['visit', 'do:finish', {}, { form: 'repeat' }],
    [
      'visit',
      'do:handBack',
      { backReason: 'x' },
      { form: 'text', transition: 'handBack', field: 'backReason', text: 'x' },
    ],
    ['visit', 'do:refer', { referredTo: 'x' }, { form: 'text', transition: 'refer', field: 'referredTo', text: 'x' }],
    ['visit', 'do:sign', {}, { form: 'repeat' }],
    ['visit', 'update', { photos: { [entry]: {} } }, { form: 'repeat' }],
    ['notification', 'do:readNotification', { readAt: 1 }, { form: 'repeat' }],
    ['visit', 'update', { feedback: 'not an append slot' }, { form: 'repeat' }],
  ])('%s %s %o', (type, kind, values, expected) => {
    expect(mendOf({ type, kind, values: values as never })).toEqual(expected)
  })

  it('every text a transition of an officer asks for is known here', () => {
    const officers = [...recordDefs.values()].flatMap((def) =>
      Object.values(def.tracks).flatMap((track) =>
        Object.entries(track.transitions)
          .filter(([, transition]) => transition.by.some((row) => row.role === 'officer' && row.scope === 'assigned'))
          .flatMap(([name, transition]) =>
            (transition.needs ?? [])
              .filter((field) => def.allFields[field]?.type.kind === 'text')
              .map((field) => ({ type: def.type, name, field })),
          ),
      ),
    )
    expect(officers.length).toBeGreaterThan(2)
    for (const { type, name, field } of officers)
      expect(mendOf({ type, kind: `do:${name}`, values: { [field]: 'x' } }), name).toMatchObject({
        form: 'text',
        field,
      })
  })
})
