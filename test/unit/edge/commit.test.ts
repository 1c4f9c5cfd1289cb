import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { isSignedBy } from '#protocols/change/change.ts'
import { addStaff, createGatewayCore, createTestDevice, type GatewayCore } from '../../fixtures/gateway-core.ts'

await ready
let core: GatewayCore
let staff: Awaited<ReturnType<typeof addStaff>>
beforeEach(async () => {
  core = createGatewayCore()
  staff = await addStaff(core, ['officer', 'front-desk', 'duty-leader'])
})
afterEach(() => core.close())

const kioskVia = { kind: 'kiosk', device: 'aa'.repeat(16) }

async function checkedInVisit(): Promise<string> {
  const person = await core.committer.act(
    () => [
      {
        type: 'person',
        record: null,
        kind: 'create',
        values: {
          name: '林小满',
          documentType: 'id-card',
          numberMasked: '0000',
          unit: staff.unit,
          label: 'internal',
          source: 'reader',
        },
      },
    ],
    kioskVia,
  )
  if (!person.ok) throw new Error(person.code + JSON.stringify(person.detail))
  const visit = await core.committer.act(
    () => [
      {
        type: 'visit',
        record: null,
        kind: 'create',
        values: {
          visitor: person.records[0]?.id ?? null,
          unit: staff.unit,
          label: 'internal',
          number: '000000010000V202611210001',
        },
      },
    ],
    kioskVia,
  )
  if (!visit.ok) throw new Error(visit.code)
  const id = visit.records[0]?.id as string
  for (const [kind, values] of [
    ['do:identify', { identifiedBy: 'unit', matchScore: 812, matchDecision: 'match' }],
    ['do:checkIn', { reason: 'consult', checkedInAt: core.clock.ms }],
  ] as const) {
    const step = await core.committer.act(() => [{ type: 'visit', record: id, kind, values }], kioskVia)
    if (!step.ok) throw new Error(step.code + JSON.stringify(step.detail))
  }
  return id
}
const push = (...changes: Parameters<typeof isSignedBy>[0][]) =>
  core.committer.push(changes.map((change) => ({ change, signed: true })))

describe('a visit through the only writer', () => {
  it('goes from the kiosk to closed, with flows in the same transaction', async () => {
    const id = await checkedInVisit()
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const handheld = createTestDevice(core, staff.accounts['officer'] as string)
    const [assigned] = await push(desk.sign('visit', id, 'do:assign', { officer: staff.accounts['officer'] as string }))
    expect(assigned?.outcome).toBe('admitted')
    expect(core.store.records.all('notification')).toHaveLength(1)
    core.clock.ms += 60_000
    const rows = await push(
      handheld.sign('visit', id, 'do:sign', {}),
      handheld.sign('visit', id, 'do:begin', {}),
      handheld.sign('visit', id, 'update', { feedback: [['ab'.repeat(16), '已告知办理流程']] }),
      handheld.sign('visit', id, 'do:finish', {}),
    )
    expect(rows.map((row) => row.outcome)).toEqual(['admitted', 'admitted', 'admitted', 'admitted'])
    expect(core.store.records.all('rating')).toHaveLength(1)
    const out = await core.committer.act(
      () => [{ type: 'visit', record: id, kind: 'do:checkOut', values: { leftAt: core.clock.ms } }],
      kioskVia,
    )
    expect(out.ok).toBe(true)
    expect(core.store.records.find(id)?.tracks).toEqual({ presence: 'checkedOut', handling: 'closed' })
    expect(core.refusedFlows).toEqual([])
    expect(core.store.log.size()).toBe(core.store.log.lastSeq())
  })

  it('answers a known change with the same row and no second effect', async () => {
    const id = await checkedInVisit()
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const change = desk.sign('visit', id, 'do:assign', { officer: staff.accounts['officer'] as string })
    const [first] = await push(change)
    const size = core.store.log.size()
    const [second] = await push(change)
    expect(second).toEqual(first)
    expect(core.store.log.size()).toBe(size)
  })

  it('keeps a refused change whole, with its number used', async () => {
    const id = await checkedInVisit()
    const handheld = createTestDevice(core, staff.accounts['officer'] as string)
    const [refused] = await push(handheld.sign('visit', id, 'do:sign', {}))
    expect(refused?.outcome).toBe('change/denied')
    expect(core.store.log.refused(10).map((entry) => entry.outcome)).toEqual(['change/denied'])
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    await push(desk.sign('visit', id, 'do:assign', { officer: staff.accounts['officer'] as string }))
    const [next] = await push(handheld.sign('visit', id, 'do:sign', {}))
    expect(next?.outcome).toBe('admitted')
  })

  it('lets a gap wait, refuses a forged signature and freezes a device that used a number twice', async () => {
    const id = await checkedInVisit()
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const first = desk.sign('visit', id, 'update', { companions: 1 })
    const second = desk.sign('visit', id, 'update', { companions: 2 })
    expect((await push(second))[0]).toMatchObject({ outcome: 'waiting', detail: { from: 1 } })
    expect((await core.committer.push([{ change: first, signed: false }]))[0]?.outcome).toBe('change/forged')
    expect((await push(first, second)).map((row) => row.outcome)).toEqual(['admitted', 'admitted'])
    const twin = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const forged = { ...twin.sign('visit', id, 'update', { companions: 9 }) }
    const clone = { ...forged, header: { ...forged.header, device: first.header.device, grant: first.header.grant } }
    expect((await push(clone))[0]?.outcome).toBe('change/equivocation')
    expect((await push(desk.sign('visit', id, 'update', { companions: 3 })))[0]?.outcome).toBe('change/device-frozen')
  })

  it('tells each audience by its feed, and takes the visit back from an officer who hands it back', async () => {
    const id = await checkedInVisit()
    const officer = staff.accounts['officer'] as string
    const key = `handheld.account:${officer}`
    const desk = createTestDevice(core, staff.accounts['front-desk'] as string, 'desk')
    const handheld = createTestDevice(core, officer)
    await push(desk.sign('visit', id, 'do:assign', { officer }))
    const feed = core.store.members
      .feedAfter([key], 0, 100)
      .map((row) => row.type)
      .sort()
    expect(feed).toEqual(['notification', 'person', 'visit'])
    const person = core.store.records.find(id)?.fields['visitor'] as string
    expect(core.store.members.fieldsFor([key], person)).toContain('numberMasked')
    expect(core.store.members.fieldsFor([key], person)).not.toContain('documentNumber')
    await push(handheld.sign('visit', id, 'do:handBack', { backReason: '不属本组' }))
    expect(core.store.records.find(id)?.fields['officer']).toBeNull()
    expect(core.store.members.fieldsFor([key], id)).toBeUndefined()
    expect(core.store.members.feedAfter([key], 0, 100).some((row) => row.record === id)).toBe(true)
  })
})
