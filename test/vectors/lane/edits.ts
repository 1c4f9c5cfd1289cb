/** Edits of a vector's file: a large one stands in the vectors once and is changed by those who use it. */
import type { Edit } from './case.ts'
import { glue } from './twin.ts'

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

export function applyEdits(file: Uint8Array, edits: readonly Edit[] = []): Uint8Array {
  return edits.reduce<Uint8Array>((bytes, edit) => {
    const copy = bytes.slice()
    if (edit[0] === 'set') copy.set(fromHex(edit[2]), edit[1])
    if (edit[0] === 'trailer') copy.set(fromHex(edit[1]), copy.length - 96)
    if (edit[0] === 'cut') return copy.slice(0, edit[1])
    if (edit[0] === 'append') return glue(copy, fromHex(edit[1]))
    const chunk = (index: number) =>
      copy.slice(256 + index * 65552, Math.min(256 + (index + 1) * 65552, copy.length - 96))
    if (edit[0] === 'drop-chunk') {
      const dropped = chunk(edit[1])
      return glue(copy.slice(0, 256 + edit[1] * 65552), copy.slice(256 + edit[1] * 65552 + dropped.length))
    }
    if (edit[0] === 'swap-chunks') {
      const [a, b] = [chunk(edit[1]), chunk(edit[2])]
      copy.set(b, 256 + edit[1] * 65552)
      copy.set(a, 256 + edit[2] * 65552)
    }
    return copy
  }, file)
}
