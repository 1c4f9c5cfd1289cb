/** One simulated world, all from one seed: two handhelds and a gateway, officers who write, a network and clocks that fail, devices that crash. Then
 *  the faults end, and the laws must hold. */
import { createSeededRandom } from '#crypto/seeded-random.ts'
import type { Json } from '#protocols/record/value.ts'
import { decide } from '#protocols/record/rights.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Tables } from '../../client/shared/data/tables.ts'
import { type Chance, createChance } from './chance.ts'
import { createSimDevice, type SimDevice } from './device.ts'
import { createSimGateway, type SimGateway } from './gateway.ts'
import { brokenLaws } from './laws.ts'
import { createNetwork, type NetworkFaults } from './network.ts'
import { createScheduler } from './scheduler.ts'

export interface Acknowledged {
  readonly device: string
  readonly change: string
}

export interface WorldResult {
  readonly seed: string
  /** Empty: all laws hold. */
  readonly broken: readonly string[]
  /** What was done, one line a step. */
  readonly operations: readonly string[]
  readonly counts: {
    readonly commits: number
    readonly refusedAtOnce: number
    readonly admitted: number
    readonly refusedLater: number
    readonly crashes: number
    readonly lost: number
    readonly doubled: number
    readonly repairs: number
    readonly restores: number
    readonly records: number
  }
}

const startMs = Date.UTC(2026, 10, 21, 1, 0, 0)
const minuteMs = 60_000
const quietMinutesMax = 30

export interface WorldOptions {
  readonly seed: string | number
  readonly steps?: number
  /** A planted bug: what the devices' tables do otherwise than they should. Proves that the laws bite. */
  readonly plant?: (tables: Tables) => Tables
}

export async function runWorld({ seed, steps = 60, plant = (tables) => tables }: WorldOptions): Promise<WorldResult> {
  const chance = createChance(createSeededRandom(`world ${seed}`))
  const scheduler = createScheduler(startMs)
  const mayRestore = chance.percent(30)
  const gateway = await createSimGateway(`gateway ${seed}`, startMs, () => scheduler.nowMs(), mayRestore)
  const faults: NetworkFaults = {
    lossPercent: chance.pick([0, 5, 30]),
    doublePercent: chance.pick([0, 10, 30]),
    delayMsMax: chance.pick([50, 2000, 9000]),
  }
  const network = createNetwork(scheduler, chance, faults)
  const operations: string[] = []
  const faulty: string[] = []
  const committed: { device: SimDevice; change: string }[] = []
  let step = 0
  const say = (text: string): void => {
    operations.push(`${step} +${Math.round((scheduler.nowMs() - startMs) / 1000)}s ${text}`)
  }
  const restart = (device: SimDevice): void => {
    say(`${device.name} crashed`)
    scheduler.after(chance.below(3 * minuteMs), () => {
      if (!device.isUp()) void device.start()
    })
  }
  const accounts = [gateway.staff.accounts['officer'], gateway.staff.accounts['unit-leader']] as string[]
  const devices = accounts.map((account, index) =>
    createSimDevice({ name: 'AB'[index] ?? '?', account, gateway, network, scheduler, onCrash: restart, plant }),
  )
  const pokeAll = (): void => {
    for (const device of devices) network.tell(device.wire, () => device.poke())
  }
  let seen = 0
  const stopPoking = scheduler.every(500, () => {
    if (gateway.committedCount() === seen) return
    seen = gateway.committedCount()
    pokeAll()
  })

  async function write(device: SimDevice, record: string | null = null): Promise<string | null> {
    const draft = await draftFor(device, accounts, chance, gateway, record)
    if (!draft) return null
    say(`${device.name} ${draft.kind} ${draft.record?.slice(0, 4) ?? ''} ${Object.keys(draft.values).join(',')}`)
    // Not waited for: a crash may leave it without an answer for ever.
    device.commit(draft).then(
      (result) => {
        if (result?.ok) committed.push({ device, change: result.change })
        else if (result) say(`${device.name} refused at once: ${result.code}`)
      },
      (cause: Error) => faulty.push(`commit: ${device.name} ${cause.message}`),
    )
    return draft.record
  }

  try {
    for (const device of devices) await device.start()
    await scheduler.run(minuteMs)
    for (step = 1; step <= steps; step++) {
      await act(devices, chance, say, write)
      if (mayRestore && chance.percent(8)) {
        gateway.backUp()
        say('the gateway is backed up')
      } else if (mayRestore && gateway.hasBackup() && chance.percent(8)) {
        gateway.restore()
        say('the gateway is restored from its backup')
      }
      await scheduler.run(chance.pick([0, 20, 500, 5000, 40_000]))
    }
    say('the faults end')
    faults.lossPercent = 0
    faults.doublePercent = 0
    for (const device of devices) {
      device.wire.upCut = false
      device.wire.downCut = false
      device.skewMs = 0
    }
    await scheduler.run(4 * minuteMs)
    for (const device of devices) {
      if (!device.isUp()) await device.start()
      device.contact()
    }
    let minutes = 0
    while (minutes < quietMinutesMax && !devices.every((device) => isQuiet(device, gateway))) {
      await scheduler.run(minuteMs)
      minutes++
    }
    await scheduler.run(minuteMs)
    const broken = await brokenLaws({ devices, gateway, committed, isQuiet: (device) => isQuiet(device, gateway) })
    const entries = devices.flatMap((device) => gateway.entriesOf(device.enrolled))
    return {
      seed: String(seed),
      broken: [...faulty, ...broken],
      operations,
      counts: {
        commits: committed.length,
        refusedAtOnce: devices.reduce((sum, device) => sum + device.counts.refusedAtOnce, 0),
        admitted: entries.filter((entry) => entry.outcome === 'admitted').length,
        refusedLater: entries.filter((entry) => entry.outcome !== 'admitted').length,
        crashes: devices.reduce((sum, device) => sum + device.counts.crashes, 0),
        lost: network.counts.lost,
        doubled: network.counts.doubled,
        repairs: devices.reduce((sum, device) => sum + device.counts.repairs, 0),
        restores: gateway.restores(),
        records: devices.reduce((sum, device) => sum + device.disk.tables.records.size, 0),
      },
    }
  } finally {
    stopPoking()
    for (const device of devices) device.stop()
    gateway.close()
  }
}

/** Nothing on its way up, and the replica proved at the gateway's head. */
function isQuiet(device: SimDevice, gateway: SimGateway): boolean {
  const queue = [...device.disk.tables.queue.values()]
  const pull = device.disk.tables.replica.get('pull')
  if (!pull || queue.some((text) => JSON.parse(text).state === 'pending')) return false
  const { checkpoint } = JSON.parse(pull)
  if (checkpoint?.epoch !== gateway.epoch() || checkpoint?.seq !== gateway.headSeq()) return false
  return device.proofs?.isProved === true
}

async function act(
  devices: readonly SimDevice[],
  chance: Chance,
  say: (text: string) => void,
  write: (device: SimDevice, record?: string | null) => Promise<string | null>,
): Promise<void> {
  const device = chance.pick(devices)
  const roll = chance.below(100)
  if (roll < 20) {
    // Both at once on one task.
    const record = await write(device)
    for (const other of devices) if (other !== device && record) await write(other, record)
  } else if (roll < 60) {
    for (let count = chance.pick([1, 1, 1, 3]); count > 0; count--) await write(device)
  } else if (roll < 70) {
    device.wire.upCut = chance.percent(50)
    device.wire.downCut = chance.percent(50)
    say(`${device.name} up ${device.wire.upCut ? 'cut' : 'open'}, down ${device.wire.downCut ? 'cut' : 'open'}`)
  } else if (roll < 80) {
    device.wire.upCut = false
    device.wire.downCut = false
    device.contact()
    say(`${device.name} wires open`)
  } else if (roll < 92) {
    device.crashAfter(chance.between(1, 40))
    say(`${device.name} will crash`)
    if (chance.percent(70)) await write(device)
  } else {
    device.skewMs = chance.pick([0, -3_600_000, 7_200_000, -86_400_000, 365 * 86_400_000, 1000])
    say(`${device.name} clock off by ${device.skewMs} ms`)
  }
}

/** Something an officer could try, allowed or not. */
async function draftFor(
  device: SimDevice,
  accounts: readonly string[],
  chance: Chance,
  gateway: SimGateway,
  record: string | null,
) {
  if (!device.isUp()) return null
  const def = recordDefs.get('task')
  // A device that crashes while it is read from never answers.
  const soon = new Promise<null>((resolve) => setImmediate(() => setImmediate(() => resolve(null))))
  const found = await Promise.race([device.records('task'), soon])
  if (!found || !def) return null
  const tasks = found.filter((task) => record === null || task.id === record)
  if (record !== null && tasks.length === 0) return null
  const other = chance.pick(accounts)
  const text = `text ${chance.below(1000)}`
  if (record === null && (tasks.length < 2 || chance.percent(12))) {
    const values: Record<string, Json> = {
      title: text,
      responsible: other,
      copied: { add: chance.percent(85) ? [...accounts] : [device.account] },
      unit: gateway.staff.unit,
      label: 'internal',
      born: { task: chance.pick(['draft', 'issued', 'issued']) },
    }
    return { type: 'task', record: null, kind: 'create', values }
  }
  // The few newest: that is where two officers meet.
  const task = chance.pick([...tasks].sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1)).slice(0, 3))
  const actor = gateway.actorOf(device.enrolled, device.account)
  const fitting = Object.entries(def.tracks['task']?.transitions ?? {})
    .filter(([, transition]) => chance.percent(8) || transition.from.includes(task.tracks['task'] ?? ''))
    .filter(
      ([transition]) => chance.percent(20) || (actor && decide(actor, def, { kind: 'transition', transition }, task)),
    )
    .map(([name]) => name)
  const kind =
    fitting.length === 0 || chance.percent(record === null ? 30 : 5) ? 'update' : `do:${chance.pick(fitting)}`
  const values: Record<string, Json> =
    kind === 'update'
      ? chance.pick<Record<string, Json>>([
          { title: text },
          { text },
          { feedback: [[gateway.randomHex(16), text]] },
          { copied: chance.percent(50) ? { add: [other] } : { remove: [other] } },
          { title: text, due: startMs + chance.below(1000) },
        ])
      : valuesOf(kind.slice(3), def, other, text)
  return { type: 'task', record: task.id, kind, values }
}

function valuesOf(name: string, def: NonNullable<ReturnType<typeof recordDefs.get>>, other: string, text: string) {
  const transition = def.tracks[def.trackOf[name] ?? '']?.transitions[name]
  const values: Record<string, Json> = {}
  for (const field of transition?.needs ?? []) values[field] = field === 'responsible' ? other : text
  return values
}
