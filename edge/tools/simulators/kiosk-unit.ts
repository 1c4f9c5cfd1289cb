/** The camera unit of a kiosk, simulated to the wire: asked to compare, it fetches a picture from its camera and the portrait from the reader beside
 *  it, and reports a score. The score is measured from the two drawings (face.ts) and says so by its model id; both pictures are let go at once. */
import { Fault } from '#protocols/errors.ts'
import type { PayloadOf } from '#protocols/device/topics.ts'
import type { Camera } from '../../devices/camera.ts'
import { type Canvas, decodePng } from './canvas.ts'
import { createDeviceClient, type DeviceClientOptions } from './device-client.ts'
import { compareFaces, simulatorModel } from './face.ts'

type Compare = PayloadOf<'down/<device>/compare'>
type Match = PayloadOf<'up/<device>/match'>
export type KioskMessage = PayloadOf<'down/<device>/message'>

export interface KioskUnitOptions extends Omit<DeviceClientOptions, 'health' | 'onDown'> {
  readonly camera: Camera
  /** The portrait that a reader of this kiosk has in memory for one of its messages. */
  readonly portraitOf: (readerId: string, seq: number) => Canvas | null
}

export interface KioskUnitSimulator {
  readonly deviceId: string
  readonly ready: Promise<void>
  setPaper(paper: 'ok' | 'low' | 'out'): Promise<void>
  lastMessage(): KioskMessage | null
  cut(): void
  close(): Promise<void>
}

export function createKioskUnitSimulator(options: KioskUnitOptions): KioskUnitSimulator {
  const { camera, portraitOf, clock } = options
  let paper: 'ok' | 'low' | 'out' = 'ok'
  let lastMessage: KioskMessage | null = null
  const health = () => ({ firmware: 'simulator-1', paper })

  const judge = async (asked: Compare): Promise<Pick<Match, 'score' | 'decision'>> => {
    const portrait = clock.nowMs() > asked.validUntil ? null : portraitOf(asked.reader, asked.seq)
    if (!portrait) return { score: 0, decision: 'noPortrait' }
    const picture = await camera.snapshot().catch((error) => {
      if (error instanceof Fault) return null
      throw error
    })
    const seen = picture ? decodePng(picture.bytes) : null
    const likeness = seen ? compareFaces(portrait, seen) : { hasFace: false as const }
    if (!likeness.hasFace) return { score: 0, decision: 'noFace' }
    return { score: likeness.score, decision: likeness.score >= asked.threshold ? 'match' : 'mismatch' }
  }

  const client = createDeviceClient({
    ...options,
    health,
    onDown(topic, payload) {
      if (topic === 'down/<device>/message') lastMessage = payload as KioskMessage
      if (topic !== 'down/<device>/compare') return
      const asked = payload as Compare
      const { session, threshold } = asked
      judge(asked)
        .then((judged) => client.say('up/<device>/match', { session, threshold, model: simulatorModel, ...judged }))
        .catch(() => {})
    },
  })

  return {
    deviceId: client.deviceId,
    ready: client.ready,
    async setPaper(next) {
      paper = next
      await client.say('up/<device>/health', health())
    },
    lastMessage: () => lastMessage,
    cut: client.cut,
    close: client.close,
  }
}
