/** The canonical scanner: walks bytes once and says whether they are deterministic CBOR (RFC 8949 section 4.2) of the closed shape that
 *  Outpost uses. It stands before every decoder, because a general decoder lets unsorted maps, wide forms and bad UTF-8 pass and ends
 *  deep nesting with a stack overflow. Iterative on purpose; it never allocates by a length that came from outside.
 *  Allowed: integers of the safe range, byte strings, text, arrays, maps with text keys, false, true, null. Nothing else. */
import { Fault } from './errors.ts'
import { limits } from './limits.ts'

/** depthMax: open containers at once. bytesMax: of the whole input. itemsMax: data items, containers and keys included. */
export interface CborCaps {
  readonly depthMax?: number
  readonly bytesMax?: number
  readonly itemsMax?: number
}

const refused = (reason: string, at: number): Fault => new Fault('wire/not-canonical', { reason, at })

/** What a row of items may be beyond that: countMax items at the top, each of at most itemBytesMax. itemsMax holds for all together. */
export interface SequenceCaps extends CborCaps {
  readonly countMax?: number
  readonly itemBytesMax?: number
}

/** Exactly one canonical item and nothing behind it. Throws Fault 'wire/not-canonical' or 'wire/too-large'. */
export function scanCanonical(bytes: Uint8Array, caps: CborCaps = {}): void {
  checkSize(bytes, caps)
  const { end } = scanItem(bytes, 0, caps.depthMax ?? limits.cborDepthMax, caps.itemsMax ?? limits.cborItemsMax)
  if (end !== bytes.length) throw refused('trailing-bytes', end)
}

/** Canonical items one behind the other, to the last byte. Returns the offset behind each. Throws as scanCanonical. */
export function scanSequence(bytes: Uint8Array, caps: SequenceCaps = {}): number[] {
  checkSize(bytes, caps)
  const countMax = caps.countMax ?? Number.POSITIVE_INFINITY
  const itemBytesMax = caps.itemBytesMax ?? Number.POSITIVE_INFINITY
  const ends: number[] = []
  let itemsLeft = caps.itemsMax ?? limits.cborItemsMax
  for (let start = 0; start < bytes.length; start = ends.at(-1) ?? 0) {
    if (ends.length >= countMax) throw new Fault('wire/too-large', { countMax })
    const { end, items } = scanItem(bytes, start, caps.depthMax ?? limits.cborDepthMax, itemsLeft)
    if (end - start > itemBytesMax) throw new Fault('wire/too-large', { itemBytesMax, at: start })
    itemsLeft -= items
    ends.push(end)
  }
  return ends
}

function checkSize(bytes: Uint8Array, caps: CborCaps): void {
  const bytesMax = caps.bytesMax ?? limits.cborBytesMax
  if (bytes.length > bytesMax) throw new Fault('wire/too-large', { sizeBytes: bytes.length, bytesMax })
}

/** One open container: how many items it still misses (a key and its value are two), and where its last key stands. */
interface Frame {
  isMap: boolean
  left: number
  keyStart: number
  keyEnd: number
}

/** Scans the item that starts at `start`: the offset behind it, and how many items it is made of. */
function scanItem(
  bytes: Uint8Array,
  start: number,
  depthMax: number,
  itemsMax: number,
): { end: number; items: number } {
  const frames: Frame[] = []
  let top: Frame | undefined
  let at = start
  let items = 0
  for (;;) {
    if (++items > itemsMax) throw new Fault('wire/too-large', { itemsMax })
    const itemStart = at
    const initial = bytes[at]
    if (initial === undefined) throw refused('cut-off', at)
    const major = initial >> 5
    const isKey = top?.isMap === true && top.left % 2 === 0
    if (isKey && major !== 3) throw refused('key-not-text', at)
    const argument = readArgument(bytes, at, major)
    at += headBytesOf(initial)
    if (major === 2 || major === 3) {
      if (argument > bytes.length - at) throw refused('cut-off', at)
      if (major === 3 && !isUtf8(bytes, at, at + argument)) throw refused('text-not-utf8', at)
      at += argument
      if (isKey && top) keepKeyOrder(bytes, top, itemStart, at)
    } else if (major === 4 || major === 5) {
      if (frames.length >= depthMax) throw new Fault('wire/too-large', { depthMax, at: itemStart })
      const left = major === 5 ? argument * 2 : argument
      if (left > bytes.length - at) throw refused('cut-off', at)
      if (left > 0) {
        top = { isMap: major === 5, left, keyStart: -1, keyEnd: -1 }
        frames.push(top)
        continue
      }
    }
    while (top && --top.left === 0) {
      frames.pop()
      top = frames.at(-1)
    }
    if (!top) return { end: at, items }
  }
}

const headBytesOf = (initial: number): number => {
  const info = initial & 31
  return info < 24 || initial >> 5 === 7 ? 1 : 1 + 2 ** (info - 24)
}

/** The argument of an item head in its shortest form; also refuses what has no place here. */
function readArgument(bytes: Uint8Array, at: number, major: number): number {
  const info = (bytes[at] as number) & 31
  if (major === 7) {
    if (info >= 20 && info <= 22) return 0
    throw refused(info >= 25 && info <= 27 ? 'float' : 'simple-value', at)
  }
  if (major === 6) throw refused('tag', at)
  if (info < 24) return info
  if (info > 27) throw refused(info === 31 ? 'indefinite-length' : 'reserved', at)
  const width = 2 ** (info - 24)
  if (bytes.length - at - 1 < width) throw refused('cut-off', at)
  let value = 0
  for (let i = 1; i <= width; i++) value = value * 256 + (bytes[at + i] as number)
  // A number beyond 2^53 has lost bits here, but it is refused all the same.
  if (value > (major === 1 ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER))
    throw refused('integer-too-wide', at)
  if (value < (width === 1 ? 24 : 2 ** (4 * width))) throw refused('not-shortest', at)
  return value
}

/** Keys rise strictly, bytewise by their encoding (length first for short keys), so a repeated key is out of order too. */
function keepKeyOrder(bytes: Uint8Array, frame: Frame, start: number, end: number): void {
  if (frame.keyStart >= 0 && compareRanges(bytes, frame.keyStart, frame.keyEnd, start, end) >= 0)
    throw refused('map-order', start)
  frame.keyStart = start
  frame.keyEnd = end
}

function compareRanges(bytes: Uint8Array, aStart: number, aEnd: number, bStart: number, bEnd: number): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart)
  for (let i = 0; i < length; i++) {
    const difference = (bytes[aStart + i] as number) - (bytes[bStart + i] as number)
    if (difference !== 0) return difference
  }
  return aEnd - aStart - (bEnd - bStart)
}

/** RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end) {
    const first = bytes[at] as number
    if (first < 0x80) {
      at++
      continue
    }
    const length =
      first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0
    if (length === 0 || at + length > end) return false
    const second = bytes[at + 1] as number
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
    if (second < low || second > high) return false
    for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return false
    at += length
  }
  return true
}
