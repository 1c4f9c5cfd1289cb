import fc from 'fast-check'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { encodeCanonical } from '#protocols/cbor.ts'
import { Fault } from '#protocols/errors.ts'
import { decodeContent, encodeContent } from '#protocols/lane/content.ts'
import { encodeEntry, type Entry, parseEntry } from '#protocols/lane/entry.ts'
import { decodeSequence } from '#protocols/cbor.ts'
import { createLaneRig } from '../../../vectors/lane/rig.ts'
import { glue, twinHash } from '../../../vectors/lane/twin.ts'

await ready

const rig = createLaneRig()
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'read'
}
const closed = rig.entryOf(rig.change({ slipCode: 'ab' }))
const gateway = rig.entryOf(rig.change({}, 'gateway'))
const approval = rig.approvalEntry([closed], rig.policy, 'internal')
const samples: Entry[] = [
  closed,
  gateway,
  ...rig.keyEntries,
  rig.checkpointEntry(),
  { kind: 11, rows: [{ type: 'visit', field: 'slipCode', rule: 'reach-stay', count: 1 }] },
  approval,
]

describe('an entry', () => {
  it.each(
    [
      ...samples,
      {
        kind: 7,
        previousEpoch: new Uint8Array(8),
        headSeq: 0,
        headHash: new Uint8Array(32),
        reason: 'first-use',
      } as Entry,
    ].map((entry) => [entry.kind, entry] as const),
  )('of kind %i is read back as it was written', (_, entry) => {
    const [value] = decodeSequence(encodeEntry(entry))
    expect(parseEntry(value as never)).toEqual(entry)
  })
})

describe('a content', () => {
  it('has one encoding, whatever the order in which entries come', () => {
    const { bytes } = encodeContent(samples)
    fc.assert(
      fc.property(fc.shuffledSubarray(samples, { minLength: samples.length }), (order) => {
        expect(encodeContent(order).bytes).toEqual(bytes)
      }),
      { numRuns: 50, seed: 61 },
    )
  })

  it('is read back whole, with the same two hashes', () => {
    const written = encodeContent(samples)
    const read = decodeContent(written.bytes, 'data', samples.length)
    expect(read).toEqual(written)
    const isApproval = (entry: Entry) => entry.kind === 12
    const encoded = (keep: (entry: Entry) => boolean) => glue(...written.entries.filter(keep).map(encodeEntry))
    expect(written.contentHash).toEqual(
      twinHash(
        'content',
        encoded((entry) => !isApproval(entry)),
      ),
    )
    expect(written.approvalHash).toEqual(twinHash('approval', encoded(isApproval)))
  })

  it('an approval is over everything but approvals', () => {
    const without = encodeContent(samples.filter(({ kind }) => kind !== 12))
    expect(without.contentHash).toEqual(encodeContent(samples).contentHash)
    expect(without.approvalHash).toEqual(new Uint8Array(32))
  })

  it('of very many entries is read without falling', () => {
    const rows = Array.from({ length: 65_535 }, (_, i) => encodeCanonical([15, i])).sort(Buffer.compare)
    expect(codeOf(() => decodeContent(glue(...rows), 'data', 65_535))).toBe('lane/withheld')
    const withList = [encodeCanonical([11, []]), ...rows]
    expect(codeOf(() => decodeContent(glue(...withList), 'data', 65_536))).toBe('lane/schema')
    expect(codeOf(() => decodeContent(glue(...withList), 'data', 65_535))).toBe('lane/content-form')
  })

  it('an entry of more than 1 MiB and 4 KiB is refused before it is decoded', () => {
    const entry = encodeCanonical([2, new Uint8Array(1024 * 1024 + 4096)])
    expect(codeOf(() => decodeContent(entry, 'data', 1))).toBe('lane/content-form')
  })

  it('a change of more than 256 KiB is refused', () => {
    const made = rig.change({ note: 'x'.repeat(256 * 1024) })
    const content = encodeContent(rig.withList([rig.entryOf(made)]))
    expect(codeOf(() => decodeContent(content.bytes, 'data', 2))).toBe('lane/schema')
  })
})
