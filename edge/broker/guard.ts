/** Stands between a socket and the MQTT library and judges sizes before anything is kept: the first packet must be a CONNECT of at most 4 KiB,
 *  nothing behind it is handed on before it was accepted, later packets have at most 64 KiB and come no faster than their token bucket gives.
 *  Without it the library collects whatever length a stranger announces. It must never look inside a packet. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Timers } from '#protocols/clock.ts'
import { createHeldAcks } from './held-acks.ts'
import { frameHeaderBytesMax, packetType, readFrameHeader } from './mqtt-frame.ts'
import type { TokenBucket } from './token-bucket.ts'

export type GuardReason = 'connect-expected' | 'connect-too-large' | 'packet-too-large' | 'malformed'

type GuardState = 'opening' | 'waiting' | 'open' | 'ended'

export interface GuardOptions {
  readonly socket: Socket
  readonly timers: Timers
  readonly connectBytesMax: number
  readonly packetBytesMax: number
  /** Told once, when the guard ends the connection. */
  readonly onRefused: (reason: GuardReason) => void
}

export interface Guard {
  /** What the MQTT library takes for the socket. */
  readonly stream: Duplex
  /** CONNECT was answered with yes: larger packets may come. bucket: null for a connection without a limit of rate. */
  accept(bucket: TokenBucket | null): void
  /** See held-acks.ts. */
  holdAck(messageId: number): void
  releaseAck(messageId: number): void
}

export function createGuard({ socket, timers, connectBytesMax, packetBytesMax, onRefused }: GuardOptions): Guard {
  const acks = createHeldAcks()
  let state = 'opening' as GuardState
  let bucket: TokenBucket | null = null
  /** Bytes received and not handed on. */
  let held: Buffer = Buffer.alloc(0)
  /** Rest of a frame that was let in. */
  let letInBytes = 0
  let cancelWait: (() => void) | null = null
  let isReaderFull = false
  /** The other side has closed, but bytes of it may still wait here. */
  let isEnding = false

  const stream = new Duplex({
    allowHalfOpen: false,
    read() {
      isReaderFull = false
      pump()
    },
    writev(chunks, done) {
      const bytes = acks.pass(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)))
      if (bytes.length === 0) done()
      else socket.write(bytes, done)
    },
    final(done) {
      socket.end(done)
    },
    destroy(error, done) {
      state = 'ended'
      cancelWait?.()
      if (error) socket.destroy()
      else flushAndClose(socket, timers)
      done(error)
    },
  })

  const refuseFrame = (reason: GuardReason): false => {
    state = 'ended'
    held = Buffer.alloc(0)
    onRefused(reason)
    socket.destroy()
    stream.destroy()
    return false
  }

  /** May the frame that begins here come in? Sets letInBytes, or ends or pauses. */
  const admitFrame = (): boolean => {
    if (state === 'waiting' || cancelWait) return false
    const header = readFrameHeader(held)
    if (header === 'more') return false
    if (header === 'malformed') return refuseFrame('malformed')
    if (state === 'opening') {
      if (header.type !== packetType.connect) return refuseFrame('connect-expected')
      if (header.bodyBytes > connectBytesMax) return refuseFrame('connect-too-large')
      state = 'waiting'
    } else {
      if (header.bodyBytes > packetBytesMax) return refuseFrame('packet-too-large')
      if (bucket && !bucket.take()) {
        cancelWait = timers.after(bucket.waitMs(), () => {
          cancelWait = null
          pump()
        })
        return false
      }
    }
    letInBytes = header.headerBytes + header.bodyBytes
    return true
  }

  const isUnaccepted = () => state === 'opening' || state === 'waiting'

  const pump = () => {
    while (state !== 'ended' && !isReaderFull && held.length > 0 && (letInBytes > 0 || admitFrame())) {
      const part = held.subarray(0, letInBytes)
      letInBytes -= part.length
      held = held.subarray(part.length)
      isReaderFull = !stream.push(part)
    }
    if (state === 'ended') return
    if (isEnding && held.length === 0) {
      stream.push(null)
      return
    }
    const isBlocked = isReaderFull || cancelWait !== null || (state === 'waiting' && letInBytes === 0)
    if (isBlocked) socket.pause()
    else socket.resume()
  }

  socket.on('data', (bytes: Buffer) => {
    if (state === 'ended') return
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    pump()
    if (isUnaccepted() && held.length > connectBytesMax + frameHeaderBytesMax) refuseFrame('connect-too-large')
  })
  socket.on('end', () => {
    isEnding = true
    pump()
  })
  socket.on('error', (error) => stream.destroy(error))
  socket.on('close', () => stream.destroy())
  stream.on('error', () => {})

  return {
    stream,
    accept(newBucket) {
      if (state === 'ended') return
      state = 'open'
      bucket = newBucket
      pump()
    },
    holdAck: (messageId) => acks.hold(messageId),
    releaseAck(messageId) {
      const puback = acks.release(messageId)
      if (puback && state !== 'ended') socket.write(puback)
    },
  }
}

/** A refused CONNECT is answered before the socket goes; a peer that does not take the answer is not waited for. */
function flushAndClose(socket: Socket, timers: Timers) {
  if (socket.destroyed) return
  const cancel = timers.after(flushMsMax, () => socket.destroy())
  socket.once('close', cancel)
  socket.destroySoon()
}

const flushMsMax = 1000
