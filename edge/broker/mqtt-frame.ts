/** The outer frame of MQTT 3.1.1 (section 2.2): one byte of type and flags, then the Remaining Length in one to four bytes. Nothing of a packet's
 *  inside is looked at here, so that a size can be refused before a single byte is kept for it. */

export const packetType = { connect: 1, puback: 4 } as const

export interface FrameHeader {
  /** 1..14 of the standard; 0 and 15 are never returned. */
  readonly type: number
  readonly headerBytes: number
  readonly bodyBytes: number
}

/** 'more': fewer bytes than a header needs. 'malformed': a reserved type or a length of more than four bytes. */
export function readFrameHeader(bytes: Uint8Array): FrameHeader | 'more' | 'malformed' {
  const first = bytes[0]
  if (first === undefined) return 'more'
  const type = first >> 4
  if (type === 0 || type === 15) return 'malformed'
  let bodyBytes = 0
  for (let index = 1; index <= lengthBytesMax; index++) {
    const byte = bytes[index]
    if (byte === undefined) return 'more'
    bodyBytes += (byte & 0x7f) * 128 ** (index - 1)
    if ((byte & 0x80) === 0) return { type, headerBytes: index + 1, bodyBytes }
  }
  return 'malformed'
}

const lengthBytesMax = 4
/** The longest header there is: a holder of bytes never needs more to know what to do. */
export const frameHeaderBytesMax = 1 + lengthBytesMax
