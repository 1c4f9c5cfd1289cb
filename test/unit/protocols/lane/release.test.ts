import fc from 'fast-check'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { isOpen, isRootOf } from '#protocols/change/payload.ts'
import { isSignedBy } from '#protocols/change/change.ts'
import { Fault } from '#protocols/errors.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import { decodePolicy, encodePolicy, higherLabel, isAbove, makePolicy, policyHashOf } from '#protocols/lane/policy.ts'
import { checkRelease, checkWithheld, labelOfSlots, releaseSlots, withheldOf } from '#protocols/lane/release.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { createLaneRig } from '../../../vectors/lane/rig.ts'

await ready

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'released'
}
const rig = createLaneRig()
const whole = { label: 'internal', reason: '报案', visitor: '王芳', note: '无', leftAt: 5, slipCode: 'ab' }
const openNames = (entry: Pick<ChangeEntry, 'slots'>) =>
  [...entry.slots].filter(([, slot]) => isOpen(slot)).map(([name]) => name)

describe('a policy', () => {
  it('lets a field cross as far as it is declared, and keeps back what is not named', () => {
    expect(rig.policy.types.get('visit')).toEqual(
      new Map([
        ['label', null],
        ['reason', null],
        ['visitor', null],
        ['note', null],
        ['leftAt', null],
        ['slipCode', 'reach-stay'],
      ]),
    )
    expect(
      [...(rig.openPolicy.types.get('visit') ?? [])].filter(([, rule]) => rule === null).map(([name]) => name),
    ).toEqual(['label', 'leftAt'])
    expect(rig.openPolicy.types.get('visit')?.get('reason')).toBe('reach-inner')
  })

  it('is made from the real declarations: what stays at the station never crosses, and nothing crosses unnamed to the open network', () => {
    const records = [...recordDefs.values()]
    let stays = 0
    for (const reach of ['inner', 'open'] as const) {
      const policy = makePolicy({ id: reach, reach, records })
      for (const def of records)
        for (const [name, field] of Object.entries(def.allFields)) {
          const crosses = policy.types.get(def.type)?.get(name) === null
          expect(crosses).toBe(field.reach === 'open' || (field.reach === 'inner' && reach === 'inner'))
          if (field.reach === 'stay') stays++
        }
    }
    expect(stays).toBeGreaterThan(2)
  })

  it('asks for a second person above public, unless it says otherwise', () => {
    const policy = makePolicy({ id: 'x', reach: 'open', records: [] })
    expect([policy.approveAbove, policy.ceiling]).toEqual(['public', 'restricted'])
  })

  it('has one encoding, and its hash names every part of it', () => {
    const policy = makePolicy({
      id: 'x',
      reach: 'open',
      records: [{ type: 'visit', allFields: { a: { reach: 'open' } } }],
      attachmentFormats: [{ format: 'image/jpeg', sizeBytesMax: 9 }],
    })
    expect(decodePolicy(encodePolicy(policy))).toEqual(policy)
    const others = [
      { ...policy, id: 'y' },
      { ...policy, reach: 'inner' as const },
      { ...policy, ceiling: 'public' as const },
      { ...policy, approveAbove: 'restricted' as const },
      { ...policy, types: new Map() },
      { ...policy, attachmentFormats: [] },
    ]
    const hashes = [policy, ...others].map((each) => Buffer.from(policyHashOf(each)).toString('hex'))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('labels are ordered', () => {
    expect([isAbove('internal', 'public'), isAbove('public', 'public'), isAbove('public', 'restricted')]).toEqual([
      true,
      false,
      false,
    ])
    expect([higherLabel('internal', 'restricted'), higherLabel('internal', 'public')]).toEqual([
      'restricted',
      'internal',
    ])
  })
})

describe('an unreleased field is refused at both ends', () => {
  it('the sender closes it and says why; signature, id and root still hold', () => {
    const change = rig.change(whole)
    for (const [policy, names] of [
      [rig.policy, ['label', 'leftAt', 'note', 'reason', 'visitor']],
      [rig.openPolicy, ['label', 'leftAt']],
    ] as const) {
      const entry = rig.entryOf(change, policy)
      expect(openNames(entry)).toEqual(names)
      expect(isRootOf(entry.slots, change.header.payloadRoot)).toBe(true)
      expect(isSignedBy({ ...change, slots: entry.slots }, rig.officerKey.publicKey)).toBe(true)
      expect(entry.reasons.map(({ field }) => field)).toEqual(
        [...entry.slots.keys()].filter((name) => !names.includes(name as never)),
      )
      checkRelease(entry, policy)
    }
  })

  it('no salt of a closed slot leaves', () => {
    const change = rig.change(whole)
    const entry = rig.entryOf(change)
    const slot = change.slots.get('slipCode')
    const salt = slot && isOpen(slot) ? Buffer.from(slot.salt) : Buffer.alloc(0)
    expect(salt.length).toBe(16)
    const closed = entry.slots.get('slipCode')
    expect(Object.keys(closed ?? {})).toEqual(['leaf'])
    expect(Buffer.from(closed && !isOpen(closed) ? closed.leaf : []).includes(salt)).toBe(false)
  })

  it('the receiver refuses it under the same policy', () => {
    const all = makePolicy({
      id: 'all',
      reach: 'inner',
      records: [
        {
          type: 'visit',
          allFields: Object.fromEntries(Object.keys(whole).map((name) => [name, { reach: 'open' as const }])),
        },
      ],
    })
    const entry = rig.entryOf(rig.change(whole), all)
    expect(codeOf(() => checkRelease(entry, all))).toBe('released')
    expect(codeOf(() => checkRelease(entry, rig.policy))).toBe('lane/policy')
  })

  it('what no policy names is held, at either end', () => {
    const change = rig.change({ secret: 'x' })
    expect(codeOf(() => releaseSlots('visit', change.slots, rig.policy))).toBe('lane/policy')
    expect(codeOf(() => releaseSlots('vehicle', rig.change().slots, rig.policy))).toBe('lane/policy')
    const entry = rig.entryOf(rig.change())
    expect(codeOf(() => checkRelease({ ...entry, header: { ...entry.header, type: 'vehicle' } }, rig.policy))).toBe(
      'lane/policy',
    )
  })

  it('a fuller release of the same change has the same header and more values', () => {
    const change = rig.change(whole)
    const [narrow, wide] = [rig.entryOf(change, rig.openPolicy), rig.entryOf(change, rig.policy)]
    expect(narrow.headerBytes).toBe(wide.headerBytes)
    expect(openNames(wide)).toEqual(expect.arrayContaining(openNames(narrow)))
  })

  it('for every set of fields and every policy, what was released passes and what was not is closed with its reason', () => {
    const names = Object.keys(whole)
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 1 }),
        fc.array(fc.constantFrom('stay', 'inner', 'open' as const), { minLength: 6, maxLength: 6 }),
        (fields, reaches) => {
          const allFields = Object.fromEntries(
            names.map((name, i) => [name, { reach: reaches[i] as 'stay' | 'inner' | 'open' }]),
          )
          const policy = makePolicy({ id: 'any', reach: 'inner', records: [{ type: 'visit', allFields }] })
          const made = rig.change()
          const values = Object.fromEntries(fields.map((name) => [name, whole[name as keyof typeof whole]]))
          const change = rig.change(values)
          const entry = rig.entryOf(change, policy)
          checkRelease(entry, policy)
          checkWithheld([entry, withheldOf([entry])])
          expect(entry.reasons.length + openNames(entry).length).toBe(change.slots.size)
          expect(openNames(entry).every((name) => allFields[name]?.reach !== 'stay')).toBe(true)
          expect(made.slots.size).toBe(2)
        },
      ),
      { numRuns: 100, seed: 51 },
    )
  })
})

describe('closed slots', () => {
  const change = rig.change(whole)
  const eraseId = rig.random.bytes(32)
  const erasedSlots = new Map([
    ...change.slots,
    [
      'visitor',
      rig
        .entryOf(
          change,
          makePolicy({
            id: 'none',
            reach: 'open',
            records: [
              {
                type: 'visit',
                allFields: Object.fromEntries(Object.keys(whole).map((name) => [name, { reach: 'stay' as const }])),
              },
            ],
          }),
        )
        .slots.get('visitor') as never,
    ],
  ])

  it('an erased one travels with the id of the change that erased it, and is no withholding', () => {
    const entry = rig.entryOf({ ...change, slots: erasedSlots }, rig.policy, new Map([['visitor', eraseId]]))
    expect(entry.reasons).toEqual([
      { field: 'slipCode', why: 'reach-stay' },
      { field: 'visitor', why: eraseId },
    ])
    checkRelease(entry, rig.policy)
    expect(withheldOf([entry]).rows).toEqual([{ type: 'visit', field: 'slipCode', rule: 'reach-stay', count: 1 }])
  })

  it('one that nobody accounts for does not leave', () => {
    expect(codeOf(() => releaseSlots('visit', erasedSlots, rig.policy))).toBe('lane/withheld')
  })
})

describe('the withheld list', () => {
  it('counts by type, field and rule, in that order', () => {
    const entries = Array.from({ length: 3 }, () => rig.entryOf(rig.change(whole), rig.openPolicy))
    expect(withheldOf(entries).rows).toEqual(
      ['note', 'reason', 'slipCode', 'visitor'].map((field) => ({
        type: 'visit',
        field,
        rule: field === 'slipCode' ? 'reach-stay' : 'reach-inner',
        count: 3,
      })),
    )
  })

  it('another count, row or order is refused', () => {
    const entries = [rig.entryOf(rig.change(whole), rig.openPolicy)]
    const { rows } = withheldOf(entries)
    const lists: Entry[] = [
      rows.slice(1),
      [...rows].reverse(),
      rows.map((row) => ({ ...row, count: 2 })),
      [...rows, { type: 'visit', field: 'x', rule: 'y', count: 1 }],
    ].map((each) => ({ kind: 11, rows: each }))
    expect(codeOf(() => checkWithheld([...entries, withheldOf(entries)]))).toBe('released')
    for (const list of lists) expect(codeOf(() => checkWithheld([...entries, list]))).toBe('lane/withheld')
    expect(codeOf(() => checkWithheld(entries))).toBe('lane/withheld')
  })
})

describe('the label of a record', () => {
  it('is its open slot; without one, or with another word, it is restricted', () => {
    expect(labelOfSlots(rig.entryOf(rig.change({ label: 'public' })))).toBe('public')
    expect(labelOfSlots(rig.entryOf(rig.change({ label: 'secret' })))).toBe('restricted')
    expect(labelOfSlots({ ...rig.entryOf(rig.change()), slots: new Map() })).toBe('restricted')
    expect(
      labelOfSlots({ ...rig.entryOf(rig.change()), slots: new Map([['label', { leaf: new Uint8Array(32) }]]) }),
    ).toBe('restricted')
  })
})
