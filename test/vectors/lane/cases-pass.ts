/** What must pass: each entry kind and frame that exists. The other cases are made from these. */
import { toHex } from '#crypto/bytes.ts'
import { makePolicy } from '#protocols/lane/policy.ts'
import { leafIn, zero32, type Part, type VectorBook } from './book.ts'
import type { BundleCase } from './case.ts'
import { approvalHashOf, contentOf } from './loose.ts'
import { records } from './rig.ts'
import { glue, twinBundleHash, twinHash } from './twin.ts'
import { zstdFrames } from './zstd-frames.ts'

export type Samples = ReturnType<typeof passCases>

export function passCases(book: VectorBook) {
  const { rig, sender, bundles, second, add, passed, pass, sorted, listed, none, plainChange } = book
  // ---- must pass
  const first = passed(sender.first, [[7]])
  bundles.push({
    name: 'epoch',
    file: 'epoch',
    before: [],
    expected: {
      ...(first as object),
      contentHash: toHex(twinHash('content', sender.epochEntry)),
    } as BundleCase['expected'],
  })
  const one = listed([plainChange()])
  const oneFile = pass('one change, one chunk', one)
  bundles.push({
    name: 'the same bundle again is a duplicate',
    file: 'one change, one chunk',
    before: ['epoch', 'one change, one chunk'],
    expected: { verdict: 'duplicate' },
  })
  const many = listed(
    Array.from({ length: 14 }, (_, i) => rig.entryOf(rig.change({ note: `第${i}次：${'情况属实。'.repeat(660)}` }))),
  )
  const threeFile = pass('fourteen long changes, three chunks', many)
  const { content: oneContent } = contentOf(one)
  pass('one zstd frame', one, { body: zstdFrames.raw(oneContent) })
  pass('nothing but an empty withheld list', [none])
  pass('flash, last of its epoch', one, { header: { flags: 2, niceness: 0 } })
  const closed = rig.entryOf(rig.change({ slipCode: 'abcdef0123', visitor: '李四' }))
  pass('a slot that the policy withholds', listed([closed]))
  const eraseId = rig.random.bytes(32)
  const toErase = rig.change({ visitor: '赵六' })
  const erased = rig.entryOf(
    { ...toErase, slots: new Map([...toErase.slots, ['visitor', { leaf: leafIn(rig.entryOf(toErase), 'visitor') }]]) },
    rig.policy,
    new Map([['visitor', eraseId]]),
  )
  pass('an erased slot', listed([erased]))
  pass(
    'a change of the gateway, keys and a checkpoint',
    sorted([...listed([rig.entryOf(rig.change({}, 'gateway'))]), ...rig.keyEntries, rig.checkpointEntry()]),
  )
  const restricted = listed([rig.entryOf(rig.change({ label: 'restricted' }))])
  const approval = rig.approvalEntry(restricted, rig.policy, 'restricted')
  pass('a restricted record with its approval', [...restricted, approval], {
    header: { approvalHash: approvalHashOf(approval) },
  })
  const stranger = rig.entryOf(rig.change())
  const unknownGrant = rig.entryOf(rig.changeUnder(rig.random.bytes(32)))
  const unknownParts = listed([unknownGrant])
  const unknownFile = sender.data(contentOf(unknownParts))
  add('a change whose grant is not known yet waits', unknownFile, passed(unknownFile, unknownParts, 1))
  const secondEpoch = glue(Uint8Array.of(0, 0, 0, 2), rig.random.bytes(4))
  const nextEntry: Part = [7, sender.epoch, 2, twinBundleHash(oneFile), 'restore', null]
  const nextFile = sender.seal({
    ...contentOf([nextEntry]),
    header: { type: 3, seq: 1, policyHash: zero32, epoch: secondEpoch, prevHash: twinBundleHash(oneFile) },
  })
  add('a second epoch', nextFile, passed(nextFile, [nextEntry]), { before: ['epoch', 'one change, one chunk'] })

  // A policy that keeps nothing back, and a field that no policy names: for what must fail.
  const leaky = makePolicy({
    id: 'leaky',
    reach: 'inner',
    records: [
      {
        type: 'visit',
        allFields: Object.fromEntries(
          Object.keys(records[0]?.allFields ?? {}).map((name) => [name, { reach: 'open' as const }]),
        ),
      },
    ],
    approveAbove: 'internal',
  })
  const undeclared = rig.change({ secret: '未申报' })

  return {
    leaky,
    undeclared,
    one,
    oneFile,
    oneContent,
    many,
    threeFile,
    closed,
    eraseId,
    restricted,
    approval,
    stranger,
    secondEpoch,
  }
}
