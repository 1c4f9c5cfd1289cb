import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { encodeContent } from '#protocols/lane/content.ts'
import { makePolicy } from '#protocols/lane/policy.ts'
import { secondCheck } from '#protocols/lane/second-check.ts'
import { createLaneRig } from '../../../vectors/lane/rig.ts'

await ready

const rig = createLaneRig()

describe('the second check', () => {
  it('shares no code with the first: it imports the table of errors alone', () => {
    const source = readFileSync(new URL('../../../../protocols/lane/second-check.ts', import.meta.url), 'utf8')
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, path]) => path)).toEqual(['../errors.ts'])
  })

  it('counts what the first released, of every kind of entry', () => {
    const entries = rig.withList([
      rig.entryOf(rig.change({ slipCode: 'ab', visitor: '王芳' })),
      rig.entryOf(rig.change({}, 'gateway')),
      ...rig.keyEntries,
      rig.checkpointEntry(),
    ])
    const { bytes } = encodeContent(entries)
    expect(secondCheck(bytes, entries.length, rig.policy)).toEqual({ entries: 6, openSlots: 5, closedSlots: 1 })
  })

  it('finds an open slot that the first check was made blind for', () => {
    const blind = makePolicy({
      id: 'blind',
      reach: 'inner',
      records: [
        {
          type: 'visit',
          allFields: { label: { reach: 'open' }, reason: { reach: 'open' }, slipCode: { reach: 'open' } },
        },
      ],
    })
    const { bytes } = encodeContent(rig.withList([rig.entryOf(rig.change({ slipCode: 'ab' }), blind)]))
    expect(secondCheck(bytes, 2, blind).openSlots).toBe(3)
    expect(() => secondCheck(bytes, 2, rig.policy)).toThrow('lane/second-check')
  })

  it('records need a policy', () => {
    const { bytes } = encodeContent(rig.withList([rig.entryOf(rig.change())]))
    expect(() => secondCheck(bytes, 2, null)).toThrow('lane/second-check')
  })

  it('any bytes, and any change of valid ones, give findings or its own Fault', () => {
    const { bytes } = encodeContent(rig.withList([rig.entryOf(rig.change({ slipCode: 'ab' }))]))
    const run = (input: Uint8Array) => {
      try {
        secondCheck(input, 2, rig.policy)
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'lane/second-check') throw error
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), run), { numRuns: 3000, seed: 71 })
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const altered = bytes.slice()
        altered[at] = value
        run(altered)
      }),
      { numRuns: 3000, seed: 72 },
    )
    run(new Uint8Array(100_000).fill(0x81))
  })
})
