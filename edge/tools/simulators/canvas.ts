/** A grey canvas and its PNG form: enough to draw a silhouette and a line of digits, and to read back what was drawn here. No photograph of anybody
 *  is ever near it. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

export interface Canvas {
  readonly width: number
  readonly height: number
  /** One byte a pixel, row by row, 0 black. */
  readonly pixels: Uint8Array
}

export const createCanvas = (width: number, height: number, shade: number): Canvas => ({
  width,
  height,
  pixels: new Uint8Array(width * height).fill(shade),
})

export function fillEllipse(canvas: Canvas, cx: number, cy: number, rx: number, ry: number, shade: number) {
  fillWhere(canvas, shade, (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1)
}

export function fillBox(canvas: Canvas, left: number, top: number, right: number, bottom: number, shade: number) {
  fillWhere(canvas, shade, (x, y) => x >= left && x < right && y >= top && y < bottom)
}

function fillWhere({ width, height, pixels }: Canvas, shade: number, isInside: (x: number, y: number) => boolean) {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (isInside(x, y)) pixels[y * width + x] = shade
}

/** Digits, '-', ':', 'T' and 'Z' in 3 by 5 dots; a blank for anything else. */
export function drawText(canvas: Canvas, text: string, left: number, top: number, dot: number, shade: number) {
  for (const [index, character] of [...text].entries()) {
    const rows = glyphs[character] ?? [0, 0, 0, 0, 0]
    for (const [row, bits] of rows.entries()) {
      for (let column = 0; column < 3; column++) {
        if ((bits & (4 >> column)) === 0) continue
        const x = left + (index * 4 + column) * dot
        const y = top + row * dot
        fillBox(canvas, x, y, x + dot, y + dot, shade)
      }
    }
  }
}

const glyphs: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 1, 1, 1],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '-': [0, 0, 7, 0, 0],
  ':': [0, 2, 0, 2, 0],
  T: [7, 2, 2, 2, 2],
  Z: [7, 1, 2, 4, 7],
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** PNG (ISO/IEC 15948): 8 bits of grey, every row unfiltered. */
export function encodePng({ width, height, pixels }: Canvas): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(body.length + 12)
  out.writeUInt32BE(body.length, 0)
  out.write(type, 4, 'latin1')
  body.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8)
  return out
}

/** Reads what encodePng wrote, and nothing else; null for any other picture. pixelsMax bounds what is unpacked. */
export function decodePng(bytes: Uint8Array, pixelsMax = 1_000_000): Canvas | null {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (png.length < 33 || !png.subarray(0, 8).equals(signature) || png.readUInt32BE(24) >>> 16 !== 0x0800) return null
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  if (width * height > pixelsMax || png.length < 45) return null
  const dataBytes = png.readUInt32BE(33)
  try {
    const rows = inflateSync(png.subarray(41, 41 + dataBytes), { maxOutputLength: height * (width + 1) })
    const canvas = createCanvas(width, height, 0)
    for (let y = 0; y < height; y++) {
      const row = rows.subarray(y * (width + 1), (y + 1) * (width + 1))
      if (row.length !== width + 1 || row[0] !== 0) return null
      canvas.pixels.set(row.subarray(1), y * width)
    }
    return canvas
  } catch {
    return null
  }
}
