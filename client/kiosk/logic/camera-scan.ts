/** Finds a QR code in the pictures of the page's own camera, where the browser can do that itself. Pictures are looked at and let go; none is kept
 *  or sent. */
import type { Timers } from '#protocols/clock.ts'

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
type DetectorMaker = new (options: { formats: readonly string[] }) => Detector

const lookMs = 200

const maker = (): DetectorMaker | null => (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector ?? null

/** Is it worth offering? Whether the camera may be used shows only when it is asked for. */
export const canScan = (): boolean => maker() !== null && typeof navigator.mediaDevices?.getUserMedia === 'function'

export interface CameraScan {
  close(): void
}

/** Rejects when the camera is refused or missing. onFound is called once. */
export async function startCameraScan(video: HTMLVideoElement, timers: Timers, onFound: (text: string) => void): Promise<CameraScan> {
  const Made = maker()
  if (!Made) throw new Error('no detector')
  const detector = new Made({ formats: ['qr_code'] })
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user' }, audio: false })
  let isOpen = true
  let isLooking = false
  const close = () => {
    if (!isOpen) return
    isOpen = false
    cancel()
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  const cancel = timers.every(lookMs, () => {
    if (isLooking || video.readyState < 2) return
    isLooking = true
    void detector.detect(video).then(
      ([first]) => {
        isLooking = false
        if (!isOpen || !first) return
        close()
        onFound(first.rawValue)
      },
      () => {
        isLooking = false
      },
    )
  })
  video.srcObject = stream
  await video.play().catch(() => {})
  return { close }
}
