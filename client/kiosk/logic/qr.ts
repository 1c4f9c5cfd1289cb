/** A QR code as one path of squares for an SVG: nothing is drawn by text, so no markup is ever made from it. */
import { create } from 'qrcode'

export interface QrPath {
  /** Squares along one side, quiet zone included. */
  readonly size: number
  readonly path: string
}

/** Four squares of quiet on each side (ISO/IEC 18004). */
export const quietZone = 4

export function qrPath(text: string): QrPath {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const parts: string[] = []
  for (let row = 0; row < modules.size; row++) {
    let column = 0
    while (column < modules.size) {
      let length = 0
      while (column + length < modules.size && modules.get(row, column + length)) length++
      if (length > 0) parts.push(`M${column + quietZone} ${row + quietZone}h${length}v1h-${length}z`)
      column += length + 1
    }
  }
  return { size: modules.size + 2 * quietZone, path: parts.join('') }
}
