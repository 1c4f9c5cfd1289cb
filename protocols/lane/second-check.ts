/** Step 14: the second opinion. It reads the plain content with a parser of its own and looks for the one thing that must not happen: an open slot
 *  that the policy keeps back, or an entry that was not announced. On purpose it imports nothing of the first check (content, entry, release),
 *  so that one wrong line of code is not enough to let a field through. It runs in any process; a sender's filter B calls it alone. */
import { Fault } from '../errors.ts'

/** The part of a policy that it needs: type -> field -> rule that withholds, or null. */
export interface SecondCheckPolicy {
  readonly types: ReadonlyMap<string, ReadonlyMap<string, string | null>>
}

export interface SecondFindings {
  readonly entries: number
  readonly openSlots: number
  readonly closedSlots: number
}

/** plain: at most a few hundred MiB; nothing is copied but names. policy: null for a bundle that holds no records.
 *  Throws Fault 'lane/second-check' { reason }. */
export function secondCheck(plain: Uint8Array, recordCount: number, policy: SecondCheckPolicy | null): SecondFindings {
  const cursor: Cursor = { bytes: plain, at: 0 }
  const found = { entries: 0, openSlots: 0, closedSlots: 0 }
  let announced = 0
  let accounted = 0
  while (cursor.at < plain.length) {
    found.entries++
    const length = expect(cursor, 4, 'entry')
    const kind = expect(cursor, 0, 'kind')
    if (kind === 1 || kind === 13) {
      if (!policy) throw wrong('records-without-policy')
      const counted = checkRecord(cursor, length, kind, policy)
      found.openSlots += counted.open
      found.closedSlots += counted.closed
      accounted += counted.byRule
    } else if (kind === 11) announced += sumOfCounts(cursor)
    else for (let i = 1; i < length; i++) skip(cursor, 0)
  }
  if (found.entries !== recordCount) throw wrong('count')
  if (announced !== accounted) throw wrong('withheld-sum')
  return found
}

const wrong = (reason: string): Fault => new Fault('lane/second-check', { reason })

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

/** [kind, header, signature, slots, reasons, log]: the type from the header, then each slot against the policy. */
function checkRecord(
  cursor: Cursor,
  length: number,
  kind: number,
  policy: SecondCheckPolicy,
): { open: number; closed: number; byRule: number } {
  if (length !== (kind === 1 ? 6 : 4)) throw wrong('entry-length')
  const header = expect(cursor, 2, 'header')
  const rules = policy.types.get(typeOfHeader({ bytes: cursor.bytes.subarray(0, cursor.at + header), at: cursor.at }))
  if (!rules) throw wrong('type')
  cursor.at += header
  if (expect(cursor, 2, 'signature') !== 64) throw wrong('signature')
  cursor.at += 64
  const counted = { open: 0, closed: 0, byRule: 0 }
  const slots = expect(cursor, 5, 'slots')
  for (let i = 0; i < slots; i++) {
    const rule = rules.get(text(cursor))
    if (rule === undefined) throw wrong('field')
    const major = (cursor.bytes[cursor.at] ?? 0xff) >> 5
    if (major === 2) counted.closed++
    else if (major === 4 && rule === null) counted.open++
    else throw wrong('open-slot')
    if (major === 2 && cursor.bytes[cursor.at + 1] !== 32) throw wrong('leaf')
    skip(cursor, 0)
  }
  if (kind === 1) {
    const reasons = expect(cursor, 4, 'reasons')
    if (reasons !== counted.closed) throw wrong('reasons')
    for (let i = 0; i < reasons; i++) {
      if (expect(cursor, 4, 'reason') !== 2) throw wrong('reason')
      skip(cursor, 0)
      if ((cursor.bytes[cursor.at] ?? 0) >> 5 === 3) counted.byRule++
      skip(cursor, 0)
    }
    skip(cursor, 0)
  }
  return counted
}

function typeOfHeader(cursor: Cursor): string {
  const keys = expect(cursor, 5, 'header')
  for (let i = 0; i < keys; i++) {
    if (text(cursor) === 'type') return text(cursor)
    skip(cursor, 0)
  }
  throw wrong('type')
}

/** [11, [[type, field, rule, count], …]]. */
function sumOfCounts(cursor: Cursor): number {
  let sum = 0
  const rows = expect(cursor, 4, 'withheld')
  for (let i = 0; i < rows; i++) {
    if (expect(cursor, 4, 'row') !== 4) throw wrong('row')
    for (let column = 0; column < 3; column++) skip(cursor, 0)
    sum += expect(cursor, 0, 'count')
  }
  return sum
}

/** The argument of the next head, which must be of this major type. */
function expect(cursor: Cursor, major: number, reason: string): number {
  const found = head(cursor)
  if (found.major !== major) throw wrong(reason)
  return found.argument
}

function head(cursor: Cursor): { major: number; argument: number } {
  const initial = cursor.bytes[cursor.at++]
  if (initial === undefined) throw wrong('cut-off')
  const info = initial & 31
  if (info < 24) return { major: initial >> 5, argument: info }
  if (info > 27) throw wrong('head')
  let argument = 0
  for (let i = 2 ** (info - 24); i > 0; i--) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw wrong('cut-off')
    argument = argument * 256 + byte
  }
  return { major: initial >> 5, argument }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function text(cursor: Cursor): string {
  const length = expect(cursor, 3, 'text')
  if (length > 256 || length > cursor.bytes.length - cursor.at) throw wrong('text')
  const start = cursor.at
  cursor.at += length
  try {
    return decoder.decode(cursor.bytes.subarray(start, cursor.at))
  } catch {
    throw wrong('text')
  }
}

function skip(cursor: Cursor, depth: number): void {
  if (depth > 20) throw wrong('depth')
  const { major, argument } = head(cursor)
  if (major === 2 || major === 3) {
    if (argument > cursor.bytes.length - cursor.at) throw wrong('cut-off')
    cursor.at += argument
  } else if (major === 4 || major === 5) {
    for (let i = major === 5 ? argument * 2 : argument; i > 0; i--) skip(cursor, depth + 1)
  } else if (major === 6) throw wrong('tag')
}
