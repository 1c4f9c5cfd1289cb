/** Keeps back the acknowledgement of a message until the message is on disk. The broker library writes PUBACK first and stores afterwards; a device
 *  that has its PUBACK forgets the message, so a crash between the two would lose it.
 *  Fed with the bytes on their way to the device, it hands them on unchanged, except that a PUBACK waits for its message to be released. */
import { packetType, readFrameHeader } from './mqtt-frame.ts'

export interface HeldAcks {
  /** The message with this packet id is being stored. */
  hold(messageId: number): void
  /** It is stored: returns what may now be sent, or null when the PUBACK has not been written yet or another frame is under way. */
  release(messageId: number): Buffer | null
  /** Bytes of the broker: returns those that may be sent now. */
  pass(bytes: Buffer): Buffer
}

interface Held {
  storing: number
  waiting: Buffer[]
}

export function createHeldAcks(): HeldAcks {
  const byId = new Map<number, Held>()
  /** Bytes of a frame that is known only in part: a header, or a PUBACK. */
  let partial = Buffer.alloc(0)
  /** Rest of a frame whose beginning has been handed on. */
  let restBytes = 0
  /** PUBACKs that were released while another frame was under way. */
  let released: Buffer[] = []

  /** A PUBACK whose message is still being stored is kept, every other one goes on. */
  const judge = (puback: Buffer): Buffer | null => {
    const held = byId.get(puback.readUInt16BE(puback.length - 2))
    if (!held || held.waiting.length >= held.storing) return puback
    held.waiting.push(puback)
    return null
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
      const puback = held.waiting.shift()
      if (!puback) return null
      if (restBytes === 0 && partial.length === 0) return puback
      released.push(puback)
      return null
    },
    pass(bytes) {
      const out: Buffer[] = []
      let rest = bytes
      for (;;) {
        if (restBytes > 0) {
          const part = rest.subarray(0, restBytes)
          out.push(part)
          restBytes -= part.length
          rest = rest.subarray(part.length)
          if (restBytes > 0) break
        }
        if (partial.length === 0 && released.length > 0) {
          out.push(...released)
          released = []
        }
        if (rest.length === 0) break
        partial = Buffer.concat([partial, rest])
        rest = Buffer.alloc(0)
        const header = readFrameHeader(partial)
        if (header === 'more') break
        // The broker's own output: a frame that cannot be read is handed on as it is, the device will judge it.
        if (header === 'malformed') {
          out.push(partial)
          partial = Buffer.alloc(0)
          break
        }
        const frameBytes = header.headerBytes + header.bodyBytes
        if (header.type !== packetType.puback) {
          rest = partial
          partial = Buffer.alloc(0)
          restBytes = frameBytes
          continue
        }
        if (partial.length < frameBytes) break
        rest = partial.subarray(frameBytes)
        const puback = judge(partial.subarray(0, frameBytes))
        partial = Buffer.alloc(0)
        if (puback) out.push(puback)
      }
      return Buffer.concat(out)
    },
  }
}
