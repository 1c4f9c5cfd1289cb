/** Steps 11 to 13: form, schema, policy, withheld list, approvals, entries. */
import { toHex } from '#crypto/bytes.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import { policyHashOf } from '#protocols/lane/policy.ts'
import { withheldOf } from '#protocols/lane/release.ts'
import { fromHex, leafIn, zero32, type Part, type VectorBook } from './book.ts'
import type { Samples } from './cases-pass.ts'
import { approvalHashOf, contentOf, type LooseInput } from './loose.ts'
import { records } from './rig.ts'
import { glue } from './twin.ts'

export function contentCases(book: VectorBook, samples: Samples): void {
  const { rig, sender, add, fail, sorted, listed, none, plainChange } = book
  const { one, oneContent, many, closed, eraseId, restricted, approval, stranger, leaky, undeclared } = samples
  // ---- 11 form: a change with one odd byte string in its outcome, or around it
  const odd = (name: string, hex: string) =>
    fail('lane/content-form', `form: ${name}`, [replaceTail(plainChange(), fromHex(hex)), none])
  odd('an unsorted map', 'a2616201616101')
  odd('a repeated key', 'a2616101616101')
  odd('a wide integer', '1817')
  odd('a float', 'f93c00')
  odd('a double float', 'fb3ff0000000000000')
  odd('minus zero', 'f98000')
  odd('bad UTF-8', '61ff')
  odd('undefined', 'f7')
  odd('a tag', 'c000')
  odd('an indefinite length', '9f01ff')
  odd('depth 17', `${'81'.repeat(14)}80`)
  fail('lane/content-form', 'form: entries out of order', [...one].reverse())
  fail('lane/content-form', 'form: an entry twice', [one[0] as Entry, ...one])
  fail('lane/content-form', 'form: one entry more than announced', one, { count: 1 })
  fail('lane/content-form', 'form: one entry less than announced', one, { count: 3 })
  fail('lane/content-form', 'form: an entry without a kind', [encodeCanonical('text')])
  fail('lane/content-form', 'form: a cut entry', [oneContent.slice(0, -1)], { count: 2 })

  // ---- 12 schema
  const schema = (name: string, parts: readonly Part[]) => fail('lane/schema', `schema: ${name}`, parts)
  schema('an unknown kind', [none, [15]])
  schema('a change of five parts', [[1, new Uint8Array(1), new Uint8Array(64), {}, []], none])
  schema('a header that is no header', [[1, new Uint8Array(1), new Uint8Array(64), {}, [], [1, null, 0]], none])
  schema('an EPOCH entry among data', [[7, new Uint8Array(8), 0, zero32, 'first-use', null], none])
  const wordy = rig.approvalEntry(restricted, rig.policy, 'restricted', { more: zero32 })
  fail('lane/schema', 'schema: an approval with a key too many', [...restricted, wordy], {
    header: { approvalHash: approvalHashOf(wordy) },
  })
  add(
    'schema: an EPOCH bundle with two entries',
    sender.seal({
      ...contentOf([[7, new Uint8Array(8), 0, zero32, 'first-use', null], none]),
      header: { type: 3, seq: 1, policyHash: zero32 },
    }),
    { code: 'lane/schema' },
    { before: [] },
  )
  add(
    'schema: an EPOCH entry unlike its header',
    sender.seal({
      content: sender.epochEntry,
      count: 1,
      header: { type: 3, seq: 1, policyHash: zero32, prevHash: rig.random.bytes(32) },
    }),
    { code: 'lane/schema' },
    { before: [] },
  )
  for (const kind of [2, 3, 4, 5, 13, 14])
    fail('lane/unsupported', `unsupported: entry kind ${kind}`, kind < 11 ? [[kind, 0], none] : [none, [kind, 0]])
  for (const [name, type] of [
    ['INDEX', 2],
    ['KEY', 4],
    ['POLICY', 5],
  ] as const)
    fail('lane/unsupported', `unsupported: ${name} bundle`, [[6, encodeCanonical({ v: 1 }), new Uint8Array(64)]], {
      header: { type, policyHash: zero32 },
    })

  // ---- 12 policy, withheld, approval
  fail('lane/policy', 'policy: one that the receiver does not hold', one, {
    header: { policyHash: rig.random.bytes(32) },
  })
  fail(
    'lane/policy',
    'policy: an open slot that it withholds',
    listed([rig.entryOf(rig.change({ slipCode: 'abcdef0123' }), leaky)]),
  )
  const overCeiling = rig.entryOf(rig.change({ label: 'restricted' }), rig.openPolicy)
  fail('lane/policy', 'policy: above its ceiling', listed([overCeiling]), {
    header: { policyHash: policyHashOf(rig.openPolicy) },
  })
  fail('lane/withheld', 'withheld: no list', one.slice(0, 1))
  fail('lane/withheld', 'withheld: two lists', [
    ...one.slice(0, 1),
    none,
    { kind: 11, rows: [{ type: 'visit', field: 'x', rule: 'y', count: 1 }] },
  ])
  fail('lane/withheld', 'withheld: a count too low', [closed, none])
  fail('lane/withheld', 'withheld: a count too high', [
    closed,
    { kind: 11, rows: [{ type: 'visit', field: 'slipCode', rule: 'reach-stay', count: 2 }] },
  ])
  const withReasons = (entry: ChangeEntry, reasons: ChangeEntry['reasons']): Entry[] => {
    const changed = { ...entry, reasons }
    return [changed, withheldOf([changed])]
  }
  fail('lane/withheld', 'withheld: a closed slot without a reason', withReasons(closed, []))
  fail(
    'lane/withheld',
    'withheld: a reason for an open slot',
    withReasons(closed, [...closed.reasons, { field: 'visitor', why: 'reach-stay' }]),
  )
  fail(
    'lane/withheld',
    'withheld: a rule that the policy does not have',
    withReasons(closed, [{ field: 'slipCode', why: 'because' }]),
  )
  const silently = rig.entryOf(rig.change())
  const dropped = { ...silently, slots: new Map([...silently.slots, ['reason', { leaf: leafIn(silently, 'reason') }]]) }
  fail(
    'lane/withheld',
    'withheld: a field dropped under an invented rule',
    withReasons(dropped, [{ field: 'reason', why: 'reach-stay' }]),
  )
  const twice = { ...closed, slots: new Map([...closed.slots, ['visitor', { leaf: leafIn(closed, 'visitor') }]]) }
  fail(
    'lane/withheld',
    'withheld: reasons out of slot order',
    withReasons(twice, [{ field: 'visitor', why: eraseId }, ...closed.reasons]),
  )
  fail(
    'lane/withheld',
    'withheld: a name that the type does not have',
    listed([
      {
        ...rig.entryOf(rig.change()),
        headerBytes: undeclared.headerBytes,
        header: undeclared.header,
        signature: undeclared.signature,
        slots: undeclared.slots,
      },
    ]),
  )
  const approvalCase = (
    name: string,
    entries: Entry[],
    given: Entry,
    header: Partial<NonNullable<LooseInput['header']>> = {},
  ) =>
    fail('lane/approval', `approval: ${name}`, [...entries, given], {
      header: { approvalHash: approvalHashOf(given), ...header },
    })
  fail('lane/approval', 'approval: missing', restricted)
  fail('lane/approval', 'approval: not named in the header', [...restricted, approval])
  fail('lane/approval', 'approval: named in the header and not there', restricted, {
    header: { approvalHash: approvalHashOf(approval) },
  })
  approvalCase('of another content', restricted, rig.approvalEntry(one, rig.policy, 'restricted'))
  approvalCase('under another policy', restricted, rig.approvalEntry(restricted, rig.openPolicy, 'restricted'))
  approvalCase(
    'for another lane',
    restricted,
    rig.approvalEntry(restricted, rig.policy, 'restricted', { laneId: rig.random.bytes(32) }),
  )
  approvalCase('for a lower label', restricted, rig.approvalEntry(restricted, rig.policy, 'internal'))
  approvalCase(
    'by an author',
    restricted,
    rig.approvalEntry(restricted, rig.policy, 'restricted', { approver: rig.officer }),
  )

  // ---- 13 entries
  const forged = (name: string, parts: readonly Part[], header: LooseInput['header'] = {}) =>
    fail('lane/entry-forged', `entry: ${name}`, parts, { header })
  const saltOff = new Map(stranger.slots)
  const slot = saltOff.get('reason')
  if (slot && 'salt' in slot)
    saltOff.set('reason', { ...slot, salt: slot.salt.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) })
  forged('a wrong salt', listed([{ ...stranger, slots: saltOff }]))
  forged(
    'a flipped signature',
    listed([{ ...stranger, signature: stranger.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) }]),
  )
  forged('signed by a stranger under the officer\u2019s grant', listed([rig.entryOf(rig.change({}, 'stranger'))]))
  forged(
    'a grant with a flipped signature',
    sorted([none, { kind: 6, what: 'grant', bytes: lastFlipped(rig.grantBytes) }]),
  )
  forged(
    'a certificate with a flipped signature',
    sorted([none, { kind: 6, what: 'certificate', bytes: lastFlipped(rig.gatewayBytes) }]),
  )
  const checkpoint = rig.checkpointEntry()
  forged(
    'a checkpoint with a flipped signature',
    sorted([none, checkpoint.kind === 10 ? { ...checkpoint, bytes: lastFlipped(checkpoint.bytes) } : none]),
  )
  const badApproval: Entry = {
    ...approval,
    signature: approval.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
  }
  forged('an approval with a flipped signature', [...restricted, badApproval], {
    approvalHash: approvalHashOf(badApproval),
  })
}

/** The entry with other bytes where its outcome stands, which is `admitted` in the rig. */
function replaceTail(entry: ChangeEntry, outcome: Uint8Array): Uint8Array {
  const { content } = contentOf([entry])
  const admitted = encodeCanonical('admitted')
  const at = content.length - admitted.length - 9
  const found = content.findLastIndex((_, i) => admitted.every((byte, j) => content[i + j] === byte))
  if (found < at - 9) throw new Error('no outcome found')
  return glue(content.slice(0, found), outcome, content.slice(found + admitted.length))
}

const flipped = (file: Uint8Array, at: number): string => toHex(Uint8Array.of((file[at] as number) ^ 1))

const lastFlipped = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
