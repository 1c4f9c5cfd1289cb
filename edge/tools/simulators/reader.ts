/** A document reader with its bridge, simulated to the wire: what it sends is what docs/reader-bridge.md asks of a vendor. It keeps the portraits of the
 *  last documents in memory, as a real one does for the kiosk it stands in. */
import type { PayloadOf } from '#protocols/device/topics.ts'
import type { Canvas } from './canvas.ts'
import { createDeviceClient, type DeviceClient, type DeviceClientOptions } from './device-client.ts'
import { drawFace } from './face.ts'
import { faceOf, type SimulatedDocument } from './people.ts'

export type ReaderSimulatorOptions = Omit<DeviceClientOptions, 'health' | 'onDown'>
export type ReaderResult = PayloadOf<'down/<device>/result'>

export interface ReaderSimulator {
  readonly deviceId: string
  readonly ready: Promise<void>
  /** Lays a document on the reader. Resolves with the message's number when the broker has it. */
  swipe(document: SimulatedDocument): Promise<number>
  /** The gateway's answer to this number: what the lamp shows. Resolves when it comes. */
  result(seq: number): Promise<ReaderResult>
  lastResult(): ReaderResult | null
  /** The portrait of the document with this number, while it is remembered; null for one without a picture. */
  portraitOf(seq: number): Canvas | null
  cut(): void
  close(): Promise<void>
}

const portraitsMax = 4
const resultsMax = 64

export function createReaderSimulator(options: ReaderSimulatorOptions): ReaderSimulator {
  const portraits = new Map<number, Canvas>()
  const results = new Map<number, ReaderResult>()
  const waiting = new Map<number, ((result: ReaderResult) => void)[]>()
  let last: ReaderResult | null = null

  const client: DeviceClient = createDeviceClient({
    ...options,
    health: () => ({ firmware: 'simulator-1' }),
    onDown(topic, payload) {
      if (topic !== 'down/<device>/result') return
      const result = payload as ReaderResult
      last = result
      remember(results, result.seq, result, resultsMax)
      for (const resolve of waiting.get(result.seq) ?? []) resolve(result)
      waiting.delete(result.seq)
    },
  })

  return {
    deviceId: client.deviceId,
    ready: client.ready,
    async swipe(document) {
      const seq = client.nextSeq()
      const face = faceOf(document)
      // Before it is sent: the kiosk may be asked to compare before the acknowledgement is here.
      if (face !== null) remember(portraits, seq, drawFace(face), portraitsMax)
      return client.say('up/<device>/swipe', { document }, seq)
    },
    result(seq) {
      const known = results.get(seq)
      if (known) return Promise.resolve(known)
      return new Promise((resolve) => waiting.set(seq, [...(waiting.get(seq) ?? []), resolve]))
    },
    lastResult: () => last,
    portraitOf: (seq) => portraits.get(seq) ?? null,
    cut: client.cut,
    close: client.close,
  }
}

function remember<V>(map: Map<number, V>, key: number, value: V, countMax: number) {
  map.set(key, value)
  for (const old of [...map.keys()].slice(0, Math.max(0, map.size - countMax))) map.delete(old)
}
