/** The gateway's ear on the broker: an ordinary MQTT 3.1.1 client with a session that outlives its connection, so that another broker is one
 *  setting. A message is acknowledged only after the handler has committed it; one that cannot be taken at all is set aside and acknowledged, or
 *  it would stand before all others for ever. It must never acknowledge what was neither committed nor set aside. */
import mqtt, { type IPublishPacket } from 'mqtt'
import type { Clock, Timers } from '#protocols/clock.ts'
import { gatewayClientId } from '#protocols/device/kinds.ts'
import { deviceQos, type DownTopic, type PayloadOf } from '#protocols/device/topics.ts'
import { errorCodes, Fault, refuse } from '#protocols/errors.ts'
import type { Log } from '../shell/log.ts'
import { type DeviceMessage, type RawMessage, readMessage, type RejectedMessage, rejectedMessage } from './message.ts'
import type { DeviceRegister } from './register.ts'
import { createSender } from './sender.ts'

export interface InboxOptions {
  /** mqtt://host:port or mqtts://host:port. */
  readonly url: string
  readonly secret: string
  /** PEM of the authority behind an mqtts address. */
  readonly ca?: Buffer
  readonly register: DeviceRegister
  /** Resolves after the durable commit. Rejects with a Fault whose code says whether to try again: 'never' sets the message aside, anything else
   *  leaves it with the broker, which brings it again. Called one message at a time; may be called twice with the same one. */
  readonly ingest: (message: DeviceMessage) => Promise<void>
  readonly onRejected: (rejected: RejectedMessage) => void | Promise<void>
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** How long after a lost connection or a failed commit the next try comes. */
  readonly retryMs?: number
  readonly ingestTimeoutMs?: number
}

export interface InboxCounts {
  readonly taken: number
  readonly rejected: number
  readonly failed: number
}

export interface Inbox {
  /** Resolves when both connections stand for the first time. */
  readonly ready: Promise<void>
  isConnected(): boolean
  counts(): InboxCounts
  /** See sender.ts; may be awaited within the handler. */
  send<K extends DownTopic>(topic: K, deviceId: string, payload: PayloadOf<K>): Promise<void>
  /** Waits for the message in hand. */
  close(): Promise<void>
}

export function createInbox(options: InboxOptions): Inbox {
  const { url, secret, ca, clock, log, retryMs = 1000 } = options
  const counts = { taken: 0, rejected: 0, failed: 0 }
  let inHand: Promise<void> = Promise.resolve()
  const sender = createSender(options)
  let isClosing = false

  const client = mqtt.connect(url, {
    clientId: gatewayClientId,
    username: gatewayClientId,
    password: secret,
    protocolVersion: 4,
    clean: false,
    keepalive: 60,
    reconnectPeriod: retryMs,
    connectTimeout: 10_000,
    resubscribe: false,
    manualConnect: true,
    ...(ca ? { ca } : {}),
  })

  const subscribed = new Promise<void>((resolve) => {
    // On every contact, not only on the first: it also brings the presence that the broker has kept.
    client.on('connect', () => {
      client.subscribe('up/#', { qos: deviceQos }, (error, _asked, answer) => {
        const granted = answer?.granted[0]
        if (granted === undefined) return log.warn('inbox/connection-failed')
        if (error || granted !== deviceQos) return log.error('device/topic-denied')
        log.info('inbox/connected')
        resolve()
      })
    })
  })
  client.on('error', () => log.warn('inbox/connection-failed'))
  client.on('offline', () => log.warn('inbox/offline'))

  // The library sends PUBACK when this callback is called (customHandleAcks would be ignored under MQTT 3.1.1).
  client.handleMessage = (packet, acknowledge) => {
    if (isClosing) return
    const connection = client.stream
    inHand = takeIn(options, rawOf(packet), clock.nowMs()).then(async (outcome) => {
      counts[outcome] += 1
      // A packet id belongs to its connection: on a later one, for which the library would keep the PUBACK, it may stand for another message.
      if (client.stream !== connection || !client.connected) return
      if (outcome !== 'failed') acknowledge()
      // Without the acknowledgement the broker brings it again, in its place, when the connection comes back.
      else if (!isClosing) connection.destroy()
    })
  }
  client.connect()

  return {
    ready: Promise.all([subscribed, sender.ready]).then(() => {}),
    isConnected: () => client.connected,
    counts: () => ({ ...counts }),
    send: sender.send,
    async close() {
      isClosing = true
      await inHand
      // By force: an orderly end would wait for messages that are not taken any more.
      await Promise.all([client.endAsync(true), sender.close()])
    },
  }
}

const rawOf = ({ topic, payload }: IPublishPacket): RawMessage => ({
  topic,
  payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
})

type Outcome = keyof InboxCounts

/** Never rejects: every way a message can go ends in one of three words. */
async function takeIn(options: InboxOptions, raw: RawMessage, nowMs: number): Promise<Outcome> {
  const read = readMessage(raw, options.register, nowMs)
  if (!read.ok) return setAside(options, rejectedMessage(raw, read))
  try {
    await withTimeout(options.ingest(read.message), options.timers, options.ingestTimeoutMs ?? 20_000)
    return 'taken'
  } catch (error) {
    const code = error instanceof Fault ? error.code : 'internal/fault'
    if (errorCodes[code].retry === 'never') return setAside(options, rejectedMessage(raw, refuse(code)))
    options.log.error('device/ingest-failed', { reason: code, device: read.message.deviceId })
    return 'failed'
  }
}

async function setAside({ log, onRejected }: InboxOptions, rejected: RejectedMessage): Promise<Outcome> {
  const { deviceId, topic, code, sizeBytes } = rejected
  const device = deviceId === null ? {} : { device: deviceId }
  log.warn(code, { ...device, ...(topic === null ? {} : { type: topic }), sizeBytes })
  try {
    await onRejected(rejected)
    return 'rejected'
  } catch {
    log.error('device/ingest-failed', { reason: 'set-aside', ...device })
    return 'failed'
  }
}

/** The handler may still finish later: the message then comes a second time and is recognised by its number. */
function withTimeout(work: Promise<void>, timers: Timers, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(timeoutMs, () => reject(new Fault('gateway/unavailable', { timeoutMs })))
    work.then(resolve, reject).finally(cancel)
  })
}
