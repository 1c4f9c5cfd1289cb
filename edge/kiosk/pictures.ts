/** Pictures for a person at the desk to compare by eye. They pass through memory only, five minutes at most, and are gone at the decision. */
import type { Clock } from '#protocols/clock.ts'
import type { Snapshot } from '#protocols/device/camera.ts'
import type { ComparePictures } from '#protocols/http/desk.ts'

const keepMs = 5 * 60 * 1000

export interface DeskPictures {
  /** Asks for a picture of whoever stands at this kiosk now. */
  take(visit: string, camera: () => Promise<Snapshot>): Promise<void>
  forVisit(visit: string): Promise<ComparePictures>
  forget(visit: string): void
}

export function createDeskPictures(clock: Clock): DeskPictures {
  const held = new Map<string, { snapshot: Snapshot; untilMs: number }>()
  const sweep = () => {
    for (const [visit, picture] of held) if (picture.untilMs < clock.nowMs()) held.delete(visit)
  }
  return {
    async take(visit, camera) {
      const snapshot = await camera()
      held.set(visit, { snapshot, untilMs: clock.nowMs() + keepMs })
    },
    async forVisit(visit) {
      sweep()
      const picture = held.get(visit)
      return {
        document: null,
        camera: picture ? { media: picture.snapshot.type, base64: Buffer.from(picture.snapshot.bytes).toString('base64') } : null,
        untilMs: picture?.untilMs ?? 0,
      }
    },
    forget: (visit) => {
      held.delete(visit)
    },
  }
}
