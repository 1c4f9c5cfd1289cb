/** The station's devices put together: what comes in by MQTT is counted once, in the store, before it is acknowledged, and handed to the driver
 *  of its kind; presence becomes a state of the device's record. */
import type { Clock, Timers } from '#protocols/clock.ts'
import { dateTextOf } from '#protocols/clock.ts'
import type { Compare } from '#protocols/device/kiosk.ts'
import type { Result } from '#protocols/device/reader.ts'
import type { Health } from '#protocols/device/health.ts'
import { type DeviceKind, deviceKinds } from '#protocols/device/kinds.ts'
import { Fault } from '#protocols/errors.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Committer } from '../commit.ts'
import type { Kiosks } from '../kiosk/kiosks.ts'
import type { Log } from '../shell/log.ts'
import type { Store } from '../store/store.ts'
import { createDedupe, type SeqState } from './dedupe.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { readHealth, readMatch } from './kiosk.ts'
import type { DeviceMessage, RejectedMessage } from './message.ts'
import { createPresence, type PresenceChange } from './presence.ts'
import { readDocument } from './reader.ts'
import type { DeviceRegister, RegisteredDevice } from './register.ts'

export interface StationDevicesParts {
  readonly store: Store
  readonly committer: Committer
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly kiosks: () => Kiosks
}

export function createStationDevices(parts: StationDevicesParts) {
  const { store, committer, clock, timers, log } = parts
  const saveSeq = store.database.prepare('insert or replace into ingest_seq (device, state) values (?, ?)')
  const loadSeq = store.database.prepare('select state from ingest_seq where device = ?').pluck()
  const dedupe = createDedupe({
    load: (device) => {
      const state = loadSeq.get(device) as string | undefined
      return state === undefined ? undefined : (JSON.parse(state) as SeqState)
    },
    save: (device, state) => {
      saveSeq.run(device, JSON.stringify(state))
    },
  })
  const register: DeviceRegister = {
    find: (deviceId) => registered(store.records.find(deviceId)),
    all: () => store.records.all('device').flatMap((doc) => registered(doc) ?? []),
  }
  const presence = createPresence({ clock, timers, onChange: (change) => void record(change) })
  let inbox: Inbox | null = null

  /** A message counts once. It is remembered only after it was handled: killed in between, it comes again and is handled again. */
  async function once(deviceId: string, seq: number, handle: () => Promise<void> | void): Promise<boolean> {
    const verdict = dedupe.judge(deviceId, seq)
    if (verdict === 'stale') log.warn('devices/number-stale', { device: deviceId, seq })
    if (verdict !== 'new') return false
    await handle()
    store.transact(() => dedupe.remember(deviceId, seq))
    return true
  }

  async function record({ deviceId, state, heardAtMs }: PresenceChange): Promise<void> {
    const standing = store.records.find(deviceId)?.tracks['presence']
    if (standing === undefined || standing === 'disabled' || standing === state) return
    const kind = state === 'active' ? 'do:appear' : 'do:fallSilent'
    const values = heardAtMs === null ? {} : { heardAt: heardAtMs }
    const result = await committer
      .act(() => [{ type: 'device', record: deviceId, kind, values }], null)
      .catch(() => null)
    if (!result?.ok) log.warn('devices/presence-not-recorded', { device: deviceId, kind: state })
  }

  async function ingest(message: DeviceMessage): Promise<void> {
    const { deviceId } = message
    if (message.topic === 'up/<device>/presence') {
      if (message.payload.state === 'online') presence.heard(deviceId)
      else presence.lost(deviceId)
      return
    }
    presence.heard(deviceId)
    const { seq } = message.payload
    if (message.topic === 'up/<device>/swipe') {
      const reading = readDocument(message.payload, dateTextOf(clock.nowMs()))
      const isNew = await once(deviceId, seq, () => parts.kiosks().onReading(deviceId, seq, reading))
      return answer(deviceId, seq, isNew ? (reading.ok ? 'accepted' : 'refused') : 'repeated', reading.ok ? null : reading.code)
    }
    if (message.topic === 'up/<device>/match') {
      const report = message.payload
      await once(deviceId, seq, async () => {
        const match = readMatch(report, parts.kiosks().askedOf(report.session), clock.nowMs())
        if (match.failed.length > 0) log.warn('devices/match-not-taken', { device: deviceId, reason: match.failed.join(' ') })
        await parts.kiosks().onMatch(match)
      })
      return
    }
    const health = message.payload
    await once(deviceId, seq, () => takeHealth(deviceId, health))
  }

  async function takeHealth(deviceId: string, report: Health): Promise<void> {
    const { firmware, paper } = readHealth(report)
    const standing = store.records.find(deviceId)
    if (standing?.fields['firmware'] === firmware && standing.fields['paper'] === paper) return
    const result = await committer.act(() => [{ type: 'device', record: deviceId, kind: 'update', values: { firmware, paper } }], null)
    if (!result.ok) throw new Fault(result.code, result.detail)
  }

  /** A lamp on the reader; a reader that is away again has lost nothing. */
  async function answer(deviceId: string, seq: number, outcome: Result['outcome'], code: string | null): Promise<void> {
    const payload: Result = { v: 1, seq, outcome, ...(outcome === 'refused' && code !== null ? { code } : {}) }
    await inbox
      ?.send('down/<device>/result', deviceId, payload)
      .catch(() => log.info('devices/answer-not-sent', { device: deviceId }))
  }

  return {
    register,
    /** Begins to listen. Called once, when the broker is up. */
    listen(options: { url: string; secret: string }): Promise<void> {
      inbox = createInbox({
        ...options,
        register,
        ingest,
        clock,
        timers,
        onRejected: (rejected: RejectedMessage) => {
          log.warn('devices/message-set-aside', {
            ...(rejected.deviceId ? { device: rejected.deviceId } : {}),
            code: rejected.code,
            sizeBytes: rejected.sizeBytes,
          })
        },
        log: {
          info: (event) => log.info(event),
          warn: (event) => log.warn(event),
          error: (event) => log.error(event),
        },
      })
      for (const device of register.all()) if (device.isEnabled) presence.expect(device.deviceId)
      return inbox.ready
    },
    isActive: (device: string): boolean => presence.stateOf(device) === 'active',
    heard: (device: string) => presence.heard(device),
    async compare(unit: string, request: Compare): Promise<void> {
      if (!inbox) throw new Fault('device/unreachable')
      await inbox.send('down/<device>/compare', unit, request)
    },
    async close(): Promise<void> {
      presence.close()
      await inbox?.close()
    },
  }
}
export type StationDevices = ReturnType<typeof createStationDevices>

function registered(doc: RecordDoc | null): RegisteredDevice | undefined {
  const kind = doc?.fields['kind']
  // A kiosk's page is enrolled with a key and never speaks MQTT; its unit has none.
  if (
    doc?.type !== 'device' ||
    !(deviceKinds as readonly unknown[]).includes(kind) ||
    typeof doc.fields['publicKey'] === 'string'
  )
    return undefined
  return { deviceId: doc.id, kind: kind as DeviceKind, isEnabled: doc.tracks['presence'] !== 'disabled' }
}
