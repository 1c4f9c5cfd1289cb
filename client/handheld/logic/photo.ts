/** A picture made small enough to travel: on the device, before it is kept, without its metadata (a JPEG drawn anew carries no position). */
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** The largest size of the same shape whose longer edge is at most `edgeMax`; never larger than it was. */
export function fitWithin(size: Size, edgeMax: number): Size {
  const scale = Math.min(1, edgeMax / Math.max(size.width, size.height, 1))
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}

export const photoMedia = 'image/jpeg'
const quality = 0.82

/** source: a picture or the frame a camera shows now. Throws Fault 'camera/not-a-picture'. */
export async function drawPhoto(source: CanvasImageSource, size: Size): Promise<Uint8Array> {
  const fit = fitWithin(size, limits.photoEdgePixelsMax)
  const canvas = document.createElement('canvas')
  canvas.width = fit.width
  canvas.height = fit.height
  canvas.getContext('2d')?.drawImage(source, 0, 0, fit.width, fit.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, photoMedia, quality))
  if (!blob) throw new Fault('camera/not-a-picture')
  return new Uint8Array(await blob.arrayBuffer())
}

/** Any picture file that this browser can open. Throws Fault 'camera/not-a-picture'. */
export async function drawPhotoOfFile(file: Blob): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((cause) => {
    throw new Fault('camera/not-a-picture', {}, { cause })
  })
  const bytes = await drawPhoto(bitmap, bitmap)
  bitmap.close()
  return bytes
}
