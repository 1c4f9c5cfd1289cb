/** The gateway's voice on the broker: a second connection beside the inbox, because the inbox reads nothing while a message is being committed, not
 *  even the acknowledgement of an answer. It keeps nothing: an answer to a swipe is worth something now or never. */
import mqtt from 'mqtt'
import { gatewayClientId, gatewaySenderId } from '#protocols/device/kinds.ts'
import { encodePayload } from '#protocols/device/payload.ts'
import { deviceQos, type DownTopic, type PayloadOf, topicOf } from '#protocols/device/topics.ts'
import { Fault } from '#protocols/errors.ts'

export interface SenderOptions {
  readonly url: string
  readonly secret: string
  readonly ca?: Buffer
  readonly retryMs?: number
}

export interface Sender {
  readonly ready: Promise<void>
  /** Resolves when the broker has it. Throws Fault device/unreachable without a broker, or when the connection breaks before it was acknowledged:
   *  then it may have arrived or not. */
  send<K extends DownTopic>(topic: K, deviceId: string, payload: PayloadOf<K>): Promise<void>
  close(): Promise<void>
}

export function createSender({ url, secret, ca, retryMs = 1000 }: SenderOptions): Sender {
  const client = mqtt.connect(url, {
    clientId: gatewaySenderId,
    username: gatewayClientId,
    password: secret,
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    reconnectPeriod: retryMs,
    connectTimeout: 10_000,
    ...(ca ? { ca } : {}),
  })
  // The inbox beside it has the same trouble at the same time and writes it down.
  client.on('error', () => {})
  const unreachable = () => new Fault('device/unreachable')

  return {
    ready: new Promise((resolve) => client.once('connect', () => resolve())),
    async send(topic, deviceId, payload) {
      const bytes = Buffer.from(encodePayload(topic, payload))
      if (!client.connected) throw unreachable()
      const broken = Promise.withResolvers<never>()
      const onClose = () => broken.reject(unreachable())
      client.once('close', onClose)
      const sent = client.publishAsync(topicOf(topic, deviceId), bytes, { qos: deviceQos })
      await Promise.race([sent, broken.promise]).finally(() => client.removeListener('close', onClose))
    },
    close: () => client.endAsync(true),
  }
}
