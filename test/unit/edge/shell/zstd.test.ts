import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { createZstd } from '../../../../edge/shell/zstd.ts'
import { glue, zstdFrames } from '../../../vectors/lane/zstd-frames.ts'

const zstd = createZstd()
const plain = new TextEncoder().encode('一条报案记录，写了两遍。一条报案记录，写了两遍。')
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'unfolded'
}

describe('zstd', () => {
  it('what is folded unfolds to the same bytes, at every level and size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), fc.integer({ min: 1, max: 19 }), (bytes, level) => {
        const folded = createZstd(level).compress(bytes)
        expect(folded.constructor).toBe(Uint8Array)
        expect(zstd.decompress(folded, bytes.length)).toEqual(bytes)
      }),
      { numRuns: 100, seed: 81 },
    )
    const large = new Uint8Array(20 * 1024 * 1024).map((_, i) => (i * i) >> 7)
    expect(Buffer.compare(zstd.decompress(zstd.compress(large), large.length), large)).toBe(0)
  })

  it('a frame written by hand unfolds', () => {
    expect(zstd.decompress(zstdFrames.raw(plain), plain.length)).toEqual(plain)
    expect(zstd.decompress(zstdFrames.bomb(7, 2), 262_144)).toEqual(new Uint8Array(262_144).fill(7))
  })

  const frame = zstdFrames.raw(plain)
  const skip = zstdFrames.skippable(Uint8Array.of(1, 2, 3))
  it.each<[string, Uint8Array, number]>([
    ['two frames', glue(frame, frame), plain.length],
    ['two frames, both lengths together', glue(frame, frame), plain.length * 2],
    ['a byte behind the frame', glue(frame, Uint8Array.of(0)), plain.length],
    ['a skippable frame before', glue(skip, frame), plain.length],
    ['a skippable frame behind', glue(frame, skip), plain.length],
    ['a skippable frame alone', skip, 1],
    ['less than was declared', frame, plain.length + 1],
    ['more than was declared', frame, plain.length - 1],
    ['a frame cut short', frame.slice(0, -1), plain.length],
    ['no frame', plain, plain.length],
    ['nothing', new Uint8Array(), 1],
    [
      'a window beyond 8 MiB',
      glue(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x78), zstdFrames.bomb(0, 2).slice(6)),
      262_144,
    ],
    [
      'a frame with a dictionary',
      glue(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x58, 0x09), zstdFrames.bomb(0, 2).slice(6)),
      262_144,
    ],
  ])('%s is refused', (_, bytes, plainLen) => {
    expect(codeOf(() => zstd.decompress(bytes, plainLen))).toBe('lane/content-size')
  })

  it('200 MiB of zeros in 6 kB are refused without being unfolded', () => {
    const bomb = new Uint8Array(zstdCompressSync(new Uint8Array(200 * 1024 * 1024)))
    expect(bomb.length).toBeLessThan(10_000)
    const before = process.memoryUsage().arrayBuffers
    expect(codeOf(() => zstd.decompress(bomb, bomb.length * 100))).toBe('lane/content-size')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
  })
})
