/** Keeps back the acknowledgement of a message until the message is on disk. The broker library writes PUBACK first and stores afterwards; a device
 *  that has its PUBACK forgets the message, so a crash between the two would lose it.
 *  Fed with the bytes on their way to the device, it hands on whole frames, unchanged and in order, except that a PUBACK waits for its message
 *  to be released. It must never drop or invent a byte. */
import { packetType, readFrameHeader } from './mqtt-frame.ts'

export interface HeldAcks {
  /** The message with this packet id is being stored. */
  hold(messageId: number): void
  /** It is stored: returns the PUBACK that may now be sent, or null when the broker has not written it yet. */
  release(messageId: number): Buffer | null
  /** Bytes of the broker: returns the frames that may be sent now, maybe none. */
  pass(bytes: Buffer): Buffer
}

interface Held {
  storing: number
  readonly waiting: Buffer[]
}

export function createHeldAcks(): HeldAcks {
  const byId = new Map<number, Held>()
  let rest: Buffer = Buffer.alloc(0)

  /** A repeated message has the id of the first: at most as many PUBACKs wait as messages are being stored. */
  const isKept = (frame: Buffer): boolean => {
    const held = byId.get(frame.readUInt16BE(frame.length - 2))
    if (!held || held.waiting.length >= held.storing) return false
    held.waiting.push(frame)
    return true
  }

  return {
    hold(messageId) {
      const held = byId.get(messageId)
      if (held) held.storing += 1
      else byId.set(messageId, { storing: 1, waiting: [] })
    },
    release(messageId) {
      const held = byId.get(messageId)
      if (!held) return null
      held.storing -= 1
      if (held.storing === 0) byId.delete(messageId)
      return held.waiting.shift() ?? null
    },
    pass(bytes) {
      const out: Buffer[] = []
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
      for (;;) {
        const header = readFrameHeader(rest)
        // Our own library's output: what is no frame is handed on, the device will judge it.
        const frameBytes = typeof header === 'object' ? header.headerBytes + header.bodyBytes : rest.length
        if (header === 'more' || rest.length < frameBytes) break
        const frame = rest.subarray(0, frameBytes)
        rest = rest.subarray(frameBytes)
        const isPuback = typeof header === 'object' && header.type === packetType.puback
        if (!isPuback || !isKept(frame)) out.push(frame)
      }
      return out.length === 1 ? out[0]! : Buffer.concat(out)
    },
  }
}
