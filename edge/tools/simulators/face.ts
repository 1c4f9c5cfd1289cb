/** Drawn silhouettes, and how alike two of them are. The shape is made from the number of a document, so the portrait of a document and the person
 *  before the camera agree when they are the same, and the score says how far. It measures overlap of outlines: it is a demonstration of the
 *  way a comparison goes, and knows nothing of faces. */
import { createHash } from 'node:crypto'
import { type Canvas, createCanvas, drawText, fillBox, fillEllipse } from './canvas.ts'

export const simulatorModel = 'simulator-1'
export const pictureWidth = 240
export const pictureHeight = 320
/** The lower edge of the strip that bears the time; shapes begin below it. */
const stripHeight = 24
const background = 225
const ink = 70

/** face: what faceOf gave; null draws nobody. shift: how far the person stands from the middle, in pixels. */
export function drawFace(face: string | null, shift = { x: 0, y: 0 }): Canvas {
  const canvas = createCanvas(pictureWidth, pictureHeight, background)
  if (face === null) return canvas
  const shape = createHash('sha256').update('face 59 ').update(face).digest()
  const between = (index: number, low: number, high: number) => low + ((shape[index] ?? 0) * (high - low)) / 255
  const x = pictureWidth / 2 + shift.x
  const y = 138 + shift.y
  const headWidth = between(0, 36, 62)
  const headHeight = between(1, 50, 78)
  const neckWidth = between(2, 14, 26)
  // Hair: from short to long, from close to wide.
  fillEllipse(
    canvas,
    x,
    y - between(3, -10, 30),
    headWidth + between(4, 2, 40),
    headHeight * 0.85 + between(5, 0, 24),
    ink,
  )
  fillEllipse(canvas, x, y + 10, headWidth, headHeight, ink)
  fillBox(canvas, x - neckWidth, y, x + neckWidth, pictureHeight, ink)
  fillEllipse(canvas, x, pictureHeight + between(6, 0, 20), between(7, 50, 118), between(8, 50, 105), ink)
  return canvas
}

export function drawTime(canvas: Canvas, timeText: string): Canvas {
  drawText(canvas, timeText, 8, 6, 2, 0)
  return canvas
}

export type Likeness = { readonly hasFace: false } | { readonly hasFace: true; readonly score: number }

/** score: 1000 × common area / joint area of the two outlines, 0..1000. hasFace: false when one picture shows nobody or is none of ours. */
export function compareFaces(a: Canvas, b: Canvas): Likeness {
  if (a.width !== b.width || a.height !== b.height) return { hasFace: false }
  const count = { a: 0, b: 0, common: 0, joint: 0 }
  for (let index = stripHeight * a.width; index < a.pixels.length; index++) {
    const isA = isInk(a, index)
    const isB = isInk(b, index)
    if (isA) count.a += 1
    if (isB) count.b += 1
    if (isA && isB) count.common += 1
    if (isA || isB) count.joint += 1
  }
  const areaMin = a.pixels.length * 0.05
  if (count.a < areaMin || count.b < areaMin) return { hasFace: false }
  return { hasFace: true, score: Math.round((1000 * count.common) / count.joint) }
}

const isInk = ({ pixels }: Canvas, index: number) => (pixels[index] ?? background) < 128
