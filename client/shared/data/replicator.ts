/** Runs pusher and puller against a gateway: performs their effects, verifies every answer before a machine sees it, waits between tries. It
 *  knows stores and link only by their interfaces, so that a device and the simulator run the same code. It must never hand an unverified
 *  receipt or manifest on. */
import { fromBase64Url } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import type { Timers } from '#protocols/clock.ts'
import { type ErrorCode, Fault } from '#protocols/errors.ts'
import { backOffMs } from '#protocols/sync/back-off.ts'
import { type Manifest, openManifest } from '#protocols/sync/manifest.ts'
import type { PullAnswer, PullRequest } from '#protocols/sync/pull.ts'
import {
  type PulledPage,
  type PullerEffect,
  type PullerEvent,
  pullerStart,
  type ReplicaStore,
  stepPuller,
} from '#protocols/sync/puller.ts'
import { encodePush } from '#protocols/sync/push.ts'
import {
  type ChangeStore,
  type PusherEffect,
  type PusherEvent,
  pusherStart,
  stepPusher,
} from '#protocols/sync/pusher.ts'
import { openReceipt, type Receipt } from '#protocols/sync/receipt.ts'
import { runMachine } from './run-machine.ts'

/** The gateway over this face's session. Both throw Fault. */
export interface GatewayLink {
  /** body: protocols/sync/push.ts. Returns the bytes of a signed receipt. */
  push(body: Uint8Array): Promise<Uint8Array>
  pull(request: PullRequest): Promise<PullAnswer>
}

export type ReplicatorNews =
  /** The gateway answered; edge time, ms, if it is signed. */
  | { readonly kind: 'contact'; readonly signedMs: number | null }
  /** error: what kind of error of our own it was, when it is none of the table. */
  | { readonly kind: 'trouble'; readonly code: ErrorCode; readonly error?: string }
  /** A first or repeated pull under way. */
  | { readonly kind: 'pulling'; readonly pulled: number; readonly isEnd: boolean }
  | {
      readonly kind: 'report'
      readonly isProved: boolean
      readonly have: number
      readonly of: number
      readonly atMs: number
    }
  | { readonly kind: 'repair' }

export interface ReplicatorOptions {
  readonly changes: ChangeStore
  readonly replica: ReplicaStore
  readonly link: GatewayLink
  /** Pinned at enrolment: hex id and S1. */
  readonly station: { readonly id: string; readonly signKey: Uint8Array }
  /** Hex. */
  readonly device: string
  readonly timers: Timers
  readonly random: Random
  readonly onNews: (news: ReplicatorNews) => void
}

export interface Replicator {
  /** An own change was committed. */
  changed(): void
  /** Something in the scope changed at the gateway. */
  poke(): void
  /** The gateway may be in reach: try now, whatever the back-off says. */
  contact(): void
  /** Tries now; resolves when nothing more is to be done, rejects with the Fault of the first failure. */
  syncNow(): Promise<void>
  close(): void
}

/** The least that must be true of an answer before a machine sees it. */
function checkShape({ rows, checkpoint, more, manifest }: PullAnswer): void {
  const isWhole =
    Array.isArray(rows) &&
    typeof checkpoint?.epoch === 'string' &&
    Number.isSafeInteger(checkpoint.seq) &&
    typeof more === 'boolean' &&
    (manifest === null || typeof manifest === 'string')
  if (!isWhole) throw new Fault('wire/malformed', { field: 'pull answer' })
}

function bytesOfText(text: string): Uint8Array {
  try {
    return fromBase64Url(text)
  } catch (cause) {
    throw new Fault('wire/malformed', { field: 'manifest' }, { cause })
  }
}

export function createReplicator(options: ReplicatorOptions): Replicator {
  const { changes, replica, link, station, device, timers, random, onNews } = options
  const waiters = new Set<{ resolve: () => void; reject: (cause: Fault) => void }>()
  let isClosed = false

  const fail = (cause: unknown): void => {
    if (isClosed) return
    const fault = cause instanceof Fault ? cause : new Fault('internal/fault', {}, { cause })
    const error = cause instanceof Error && !(cause instanceof Fault) ? cause.name : undefined
    onNews({ kind: 'trouble', code: fault.code, ...(error !== undefined && { error }) })
    for (const waiter of waiters) waiter.reject(fault)
    waiters.clear()
  }
  /** Performs one effect; its failure is an event like any other. */
  const attempt = <Event>(work: Promise<Event>, send: (event: Event | { kind: 'failed' }) => void): void => {
    work.then(send, (cause) => {
      fail(cause)
      send({ kind: 'failed' })
    })
  }
  const createWait = (send: (event: { kind: 'waited' }) => void) => {
    let cancel = () => {}
    return {
      start(tries: number) {
        cancel()
        cancel = timers.after(backOffMs(tries, random), () => send({ kind: 'waited' }))
      },
      cancel: () => cancel(),
    }
  }

  async function push(effect: PusherEffect & { run: 'send' }): Promise<PusherEvent> {
    const bytes = await link.push(encodePush(effect.changes.map((change) => change.item)))
    const receipt = openReceipt(bytes, station.signKey)
    checkAddress(receipt)
    if (!isClosed) onNews({ kind: 'contact', signedMs: receipt.timeMs })
    return { kind: 'answered', receipt }
  }

  async function settle(receipt: Receipt, offerFrom: number | null): Promise<PusherEvent> {
    await changes.settle(receipt)
    if (offerFrom !== null) await changes.offerAgain(offerFrom)
    return { kind: 'settled' }
  }

  async function pull(request: PullRequest): Promise<PullerEvent> {
    const answer = await link.pull(request)
    checkShape(answer)
    const manifest = answer.manifest === null ? null : openManifest(bytesOfText(answer.manifest), station.signKey)
    if (manifest) checkManifest(manifest, answer)
    if (!isClosed) onNews({ kind: 'contact', signedMs: manifest?.timeMs ?? null })
    return { kind: 'answered', answer, manifest }
  }

  async function apply(page: PulledPage, pulled: number): Promise<PullerEvent> {
    const sum = await replica.apply(page)
    if (!isClosed) onNews({ kind: 'pulling', pulled, isEnd: page.isEnd })
    // A new epoch may have made settled changes unsettled.
    if (page.isEnd) pusher.send({ kind: 'changed' })
    return { kind: 'applied', sum }
  }

  async function start(fromScratch: boolean): Promise<PullerEvent> {
    if (fromScratch) await replica.startOver()
    return { kind: 'started', ...(await replica.start()) }
  }

  const checkAddress = (answer: { station: string; device: string }): void => {
    if (answer.station !== station.id || answer.device !== device)
      throw new Fault('identity/forged', { label: 'receipt' })
  }
  const checkManifest = (manifest: Manifest, answer: PullAnswer): void => {
    const isOurs = manifest.station === station.id && manifest.scopeKey === `device:${device}`
    if (!isOurs || manifest.epoch !== answer.checkpoint.epoch) throw new Fault('identity/forged', { label: 'manifest' })
  }

  const performPush = (effect: PusherEffect, send: (event: PusherEvent) => void): void => {
    if (effect.run === 'load')
      attempt<PusherEvent>(
        changes.unsettled(effect.countMax, effect.bytesMax).then((found) => ({ kind: 'loaded', changes: found })),
        send,
      )
    else if (effect.run === 'send') attempt(push(effect), send)
    else if (effect.run === 'settle') attempt(settle(effect.receipt, effect.offerFrom), send)
    else if (effect.run === 'wait') pushWait.start(effect.attempt)
    else pushWait.cancel()
  }
  const performPull = (effect: PullerEffect, send: (event: PullerEvent) => void): void => {
    if (effect.run === 'start') attempt(start(effect.fromScratch), send)
    else if (effect.run === 'pull') attempt(pull(effect.request), send)
    else if (effect.run === 'apply') attempt(apply(effect.page, effect.pulled), send)
    else if (effect.run === 'wait') pullWait.start(effect.attempt)
    else if (effect.run === 'cancel-wait') pullWait.cancel()
    else if (effect.run === 'repair') onNews({ kind: 'repair' })
    else {
      const { isProved, have, of, atMs } = effect
      onNews({ kind: 'report', isProved, have, of, atMs })
    }
  }

  const settleWaiters = (): void => {
    if (pusher.state().at !== 'resting' || puller.state().at !== 'resting') return
    for (const waiter of waiters) waiter.resolve()
    waiters.clear()
  }
  const pusher = runMachine(pusherStart, stepPusher, performPush, settleWaiters)
  const puller = runMachine(pullerStart, stepPuller, performPull, settleWaiters)
  const pushWait = createWait(pusher.send)
  const pullWait = createWait(puller.send)

  return {
    changed: () => pusher.send({ kind: 'changed' }),
    poke: () => puller.send({ kind: 'poke' }),
    contact() {
      pusher.send({ kind: 'contact' })
      puller.send({ kind: 'contact' })
    },
    syncNow() {
      const done = new Promise<void>((resolve, reject) => waiters.add({ resolve, reject }))
      this.contact()
      return done
    },
    close() {
      isClosed = true
      pusher.send({ kind: 'stop' })
      puller.send({ kind: 'stop' })
      for (const waiter of waiters) waiter.reject(new Fault('gateway/unavailable', {}))
      waiters.clear()
    },
  }
}
