/** What the gateway accepts from a camera. A picture passes through memory only; who keeps it does so as an attachment. */

export const pictureTypes = ['image/jpeg', 'image/png'] as const
export type PictureType = (typeof pictureTypes)[number]

export interface Snapshot {
  readonly type: PictureType
  readonly bytes: Uint8Array
  /** By the gateway's clock, when the last byte had come. */
  readonly takenAtMs: number
}

/** What the first bytes say, whatever the header claimed; null for anything else. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  return null
}

const startsWith = (bytes: Uint8Array, head: readonly number[]) => head.every((byte, index) => bytes[index] === byte)
