/** What every simulated device has in common, and what a vendor's bridge would do (docs/reader-bridge.md): one MQTT 3.1.1 session, a will, presence,
 *  health, numbered messages that are sent again until they are acknowledged. */
import mqtt from 'mqtt'
import type { Clock, Timers } from '#protocols/clock.ts'
import { decodePayload, encodePayload } from '#protocols/device/payload.ts'
import {
  deviceQos,
  type DownTopic,
  parseTopic,
  type PayloadOf,
  topicOf,
  type TopicKey,
  type UpTopic,
} from '#protocols/device/topics.ts'

export interface DeviceClientOptions {
  readonly url: string
  readonly deviceId: string
  readonly secret: string
  readonly ca?: Buffer
  readonly clock: Clock
  readonly timers: Timers
  readonly healthMs?: number
  readonly retryMs?: number
  /** What a health report says beside number and time. */
  readonly health: () => Omit<PayloadOf<'up/<device>/health'>, 'v' | 'seq' | 'at'>
  readonly onDown?: <K extends DownTopic>(topic: K, payload: PayloadOf<K>) => void
}

type Numbered = Exclude<UpTopic, 'up/<device>/presence'>
export type Content<K extends Numbered> = Omit<PayloadOf<K>, 'v' | 'seq' | 'at'>

export interface DeviceClient {
  readonly deviceId: string
  /** Resolves on the first acknowledged connection. */
  readonly ready: Promise<void>
  isConnected(): boolean
  /** The number of the next message. */
  nextSeq(): number
  /** Resolves with the message's number when the broker has acknowledged it, however long that takes. */
  say<K extends Numbered>(topic: K, content: Content<K>, seq?: number): Promise<number>
  /** Cuts the cable: no farewell, so the will speaks. */
  cut(): void
  /** Says that it goes, then goes. */
  close(): Promise<void>
}

export function createDeviceClient(options: DeviceClientOptions): DeviceClient {
  const { url, deviceId, secret, ca, clock, timers, healthMs = 60_000, retryMs = 1000, onDown } = options
  // A reader without lasting memory numbers by its clock: later is higher, also after a restart.
  let lastSeq = 0
  const nextSeq = () => {
    lastSeq = Math.max(lastSeq + 1, clock.nowMs())
    return lastSeq
  }
  const bytes = <K extends TopicKey>(topic: K, payload: PayloadOf<K>) => Buffer.from(encodePayload(topic, payload))
  const presenceTopic = topicOf('up/<device>/presence', deviceId)
  const presence = (state: 'online' | 'offline') => bytes('up/<device>/presence', { v: 1, state, at: clock.nowMs() })

  const client = mqtt.connect(url, {
    clientId: deviceId,
    username: deviceId,
    password: secret,
    protocolVersion: 4,
    clean: false,
    keepalive: 30,
    reconnectPeriod: retryMs,
    resubscribe: false,
    will: { topic: presenceTopic, payload: presence('offline'), qos: deviceQos, retain: true },
    ...(ca ? { ca } : {}),
  })

  const say: DeviceClient['say'] = async (topic, content, seq = nextSeq()) => {
    const payload = { v: 1, seq, at: clock.nowMs(), ...content } as unknown as PayloadOf<typeof topic>
    await client.publishAsync(topicOf(topic, deviceId), bytes(topic, payload), { qos: deviceQos })
    return seq
  }
  const sayPresence = (state: 'online' | 'offline') =>
    client.publishAsync(presenceTopic, presence(state), { qos: deviceQos, retain: true })
  const sayHealth = () => void say('up/<device>/health', options.health()).catch(() => {})

  const ready = new Promise<void>((resolve) => {
    client.on('connect', () => {
      client.subscribe(`down/${deviceId}/#`, { qos: deviceQos })
      sayPresence('online').then(
        () => resolve(),
        () => {},
      )
      sayHealth()
    })
  })
  client.on('error', () => {})
  client.on('message', (topic, payload) => {
    const key = parseTopic(topic)?.key
    if (key === undefined || key.startsWith('up/')) return
    const decoded = decodePayload(key as DownTopic, payload)
    if (decoded.ok) onDown?.(key as DownTopic, decoded.payload)
  })
  const cancelHealth = timers.every(healthMs, () => {
    if (client.connected) sayHealth()
  })

  return {
    deviceId,
    ready,
    isConnected: () => client.connected,
    nextSeq,
    say,
    cut() {
      cancelHealth()
      client.end(true)
    },
    async close() {
      cancelHealth()
      if (client.connected) await sayPresence('offline').catch(() => {})
      await client.endAsync(true)
    },
  }
}
