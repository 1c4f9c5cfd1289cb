/** A QR code as one path of unit squares: drawn as SVG by the page itself, since markup as text is not let in. */
import { create } from 'qrcode'

export interface QrDrawing {
  /** Modules along an edge, the quiet zone included. */
  readonly size: number
  readonly path: string
}

const quiet = 4

export function drawQr(text: string): QrDrawing {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  let path = ''
  for (let y = 0; y < modules.size; y++)
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue
      let run = 1
      while (x + run < modules.size && modules.get(y, x + run)) run++
      path += `M${x + quiet} ${y + quiet}h${run}v1h-${run}z`
      x += run - 1
    }
  return { size: modules.size + 2 * quiet, path }
}
