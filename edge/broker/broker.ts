/** The station's MQTT broker: aedes behind the guard, on the sealed queue. It moves bytes between devices and the gateway's inbox and judges who
 *  may; it must never look into a payload, and never acknowledge what is not on disk. */
import { Aedes, type AedesOptions, type Client } from 'aedes'
import createPersistence from 'aedes-persistence-level'
import type { Clock, Timers } from '#protocols/clock.ts'
import { gatewayClientId } from '#protocols/device/kinds.ts'
import { deviceQos } from '#protocols/device/topics.ts'
import { limits } from '#protocols/limits.ts'
import type { Log } from '../shell/log.ts'
import { type Admission, createAdmission, Denied } from './admission.ts'
import { createBacklogGate } from './backlog-gate.ts'
import type { BrokerConfig } from './config.ts'
import type { Credentials } from './credentials.ts'
import { type Door, type DoorOptions, openDoor } from './door.ts'
import type { QueueStore } from './queue-store.ts'
import { createTally, type Tally } from './tally.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

export interface BrokerOptions {
  readonly config: BrokerConfig
  readonly tls: DoorOptions['tls']
  readonly queue: QueueStore
  readonly credentials: Credentials
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
}

export interface Broker {
  readonly port: number
  /** From now on these; connections of devices that are gone or have another secret are ended, queues of those that are gone forgotten. */
  setCredentials(credentials: Credentials): Promise<void>
  /** What was refused, by code, since the start. */
  refused(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** Rejects with the error of the socket: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const { config, tls, queue, clock, timers, log } = options
  let credentials = options.credentials
  const tally = createTally(log, timers)
  const admission = createAdmission({
    credentials: () => credentials,
    tally,
    isInboxFull: () => queue.depth(gatewayClientId) >= config.inboxQueueMax,
  })
  const clients = new Set<Client>()
  const buckets = new Map<string, TokenBucket>()
  const bucketOf = (clientId: string): TokenBucket => {
    const bucket = buckets.get(clientId) ?? createTokenBucket(clock, config.packetsPerSecond, config.packetsBurst)
    buckets.set(clientId, bucket)
    return bucket
  }
  const forgetStrangers = async () => {
    for (const clientId of await queue.clientIds()) {
      if (credentials.find(clientId) !== null) continue
      buckets.delete(clientId)
      await queue.forget(clientId)
    }
  }

  await forgetStrangers()
  const persistence = createPersistence(queue.db)
  let door: Door | null = null
  const aedes = await Aedes.createBroker({
    ...settingsOf(config, queue),
    ...hooksOf(admission, persistence, () => door),
    persistence,
  })
  aedes.on('connackSent', ({ returnCode }, client) => {
    const isGateway = credentials.find(client.id)?.kind === 'gateway'
    const bucket = isGateway ? null : bucketOf(client.id)
    if (returnCode === 0) door?.accept(client.conn, bucket)
  })
  aedes.on('client', (client) => void clients.add(client))
  aedes.on('clientDisconnect', (client) => void clients.delete(client))
  countErrors(aedes, tally)

  // The inbox has a queue before it ever came: what a device is told was taken must wait for somebody.
  await persistence.addSubscriptions({ id: gatewayClientId }, [{ topic: 'up/#', qos: deviceQos }])
  door = await openDoor({ config, tls, timers, tally, onStream: (stream) => void aedes.handle(stream) })

  return {
    port: door.port,
    async setCredentials(next) {
      credentials = next
      await Promise.all([...clients].filter(admission.isStale).map(closeClient))
      for (const clientId of await queue.clientIds())
        if (next.find(clientId) === null) await persistence.cleanSubscriptions({ id: clientId })
      await forgetStrangers()
    },
    refused: () => tally.totals(),
    async close() {
      tally.close()
      const closed = door?.close()
      await new Promise<void>((resolve) => aedes.close(resolve))
      await closed
    },
  }
}

const settingsOf = (config: BrokerConfig, queue: QueueStore): AedesOptions => ({
  // Messages are numbered {id, counter} and queued in that order: an id that rises with every start keeps it across restarts.
  id: `b${String(queue.boot).padStart(12, '0')}`,
  connectTimeout: config.connectTimeoutMs,
  drainTimeout: config.drainTimeoutMs,
  keepaliveLimit: config.keepaliveSecondsMax,
  heartbeatInterval: config.heartbeatMs,
  queueLimit: 42,
  maxInflightInbound: 1,
  maxTopicLevels: limits.mqttTopicLevelsMax,
})

/** The library's questions. A message waits while the gateway's backlog goes out, a retained one is stored before it is passed on, and a
 *  PUBLISH's acknowledgement is held until the library says that it has been stored and sent on. */
function hooksOf(
  admission: Admission,
  persistence: ReturnType<typeof createPersistence>,
  door: () => Door | null,
): AedesOptions {
  const gate = createBacklogGate()
  return {
    preConnect(client, packet, done) {
      const denied = admission.preConnect(client, packet)
      done(denied, denied === null)
    },
    authenticate(client, username, password, done) {
      const error = admission.authenticate(client, username, password)
      if (!error && client.id === gatewayClientId) {
        const opened = gate.opening()
        client.conn.once('close', opened)
        client.once('connected', opened)
      }
      done(error, error === null)
    },
    authorizePublish(client, packet, done) {
      const denied = admission.publish(client, packet)
      if (denied) return done(denied)
      gate.whenOpen(async () => {
        if (packet.retain) {
          // As an ordinary message from here on: in the library's own way of retaining, later messages overtake it.
          const { topic, payload, qos } = packet
          const retained = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain: true }
          const failed = await persistence.storeRetained(retained).then(() => null, brokenStore)
          if (failed) return done(failed)
          packet.retain = false
        }
        if (client && packet.messageId !== undefined) door()?.holdAck(client.conn, packet.messageId)
        done(null)
      })
    },
    authorizeSubscribe: (client, subscription, done) =>
      done(null, admission.subscribe(client, subscription) ? subscription : null),
    authorizeForward: (client, packet) => (admission.receive(client, packet.topic) ? packet : null),
    published(packet, client, done) {
      if (client && packet.messageId !== undefined) door()?.releaseAck(client.conn, packet.messageId)
      done()
    },
  }
}

/** The library's own words become our codes; they never reach a log, they may quote the packet. */
function countErrors(aedes: Aedes, tally: Tally) {
  const count = (error: Error) => {
    if (error instanceof Denied) return
    tally.count(codeByMessage[error.message] ?? 'device/connection-broken')
  }
  aedes.on('connectionError', (_client, error) => count(error))
  aedes.on('clientError', (_client, error) => count(error))
  // A will that fell due after a restart and is denied now ends here.
  aedes.on('error' as 'closed', ((error: Error) => count(error)) as () => void)
}

const codeByMessage: Readonly<Record<string, string>> = {
  'connect did not arrive in time': 'broker/connect-timeout',
  'drain timeout': 'broker/slow-client',
  'keep alive timeout': 'device/keepalive-missed',
  'keep alive limit exceeded': 'broker/keepalive-denied',
  'topic has too many levels': 'device/topic-denied',
  'Client queue limit reached': 'broker/queue-limit',
}

const brokenStore = () => new Denied('store/read-only')
const closeClient = (client: Client) => new Promise<void>((resolve) => client.close(resolve))
