import { glue } from './twin.ts'

export { glue } from './twin.ts'

/** zstd frames written by hand (RFC 8878), so that vectors do not depend on a compressor's version. */
export const zstdFrames = {
  /** One raw block, with the content size in the header. plain: below 128 KiB. */
  raw: (plain: Uint8Array): Uint8Array =>
    glue(
      Uint8Array.of(
        0x28,
        0xb5,
        0x2f,
        0xfd,
        0xa0,
        ...littleEndian(plain.length, 4),
        ...littleEndian((plain.length << 3) | 1, 3),
      ),
      plain,
    ),
  /** `blocks` blocks of 128 KiB of one byte each, no content size: four bytes each. */
  bomb: (byte: number, blocks: number): Uint8Array =>
    glue(
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58),
      ...Array.from({ length: blocks }, (_, i) =>
        Uint8Array.of(...littleEndian((131072 << 3) | 2 | (i === blocks - 1 ? 1 : 0), 3), byte),
      ),
    ),
  skippable: (junk: Uint8Array): Uint8Array =>
    glue(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, ...littleEndian(junk.length, 4)), junk),
}

const littleEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 0xff)
