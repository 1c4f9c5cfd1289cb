/** zstd for the lane, from Node's zlib. Its one-shot call returns the first frame and says nothing of the rest, takes a skippable frame for an
 *  empty content, and unfolds a few kilobytes into hundreds of megabytes: hence one frame, all input, exact length, bounded window. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Fault } from '#protocols/errors.ts'
import type { Compressor } from '#protocols/lane/compressor.ts'

/** 8 MiB: what a receiver is willing to hold for looking back. */
const windowLogMax = 23

/** level: 1 fast to 19 small. */
export function createZstd(level = 3): Compressor {
  return {
    compress: (bytes) =>
      plainArray(
        zstdCompressSync(bytes, {
          params: {
            [constants.ZSTD_c_compressionLevel]: level,
            [constants.ZSTD_c_windowLog]: Math.min(windowLogMax, windowLogFor(bytes.length)),
            [constants.ZSTD_c_contentSizeFlag]: 1,
            [constants.ZSTD_c_checksumFlag]: 0,
          },
        }),
      ),
    decompress,
  }
}

/** Throws Fault 'lane/content-size' for whatever is not exactly one frame of plainLen bytes. */
function decompress(bytes: Uint8Array, plainLen: number): Uint8Array {
  const wrong = (reason: string, cause?: unknown) => new Fault('lane/content-size', { reason, plainLen }, { cause })
  let result: { buffer: Buffer; engine: { bytesWritten: number } }
  try {
    // With `info` the call also tells how much input it used; the types do not know that form.
    const options = { info: true, maxOutputLength: plainLen, params: { [constants.ZSTD_d_windowLogMax]: windowLogMax } }
    result = zstdDecompressSync(bytes, options) as unknown as typeof result
  } catch (cause) {
    throw wrong('no-frame', cause)
  }
  if (result.buffer.length !== plainLen) throw wrong('length')
  if (result.engine.bytesWritten !== bytes.length) throw wrong('not-all-input')
  return plainArray(result.buffer)
}

/** The least window that sees all of the input: 10 is what zstd accepts at least. */
const windowLogFor = (length: number): number => Math.max(10, Math.ceil(Math.log2(Math.max(2, length))))

const plainArray = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
