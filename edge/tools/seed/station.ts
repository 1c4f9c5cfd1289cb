/** Fills an empty data folder with the demo station: people, posts, roster, devices, code lists and twenty visits, all made by the same writer
 *  and the same rules as everything else, on a clock that runs through the last two days. The same seed gives the same people and matters. */
import { toHex } from '#crypto/bytes.ts'
import { hashPinAsync, isBannedPin, issuePin, pinCosts } from '#crypto/pin.ts'
import { newId, type Random } from '#crypto/random.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { codeList } from '#protocols/codes.ts'
import { maskNumber } from '#protocols/documents/mask.ts'
import { Fault } from '#protocols/errors.ts'
import type { DemoPerson } from '#protocols/http/session.ts'
import { flows } from '#protocols/flows/index.ts'
import type { Json } from '#protocols/record/value.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { type Committer, createCommitter } from '../../commit.ts'
import { createIdentity } from '../../identity.ts'
import type { StationKeys } from '../../keys.ts'
import { pinToText } from '../../pins.ts'
import type { Store } from '../../store/store.ts'
import { mintVisitNumber } from '../../kiosk/numbers.ts'
import { createHands, type Hands } from './hands.ts'
import { demoStaff, demoVisitors } from './people.ts'
import { stationFacts } from './facts.ts'
import { type DemoVisit, demoVisits } from './visits.ts'

const minuteMs = 60 * 1000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export { stationFacts }

/** A machine of the demo station; secrets are made by whoever starts the broker. */
export interface DemoDevice {
  readonly id: string
  readonly kind: 'kiosk' | 'reader' | 'camera' | 'printer'
  readonly name: string
  readonly place: string
  /** The kiosk unit it belongs to. */
  readonly kiosk: string | null
  /** False: it has been dead since yesterday. */
  readonly alive: boolean
}

export interface SeededStation {
  readonly people: readonly DemoPerson[]
  readonly devices: readonly DemoDevice[]
}

export interface SeedParts {
  readonly store: Store
  readonly keys: StationKeys
  /** Chance for keys and ids that must differ between folders. */
  readonly random: Random
  readonly nowMs: number
  readonly seed: string
  readonly onProgress: (done: number, total: number) => void
}

/** One transaction around all of it: a folder holds the whole demo station or none. */
export async function seedStation(parts: SeedParts): Promise<SeededStation> {
  const { database } = parts.store
  database.exec('begin immediate')
  try {
    const station = await seedInside(parts)
    database.exec('commit')
    return station
  } catch (cause) {
    database.exec('rollback')
    throw cause
  }
}

async function seedInside(parts: SeedParts): Promise<SeededStation> {
  const { store, keys, nowMs } = parts
  const chance = createSeededRandom(parts.seed)
  const clock = { ms: nowMs - 20 * dayMs, nowMs: () => clock.ms }
  const identity = createIdentity(store, keys)
  store.transact(() => {
    if (!identity.device(toHex(keys.gatewayDevice)))
      identity.certify(keys.gatewayDevice, 'gateway', 'gateway', keys.gateway.publicKey, clock.ms)
  })
  const committer = createCommitter({
    store,
    identity,
    keys,
    defs: recordDefs,
    flows,
    clock,
    random: chance,
    defer: (run) => queueMicrotask(run),
    onCommitted: () => {},
    onFlowRefused: (draft, refusal) => {
      throw new Fault(refusal.code, { ...refusal.detail, draft: `${draft.type} ${draft.kind}` })
    },
  })
  const make = maker(committer)
  const total = demoStaff.length + demoVisits.length + 3
  let done = 0
  const step = () => parts.onProgress(++done, total)

  const { unit } = await seedUnits(make)
  step()
  const accounts: string[] = []
  const people: DemoPerson[] = []
  const posts = new Map<string, string>()
  const pins = demoStaff.map(() => demoPin(chance))
  const checkValues = await Promise.all(pins.map((pin) => hashPinAsync(pin, pinCosts.floor, parts.random)))
  for (const [index, staff] of demoStaff.entries()) {
    const common = { unit, label: 'internal' }
    const post =
      posts.get(staff.post) ??
      (await make('post', { ...common, name: staff.post, nameEn: staff.postEn, role: staff.role, level: staff.level, of: unit }))
    posts.set(staff.post, post)
    const policeNumber = String(100101 + index)
    const account = await make('account', { ...common, name: staff.name, policeNumber, posts: { add: [post] } })
    const value = pinToText(checkValues[index] as (typeof checkValues)[number])
    store.database.prepare('insert into pin (account, value) values (?, ?)').run(account, value)
    accounts.push(account)
    people.push({ name: staff.name, post: staff.post, policeNumber, pin: pins[index] as string })
    step()
  }
  const of = (role: string) => accounts.filter((_, index) => demoStaff[index]?.role === role)
  await seedRoster(make, unit, of, nowMs)
  await seedCodeLists(make, unit, chance)
  step()
  const devices = await seedDevices(committer, unit, chance)
  step()
  await seedVisits({ parts, identity, committer, clock, chance, unit, kiosk: devices[0]?.id as string, of })
  const order = new Map(demoStaff.map((staff, index) => [staff.name, index]))
  return { people: people.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0)), devices }

  async function seedVisits(context: Omit<VisitContext, 'frontDesk' | 'officer'>): Promise<void> {
    const hands = { store, identity, committer, station: keys.station, random: chance, nowMs: clock.nowMs }
    clock.ms = nowMs - 2 * dayMs
    const frontDesk = createHands(hands, of('front-desk')[0] as string, 'desk', '前台 1 号台')
    const officers = of('officer').map((account, index) => ({ account, sign: createHands(hands, account, 'handheld', `警务通 ${index + 1}`) }))
    for (const [index, visit] of [...demoVisits].sort((a, b) => b.minutesAgo - a.minutesAgo).entries()) {
      await playVisit({ ...context, frontDesk, officer: officers[index % 4] as (typeof officers)[number] }, visit)
      step()
    }
  }
}

/** Eight digits, as a device without a hardware key asks for. */
function demoPin(chance: Random): string {
  for (;;) {
    const pin = (issuePin(chance) + issuePin(chance)).slice(0, 8)
    if (!isBannedPin(pin)) return pin
  }
}

type Make = (type: string, values: Readonly<Record<string, Json>>) => Promise<string>

const maker =
  (committer: Committer): Make =>
  async (type, values) => {
    const result = await committer.act(() => [{ type, record: null, kind: 'create', values }], null)
    if (!result.ok) throw new Fault(result.code, { ...result.detail, type })
    return result.records[0]?.id as string
  }

async function seedUnits(make: Make): Promise<{ unit: string }> {
  const bureau = await make('unit', { code: '000000000000', name: '云汐市公安局', nameEn: 'Yunxi City Bureau', kind: 'bureau', label: 'internal' })
  await make('unit', { code: '000000020000', name: '望桥派出所', nameEn: 'Wangqiao Police Station', kind: 'station', parent: bureau, label: 'internal' })
  await make('unit', { code: '000000900000', name: '治安管理部门', nameEn: 'Public Order Department', kind: 'department', parent: bureau, label: 'internal' })
  const { code, name, nameEn } = stationFacts
  return { unit: await make('unit', { code, name, nameEn, kind: 'station', parent: bureau, label: 'internal' }) }
}

/** Three shifts a day for fourteen days and seven ahead; the four officers who handle the demo visits are on duty now. */
async function seedRoster(make: Make, unit: string, of: (role: string) => string[], nowMs: number): Promise<void> {
  const officers = of('officer')
  const auxiliaries = of('auxiliary')
  const leaders = of('duty-leader')
  const shiftMs = 8 * hourMs
  const current = Math.floor(nowMs / shiftMs)
  for (let offset = -14 * 3; offset <= 7 * 3; offset++) {
    const group = ((offset % 3) + 3) % 3
    const from = (current + offset) * shiftMs
    await make('shift', {
      unit,
      label: 'internal',
      from,
      until: from + shiftMs,
      leader: leaders[group] as string,
      officers: { add: officers.slice(group * 4, group * 4 + 4) },
      auxiliaries: { add: auxiliaries.slice(group * 2, group * 2 + 2) },
    })
  }
}

async function seedCodeLists(make: Make, unit: string, chance: Random): Promise<void> {
  for (const key of ['visit-reason', 'document-type', 'rating-tag']) {
    const list = codeList(key)
    const rows = Object.fromEntries(
      list.rows.map((row, index) => [toHex(newId(chance)), { code: row.code, zh: row.zh, en: row.en, order: index }]),
    )
    await make('code-list', { unit, label: 'public', key, edition: list.edition, rows, born: { publishing: 'published' } })
  }
}

async function seedDevices(committer: Committer, unit: string, chance: Random): Promise<DemoDevice[]> {
  const id = () => toHex(newId(chance))
  const [kioskA, kioskB] = [id(), id()]
  const devices: DemoDevice[] = [
    { id: kioskA, kind: 'kiosk', name: '自助机 1', place: '大厅入口左侧', kiosk: null, alive: true },
    { id: id(), kind: 'reader', name: '证件阅读器 1', place: '自助机 1', kiosk: kioskA, alive: true },
    { id: id(), kind: 'camera', name: '摄像机 00000000001320000001', place: '自助机 1', kiosk: kioskA, alive: true },
    { id: kioskB, kind: 'kiosk', name: '自助机 2', place: '大厅入口右侧', kiosk: null, alive: true },
    { id: id(), kind: 'reader', name: '证件阅读器 2', place: '自助机 2', kiosk: kioskB, alive: true },
    { id: id(), kind: 'camera', name: '摄像机 00000000001320000002', place: '自助机 2', kiosk: kioskB, alive: true },
    { id: id(), kind: 'reader', name: '证件阅读器 3', place: '前台', kiosk: null, alive: false },
  ]
  const result = await committer.act(
    () =>
      devices.map((device) => ({
        type: 'device',
        record: device.id,
        kind: 'create',
        values: {
          unit,
          label: 'internal',
          kind: device.kind,
          name: device.name,
          place: device.place,
          ...(device.kiosk ? { kiosk: device.kiosk } : {}),
        },
      })),
    null,
  )
  if (!result.ok) throw new Fault(result.code, result.detail)
  return devices
}

interface VisitContext {
  readonly parts: SeedParts
  readonly committer: Committer
  readonly clock: { ms: number }
  readonly chance: Random
  readonly unit: string
  readonly kiosk: string
  readonly identity: ReturnType<typeof createIdentity>
  readonly of: (role: string) => string[]
  readonly frontDesk: Hands
  readonly officer: { readonly account: string; readonly sign: Hands }
}

const reached = (visit: DemoVisit, state: DemoVisit['until']): boolean => {
  const order = ['identityPending', 'checkedIn', 'assigned', 'signed', 'handling', 'handled', 'closed']
  const until = visit.until === 'left' ? 'handled' : visit.until
  return order.indexOf(until) >= order.indexOf(state)
}

async function playVisit(context: VisitContext, visit: DemoVisit): Promise<void> {
  const { clock, committer, chance, unit, kiosk, frontDesk, officer, parts } = context
  const at = (minutes: number) => {
    clock.ms = Math.max(clock.ms + 1000, Math.min(parts.nowMs - 1000, parts.nowMs - visit.minutesAgo * minuteMs + minutes * minuteMs))
    return clock.ms
  }
  const viaKiosk = async (type: string, record: string, kind: string, values: Readonly<Record<string, Json>>) => {
    const result = await committer.act(() => [{ type, record, kind, values }], { kind: 'kiosk', device: kiosk })
    if (!result.ok) throw new Fault(result.code, { ...result.detail, type, kind })
  }
  const someone = demoVisitors[visit.visitor] as (typeof demoVisitors)[number]
  const [person, id] = [toHex(newId(chance)), toHex(newId(chance))]
  const common = { unit, label: 'internal', drill: false }
  at(0)
  await viaKiosk('person', person, 'create', {
    ...common,
    name: someone.name,
    documentType: 'identityCard',
    documentNumber: someone.number,
    numberMasked: maskNumber(someone.number),
    sex: someone.sex,
    birth: someone.birth,
    source: 'reader',
  })
  const born = await committer.act(
    (reads) => {
      const number = mintVisitNumber(reads, stationFacts.code)
      if (typeof number !== 'string') return number
      return [{ type: 'visit', record: id, kind: 'create', values: { ...common, number, visitor: person } }]
    },
    { kind: 'kiosk', device: kiosk },
  )
  if (!born.ok) throw new Fault(born.code, born.detail)
  if (visit.until === 'refused') {
    at(2)
    return frontDesk('visit', id, 'do:refuseEntry', { refuseReason: '拒不出示证件并扰乱大厅秩序' })
  }
  if (!reached(visit, 'checkedIn')) return
  at(1)
  if (visit.identified === 'match')
    await viaKiosk('visit', id, 'do:identify', {
      identifiedBy: 'match',
      matchScore: visit.score,
      matchThreshold: 700,
      matchModel: 'simulator-1',
      matchDecision: 'same',
      consentAt: clock.ms,
    })
  else await frontDesk('visit', id, 'do:identify', { identifiedBy: 'desk', identityReason: '现场核对证件与本人一致', matchDecision: 'overridden' })
  await viaKiosk('visit', id, 'do:checkIn', {
    reason: visit.reason,
    checkedInAt: at(2),
    companions: 0,
    hostUnit: unit,
    slipCode: toHex(chance.bytes(5)),
  })
  if (!reached(visit, 'assigned')) return
  at(4)
  await frontDesk('visit', id, 'do:assign', { officer: officer.account })
  if (!reached(visit, 'signed')) return
  at(7)
  await officer.sign('visit', id, 'do:sign')
  if (!reached(visit, 'handling')) return
  at(9)
  await officer.sign('visit', id, 'do:begin')
  if (visit.feedback) {
    at(20)
    await officer.sign('visit', id, 'update', { feedback: [[toHex(newId(chance)), visit.feedback]] })
  }
  if (!reached(visit, 'handled')) return
  at(24)
  await officer.sign('visit', id, 'do:finish')
  if (visit.until === 'left') {
    return frontDesk('visit', id, 'do:leaveUnregistered', { leftAt: at(180) })
  }
  if (!reached(visit, 'closed')) return
  await viaKiosk('visit', id, 'do:checkOut', { leftAt: at(28) })
  const rating = parts.store.records.related('rating', 'matter', id)[0]
  if (!rating || !visit.grades) return
  const [quality, efficiency, environment, attitude] = visit.grades
  await viaKiosk('rating', rating.id, 'do:rate', { quality, efficiency, environment, attitude, ratedAt: at(29) })
}
