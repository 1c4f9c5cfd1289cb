/** Where connections come in: listens, counts, and puts a guard before each socket. It must never hand a socket on without one. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { Timers } from '#protocols/clock.ts'
import { limits } from '#protocols/limits.ts'
import type { BrokerConfig } from './config.ts'
import { createGuard, type Guard } from './guard.ts'
import type { Tally } from './tally.ts'
import type { TokenBucket } from './token-bucket.ts'

export interface DoorOptions {
  readonly config: Pick<BrokerConfig, 'host' | 'port' | 'connectionsMax' | 'pendingConnectionsMax'>
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null
  readonly timers: Timers
  readonly tally: Tally
  readonly onStream: (stream: Duplex) => void
}

export interface Door {
  readonly port: number
  /** The broker said yes to this connection. */
  accept(stream: object, bucket: TokenBucket | null): void
  holdAck(stream: object, messageId: number): void
  releaseAck(stream: object, messageId: number): void
  /** Ends what has not been accepted yet and resolves when the last connection is gone. */
  close(): Promise<void>
}

/** Rejects with the error of the socket: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export async function openDoor({ config, tls, timers, tally, onStream }: DoorOptions): Promise<Door> {
  const guards = new WeakMap<object, Guard>()
  const pending = new Set<Duplex>()

  const onSocket = (socket: Socket) => {
    if (pending.size >= config.pendingConnectionsMax) {
      tally.count('broker/too-many-connections')
      socket.destroy()
      return
    }
    const guard = createGuard({
      socket,
      timers,
      connectBytesMax: limits.mqttConnectBytesMax,
      packetBytesMax: limits.mqttPacketBytesMax,
      onRefused: (reason) => tally.count(`broker/${reason}`),
    })
    guards.set(guard.stream, guard)
    pending.add(guard.stream)
    guard.stream.once('close', () => pending.delete(guard.stream))
    onStream(guard.stream)
  }

  const server = tls
    ? createTlsServer({ ...tls, minVersion: 'TLSv1.3', noDelay: true }, onSocket)
    : createServer({ noDelay: true }, onSocket)
  server.maxConnections = config.connectionsMax
  server.on('tlsClientError', () => tally.count('broker/tls-failed'))
  server.on('drop', () => tally.count('broker/too-many-connections'))
  const port = await listen(server, config.host, config.port)
  server.on('error', () => tally.count('broker/socket-failed'))

  return {
    port,
    accept(stream, bucket) {
      pending.delete(stream as Duplex)
      guards.get(stream)?.accept(bucket)
    },
    holdAck: (stream, messageId) => guards.get(stream)?.holdAck(messageId),
    releaseAck: (stream, messageId) => guards.get(stream)?.releaseAck(messageId),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const stream of pending) stream.destroy()
      return closed
    },
  }
}

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
