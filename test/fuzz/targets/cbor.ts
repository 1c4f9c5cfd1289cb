/** Any bytes as canonical CBOR: a value that encodes to the same bytes, or a Fault. What the scanner takes, the decoder takes. */
import { decodeCanonical, decodeSequence, encodeCanonical, scanCanonical } from '#protocols/cbor.ts'
import { Fault } from '#protocols/errors.ts'

export const cborSeeds: readonly Uint8Array[] = [
  encodeCanonical({ name: '王芳', list: [1, -1, null, true, new Uint8Array(3)], map: { a: { b: [] } } }),
  encodeCanonical([0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]),
  encodeCanonical(['', '\ufeff', '\u{1f693}', 'é'.repeat(40)]),
]

export function fuzzCbor(bytes: Uint8Array): void {
  const scanned = faultOr(() => scanCanonical(bytes))
  const value = faultOr(() => decodeCanonical(bytes))
  if (scanned instanceof Fault !== value instanceof Fault) throw new Error('scanner and decoder do not agree')
  if (!(value instanceof Fault) && Buffer.compare(encodeCanonical(value), bytes) !== 0)
    throw new Error('a value does not encode to its own bytes')
  const values = faultOr(() => decodeSequence(bytes))
  if (!(values instanceof Fault) && Buffer.compare(Buffer.concat(values.map(encodeCanonical)), bytes) !== 0)
    throw new Error('a sequence does not encode to its own bytes')
}

/** Anything but a Fault goes on upward: that is the finding. */
export function faultOr<T>(run: () => T): T | Fault {
  try {
    return run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
