/** A broker on loopback with a handful of devices, and the clients to speak to it: what the tests of this folder stand on. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import type { DeviceKind } from '#protocols/device/kinds.ts'
import { createBroker, type Broker } from '../../../../edge/broker/broker.ts'
import { parseBrokerConfig, type BrokerConfig } from '../../../../edge/broker/config.ts'
import { createCredentials, type CredentialsFile, hashSecret } from '../../../../edge/broker/credentials.ts'
import { openQueueStore, type QueueStore } from '../../../../edge/broker/queue-store.ts'
import { createSealer } from '../../../../edge/broker/sealer.ts'
import type { Log, LogFields } from '../../../../edge/shell/log.ts'
import { systemClock, systemTimers } from '../../../../edge/shell/clock.ts'

export const readerId = 'a1'.repeat(16)
export const otherReaderId = 'a2'.repeat(16)
export const kioskId = 'b1'.repeat(16)
export const printerId = 'c1'.repeat(16)
export const strangerId = 'ff'.repeat(16)
export const kindById: Readonly<Record<string, DeviceKind>> = {
  [readerId]: 'reader',
  [otherReaderId]: 'reader',
  [kioskId]: 'kiosk',
  [printerId]: 'printer',
}
export const secretOf = (clientId: string) => `secret-of-${clientId}`

export const credentialsFile = (ids: readonly string[] = Object.keys(kindById)): CredentialsFile => ({
  version: 1,
  gateway: { secretHash: hashSecret('gateway', secretOf('gateway')) },
  devices: ids.map((deviceId) => ({
    deviceId,
    kind: kindById[deviceId] ?? 'reader',
    secretHash: hashSecret(deviceId, secretOf(deviceId)),
  })),
})

export interface LogLine {
  readonly level: string
  readonly code: string
  readonly fields: LogFields
}

export function createLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const add =
    (level: string) =>
    (code: string, fields: LogFields = {}) =>
      void lines.push({ level, code, fields })
  return { lines, info: add('info'), warn: add('warn'), error: add('error') }
}

export interface Station {
  readonly broker: Broker
  readonly queue: QueueStore
  readonly url: string
  readonly port: number
  readonly log: ReturnType<typeof createLog>
  /** A device or the gateway with its right secret. */
  client(clientId: string, options?: IClientOptions): MqttClient
  close(): Promise<void>
}

export async function tempFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'outpost-broker-'))
}

export async function startStation(
  settings: Partial<BrokerConfig> = {},
  parts: { folder?: string; wrapLevel?: (level: ClassicLevel<string, Buffer>) => ClassicLevel<string, Buffer> } = {},
): Promise<Station> {
  await ready
  const folder = parts.folder ?? (await tempFolder())
  const paths = { dataDir: join(folder, 'queue'), queueKeyPath: '-', credentialsPath: '-' }
  const config = parseBrokerConfig(JSON.stringify({ port: 0, ...paths, ...settings }))
  const level = new ClassicLevel<string, Buffer>(config.dataDir, { keyEncoding: 'utf8', valueEncoding: 'buffer' })
  await level.open()
  const queue = await openQueueStore({
    level: parts.wrapLevel ? parts.wrapLevel(level) : level,
    sealer: createSealer(new Uint8Array(32).fill(7), systemRandom),
    deviceQueueMax: config.deviceQueueMax,
    onBroken: () => {},
  })
  const log = createLog()
  const credentials = createCredentials(credentialsFile())
  const broker = await createBroker({
    config,
    tls: null,
    queue,
    credentials,
    clock: systemClock,
    timers: systemTimers,
    log,
  })
  const clients: MqttClient[] = []
  const url = `mqtt://127.0.0.1:${broker.port}`
  return {
    broker,
    queue,
    log,
    url,
    port: broker.port,
    client(clientId, options = {}) {
      const client = connectClient(url, clientId, options)
      clients.push(client)
      return client
    },
    async close() {
      await Promise.all(clients.map((client) => client.endAsync(true)))
      await broker.close()
      await queue.close()
      if (!parts.folder) await rm(folder, { recursive: true, force: true })
    },
  }
}

export function connectClient(url: string, clientId: string, options: IClientOptions = {}): MqttClient {
  const client = mqtt.connect(url, {
    clientId,
    username: clientId,
    password: secretOf(clientId),
    protocolVersion: 4,
    clean: false,
    keepalive: 30,
    reconnectPeriod: 0,
    resubscribe: false,
    ...options,
  })
  client.on('error', () => {})
  return client
}

export const connected = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => (client.connected ? resolve() : client.once('connect', () => resolve())))

/** Resolves when the other side has ended the connection. */
export const ended = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', resolve))

/** The next messages of this client, as text, in their order. */
export function messagesOf(client: MqttClient, count: number): Promise<{ topic: string; text: string }[]> {
  const found: { topic: string; text: string }[] = []
  return new Promise((resolve) => {
    client.on('message', (topic, payload) => {
      found.push({ topic, text: payload.toString() })
      if (found.length === count) resolve(found)
    })
  })
}

/** A bare socket: sends bytes, collects what comes, knows when it was closed. */
export interface RawPeer {
  readonly socket: Socket
  readonly closed: Promise<void>
  received(): Buffer
  waitForBytes(count: number): Promise<Buffer>
}

export async function rawPeer(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1' })
  let bytes = Buffer.alloc(0)
  const listeners = new Set<() => void>()
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part])
    for (const listener of listeners) listener()
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return {
    socket,
    closed,
    received: () => bytes,
    waitForBytes: (count) =>
      new Promise((resolve) => {
        const look = () => bytes.length >= count && resolve(bytes)
        listeners.add(look)
        look()
      }),
  }
}

/** CONNECT of MQTT 3.1.1 by hand, with a client id, user and secret. */
export function connectFrame(clientId: string, secret: string, padBytes = 0): Buffer {
  const field = (text: string | Buffer) => {
    const bytes = Buffer.from(text)
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
  }
  const flags = 0b1100_0000
  const body = Buffer.concat([
    field('MQTT'),
    Buffer.from([4, flags, 0, 30]),
    field(clientId),
    field(clientId),
    field(Buffer.concat([Buffer.from(secret), Buffer.alloc(padBytes, 0x78)])),
  ])
  return frame(0x10, body)
}

export function frame(first: number, body: Buffer, claimedBytes = body.length): Buffer {
  const length: number[] = []
  let rest = claimedBytes
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    length.push(rest > 0 ? byte | 128 : byte)
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

export async function writeBrokerFiles(folder: string, settings: Record<string, unknown> = {}): Promise<string> {
  const queueKeyPath = join(folder, 'queue.key')
  await writeFile(queueKeyPath, randomBytes(32), { mode: 0o600 })
  const credentialsPath = join(folder, 'credentials.json')
  await writeFile(credentialsPath, JSON.stringify(credentialsFile()), { mode: 0o600 })
  const configPath = join(folder, 'broker.json')
  const config = { port: 0, dataDir: join(folder, 'queue'), queueKeyPath, credentialsPath, ...settings }
  await writeFile(configPath, JSON.stringify(config))
  return configPath
}
