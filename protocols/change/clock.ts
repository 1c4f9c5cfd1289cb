/** Hybrid logical clock: 48-bit ms and 16-bit counter in 8 bytes. It orders concurrent writes for merging; only a device's seq orders its
 *  own changes. It never falls but by a signed clockReset. */
import { assert } from '../errors.ts'

export interface Hlc {
  readonly ms: number
  readonly counter: number
}
export const hlcZero: Hlc = { ms: 0, counter: 0 }

const counterMax = 0xffff

/** The next reading, greater than `last`, whatever the wall clock says. */
export function tickHlc(last: Hlc, nowMs: number): Hlc {
  if (nowMs > last.ms) return { ms: nowMs, counter: 0 }
  return last.counter < counterMax ? { ms: last.ms, counter: last.counter + 1 } : { ms: last.ms + 1, counter: 0 }
}

export const laterHlc = (a: Hlc, b: Hlc): Hlc => (compareHlc(a, b) >= 0 ? a : b)
export const compareHlc = (a: Hlc, b: Hlc): number => a.ms - b.ms || a.counter - b.counter

export function encodeHlc(hlc: Hlc): Uint8Array {
  assert(hlc.ms >= 0 && hlc.ms < 2 ** 48 && hlc.counter >= 0 && hlc.counter <= counterMax, 'a hybrid time fits its 8 bytes')
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(hlc.ms / 2 ** 32))
  view.setUint32(2, hlc.ms % 2 ** 32)
  view.setUint16(6, hlc.counter)
  return bytes
}

/** bytes: 8. */
export function decodeHlc(bytes: Uint8Array): Hlc {
  assert(bytes.length === 8, 'a hybrid time has 8 bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8)
  return { ms: view.getUint16(0) * 2 ** 32 + view.getUint32(2), counter: view.getUint16(6) }
}

/** Order key for merging: the smaller of the change's time and its receipt + allowance, so that a clock in the future wins nothing. */
export function orderKeyOf(hlc: Hlc, receivedMs: number | null, allowanceMs: number): string {
  const cap = receivedMs === null ? Number.MAX_SAFE_INTEGER : receivedMs + allowanceMs
  const ms = Math.min(hlc.ms, cap)
  return ms.toString(16).padStart(12, '0') + (ms === hlc.ms ? hlc.counter : 0).toString(16).padStart(4, '0')
}
