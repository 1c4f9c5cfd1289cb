import { describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { applyChange, type Facts, foldChange } from '#protocols/change/apply.ts'
import { type Change, decodeChange, encodeChange, isSignedBy, signChange } from '#protocols/change/change.ts'
import { encodeHlc } from '#protocols/change/clock.ts'
import type { ChangeKind } from '#protocols/change/header.ts'
import { isRootOf, leafOfSlot } from '#protocols/change/payload.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Role } from '#protocols/record/access.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Json } from '#protocols/record/value.ts'
import { recordDefs } from '#protocols/records/index.ts'

await ready
const random = createSeededRandom('apply')
const keys = signKeyPair(random)
const [unit, officer, other] = ['a1', 'b2', 'c3'].map((byte) => byte.repeat(16)) as [string, string, string]
const def = (type: string) => recordDefs.get(type) as NonNullable<ReturnType<typeof recordDefs.get>>
const actor = (role: Role, account = officer): Actor => ({ account, device: 'd4'.repeat(16), via: null, posts: [{ role, level: 5, unit }], linkedUnits: [] })
const facts = (seq = 1, baseSeq: number | null = null, related: Facts['related'] = {}): Facts => ({ related, baseSeq, admission: { seq, receivedMs: 2_000_000 } })

let seq = 0
const change = (type: string, kind: string, values: Record<string, Json>, ms = 1_000_000, record = 'e5'.repeat(16)): Change =>
  signChange(
    {
      station: fromHex('f6'.repeat(16)),
      type,
      record: fromHex(record),
      kind: kind as ChangeKind,
      device: fromHex('d4'.repeat(16)),
      officer: fromHex(officer),
      grant: new Uint8Array(32),
      via: null,
      seq: ++seq,
      prev: new Uint8Array(32),
      hlc: encodeHlc({ ms, counter: seq }),
      base: null,
      schema: 1,
    },
    values,
    keys.secretKey,
    random,
  )

const born = (values: Record<string, Json> = {}): RecordDoc => {
  const outcome = applyChange(null, change('visit', 'create', { unit, label: 'internal', ...values }), actor('front-desk'), facts(), def('visit'))
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.record
}

describe('a change on the wire', () => {
  it('comes back as it was, with the same id and a signature that holds', () => {
    const made = change('visit', 'update', { companions: 3 })
    const read = decodeChange(encodeChange(made))
    expect(toHex(read.id)).toBe(toHex(made.id))
    expect(isSignedBy(read, keys.publicKey)).toBe(true)
    expect(isRootOf(read.slots, read.header.payloadRoot)).toBe(true)
  })
  it('keeps its root when any subset of slots is closed, and loses it when a closed leaf is another', () => {
    const made = change('visit', 'create', { companions: 3, reason: 'advice', unit, label: 'internal' })
    const names = [...made.slots.keys()]
    for (let subset = 0; subset < 2 ** names.length; subset++) {
      const slots = new Map(
        [...made.slots].map(([name, slot], index) => [name, (subset >> index) & 1 ? { leaf: leafOfSlot(name, slot) } : slot]),
      )
      expect(isRootOf(slots, made.header.payloadRoot)).toBe(true)
    }
    const swapped = new Map(made.slots)
    swapped.set(names[0] as string, { leaf: leafOfSlot(names[1] as string, made.slots.get(names[1] as string) as never) })
    expect(isRootOf(swapped, made.header.payloadRoot)).toBe(false)
  })
})

describe('the one rule path', () => {
  it('refuses what nobody declared: type of value, field, state, right', () => {
    const visit = born()
    const code = (made: Change, who = actor('front-desk'), record: RecordDoc | null = visit) => {
      const outcome = applyChange(record, made, who, facts(), def('visit'))
      return outcome.ok ? 'admitted' : outcome.code
    }
    expect(code(change('visit', 'update', { companions: 'many' }))).toBe('change/field-invalid')
    expect(code(change('visit', 'update', { companions: 51 }))).toBe('change/field-invalid')
    expect(code(change('visit', 'update', { nobody: 1 }))).toBe('change/field-unknown')
    expect(code(change('visit', 'update', { __proto__: null, constructor: 1 } as Record<string, Json>))).toBe('change/field-unknown')
    expect(code(change('visit', 'update', { officer }))).toBe('change/denied')
    expect(code(change('visit', 'update', { companions: 2 }), actor('auditor'))).toBe('change/denied')
    expect(code(change('visit', 'do:sign', {}), actor('officer'))).toBe('change/denied')
    expect(code(change('visit', 'do:nothing', {}))).toBe('change/denied')
    expect(code(change('visit', 'do:assign', {}))).toBe('change/field-missing')
    expect(code(change('visit', 'do:assign', { officer, companions: 1 }))).toBe('change/transition-denied')
    expect(code(change('visit', 'create', { unit }))).toBe('change/record-exists')
    expect(code(change('visit', 'update', { companions: 1 }), actor('front-desk'), null)).toBe('change/record-unknown')
    expect(code(change('visit', 'create', { unit, born: { presence: 'checkedIn' } }), actor('front-desk'), null)).toBe('change/field-invalid')
    expect(code({ ...change('visit', 'update', {}), header: { ...change('visit', 'update', {}).header, schema: 9 } })).toBe('change/schema-unknown')
  })

  it('takes the first of two transitions from one state and names the second stale', () => {
    const visit = born()
    const first = applyChange(visit, change('visit', 'do:assign', { officer }), actor('front-desk'), facts(2), def('visit'))
    if (!first.ok) throw new Error(first.code)
    const second = applyChange(first.record, change('visit', 'do:assign', { officer: other }), actor('front-desk'), facts(3), def('visit'))
    expect(second).toMatchObject({ ok: false, code: 'change/transition-stale', detail: { state: 'assigned' } })
  })

  it('asks guards of the record and of related records', () => {
    const visit: RecordDoc = { ...born({ number: '1' }), tracks: { presence: 'checkedIn', handling: 'handling' }, fields: { ...born().fields, officer } }
    const finish = (fields: RecordDoc['fields']) => applyChange({ ...visit, fields }, change('visit', 'do:finish', {}), actor('officer'), facts(), def('visit'))
    expect(finish(visit.fields)).toMatchObject({ ok: false, code: 'change/guard-failed' })
    expect(finish({ ...visit.fields, feedback: [{ id: 'x', text: 'y', officer, atMs: 1 }] }).ok).toBe(true)
    const intake = { ...born(), type: 'intake', tracks: { intake: 'inProgress' } }
    const related = (states: string[]) => ({ 'handling-record': states.map((handling) => ({ ...born(), tracks: { handling } })) })
    const close = (states: string[]) => applyChange(intake, change('intake', 'do:closeIncident', {}), actor('seat'), facts(1, null, related(states)), def('intake'))
    expect(close(['closedHandling', 'arrived']).ok).toBe(false)
    expect(close([]).ok).toBe(false)
    expect(close(['closedHandling', 'withdrawn']).ok).toBe(true)
  })

  it('refuses a closed slot at first admission, and folds over one afterwards', () => {
    const made = change('visit', 'create', { unit, label: 'internal', reasonText: 'secret' })
    const slots = new Map([...made.slots].map(([name, slot]) => [name, name === 'reasonText' ? { leaf: leafOfSlot(name, slot) } : slot]))
    const closed = { ...made, slots }
    expect(applyChange(null, closed, actor('front-desk'), facts(), def('visit'))).toMatchObject({ code: 'change/slot-closed' })
    const folded = foldChange(null, closed, facts(), def('visit'))
    expect(folded.fields['reasonText']).toBeUndefined()
    expect(folded.version).toBe(foldChange(null, made, facts(), def('visit')).version)
  })

  it('lets no clock in the future win for good', () => {
    const visit = born()
    const fold = (record: RecordDoc, made: Change, at: number) => foldChange(record, made, facts(at), def('visit'))
    const future = fold(visit, change('visit', 'update', { companions: 9 }, 9_000_000_000), 2)
    const honest: Facts = { related: {}, baseSeq: null, admission: { seq: 3, receivedMs: 2_600_000 } }
    const later = foldChange(future, change('visit', 'update', { companions: 1 }, 2_600_000), honest, def('visit'))
    expect(later.fields['companions']).toBe(1)
  })

  it('keeps concurrent values of an evidence field until a person decides', () => {
    const person = foldChange(null, change('person', 'create', { name: '甲', documentType: 'none', source: 'desk' }), facts(1), def('person'))
    const one = foldChange(person, change('person', 'update', { name: '乙' }), facts(2, 1), def('person'))
    const two = foldChange(one, change('person', 'update', { name: '丙' }), facts(3, 1), def('person'))
    expect(two.fields['name']).toBe('乙')
    expect(two.meta['name']?.others?.map((row) => row.value)).toEqual(['丙'])
    const seen = foldChange(one, change('person', 'update', { name: '丁' }), facts(3, 2), def('person'))
    expect(seen.fields['name']).toBe('丁')
  })

  it('adds lines once, merges rows by row and field, and sets by add and remove', () => {
    const visit = born()
    const line = ['1'.repeat(32), '一']
    const twice = foldChange(foldChange(visit, change('visit', 'update', { feedback: [line] }), facts(2), def('visit')), change('visit', 'update', { feedback: [line, ['2'.repeat(32), '二']] }), facts(3), def('visit'))
    expect((twice.fields['feedback'] as unknown as { text: string }[]).map((entry) => entry.text)).toEqual(['一', '二'])
    const row = '3'.repeat(32)
    const rowsOnce = foldChange(visit, change('visit', 'update', { photos: { [row]: { sizeBytes: 5, media: 'image/jpeg' } } }), facts(2), def('visit'))
    const rowsTwice = foldChange(rowsOnce, change('visit', 'update', { photos: { [row]: { takenAt: 7 } } }), facts(3), def('visit'))
    expect(rowsTwice.fields['photos']).toEqual({ [row]: { sizeBytes: 5, media: 'image/jpeg', takenAt: 7 } })
    const account = foldChange(null, change('account', 'create', { name: 'x', policeNumber: '1', posts: { add: [unit, other] } }), facts(1), def('account'))
    expect(foldChange(account, change('account', 'update', { posts: { remove: [unit] } }), facts(2), def('account')).fields['posts']).toEqual([other])
  })
})
