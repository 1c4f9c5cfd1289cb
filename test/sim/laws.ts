/** What must hold in every world once it is quiet (sync.md, "Promises and their tests"). Each broken one says which, and about what. */
import { equalBytes, toHex } from '#crypto/bytes.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { OwnDoc } from '../../client/shared/data/own-change.ts'
import type { QueueDoc } from '../../client/shared/data/tables.ts'
import type { SimDevice } from './device.ts'
import type { SimGateway } from './gateway.ts'

export interface Quiet {
  readonly devices: readonly SimDevice[]
  readonly gateway: SimGateway
  /** What the devices told their officers was written. */
  readonly committed: readonly { readonly device: SimDevice; readonly change: string }[]
  readonly isQuiet: (device: SimDevice) => boolean
}

const rowsOf = <Doc>(table: ReadonlyMap<string, string>): Doc[] => [...table.values()].map((text) => JSON.parse(text))
const byId = (docs: readonly RecordDoc[]): RecordDoc[] => [...docs].sort((a, b) => (a.id < b.id ? -1 : 1))

export async function brokenLaws(quiet: Quiet): Promise<string[]> {
  return [
    ...quiet.devices.flatMap((device) => [
      ...liveness(device, quiet),
      ...chain(device, quiet.gateway),
      ...everyEdit(device, quiet),
      ...convergence(device, quiet.gateway),
      ...ownCopies(device),
    ]),
  ]
}

function liveness(device: SimDevice, { isQuiet }: Quiet): string[] {
  return isQuiet(device) ? [] : [`liveness: ${device.name} is not quiet after the faults ended`]
}

/** One change per device and number, each naming the one before; nothing stands twice; the device is not frozen. */
function chain(device: SimDevice, gateway: SimGateway): string[] {
  const broken: string[] = []
  let prev: Uint8Array = new Uint8Array(32)
  gateway.entriesOf(device.enrolled).forEach((entry, index) => {
    const { seq, prev: named } = entry.change.header
    if (seq !== index + 1) broken.push(`chain: ${device.name} number ${seq} stands at place ${index + 1}`)
    if (!equalBytes(named, prev)) broken.push(`chain: ${device.name} number ${seq} names another one before it`)
    prev = entry.change.id
  })
  if (gateway.isFrozen(device.enrolled)) broken.push(`chain: ${device.name} was frozen for equivocation`)
  return broken
}

/** What was told as written is on the device's disk; what is on its disk is in the log, and the device knows its outcome. */
function everyEdit(device: SimDevice, { gateway, committed }: Quiet): string[] {
  const broken: string[] = []
  const entries = new Map(gateway.entriesOf(device.enrolled).map((entry) => [toHex(entry.change.id), entry]))
  const queue = rowsOf<QueueDoc>(device.disk.tables.queue)
  const own = new Map(rowsOf<OwnDoc>(device.disk.tables.own).map((doc) => [doc.id, doc]))
  const queued = new Set(queue.map((doc) => doc.change))
  for (const each of committed)
    if (each.device === device && !queued.has(each.change))
      broken.push(`lost: ${device.name} ${each.change.slice(0, 8)} is gone`)
  if (queue.length !== device.disk.changes.size) broken.push(`lost: ${device.name} queue and change log differ`)
  if (entries.size !== queue.length) broken.push(`lost: ${device.name} has ${queue.length}, the log ${entries.size}`)
  for (const doc of queue) {
    const entry = entries.get(doc.change)
    const at = `${device.name} number ${doc.seq}`
    if (!entry) broken.push(`lost: ${at} is not in the log`)
    else if (doc.state !== 'settled') broken.push(`answer: ${at} has no receipt`)
    else if (doc.outcome !== entry.outcome || doc.logSeq !== entry.seq)
      broken.push(`answer: ${at} knows another outcome`)
    const isShown = own.get(doc.change)?.state === 'refused'
    const isRefused = entry !== undefined && entry.outcome !== 'admitted'
    // After a restore the readable copy of what was admitted before is gone: such a refusal stands at the desk alone.
    const mayBeElsewhere = isRefused && gateway.restores() > 0
    if (entry && isRefused !== isShown && !mayBeElsewhere)
      broken.push(`refused: ${at} ${entry.outcome}, shown ${isShown}`)
  }
  return broken
}

/** The replica is the projection of its scope, to the last character. */
function convergence(device: SimDevice, gateway: SimGateway): string[] {
  const held = byId(rowsOf<RecordDoc>(device.disk.tables.records))
  const wanted = byId(gateway.projection(device.enrolled, device.account))
  if (JSON.stringify(held) === JSON.stringify(wanted)) return []
  return [`convergence: ${device.name} holds ${held.length} of ${wanted.length}, or other versions`]
}

/** Nothing but refused changes is left readable. */
function ownCopies(device: SimDevice): string[] {
  return rowsOf<OwnDoc>(device.disk.tables.own)
    .filter((own) => own.state !== 'refused')
    .map((own) => `copies: ${device.name} number ${own.seq} is still ${own.state}`)
}
