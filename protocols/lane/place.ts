/** The sender's numbering: epoch, seq and the hash that chains each bundle to the one before (lane/SPEC.md, "Sequence, epoch, fork"). The
 *  caller commits head and counter with fsync before a bundle leaves; a place that was handed out is never handed out again. */
import { concat } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { assert } from '../errors.ts'
import type { EpochEntry } from './entry.ts'

/** The last bundle sealed on a lane. */
export interface SenderHead {
  /** 8 bytes. */
  readonly epoch: Uint8Array
  readonly seq: number
  /** 32 bytes. */
  readonly bundleHash: Uint8Array
}

export interface Place {
  readonly epoch: Uint8Array
  readonly seq: number
  readonly prevHash: Uint8Array
}

export const nextPlace = (head: SenderHead): Place => ({
  epoch: head.epoch,
  seq: head.seq + 1,
  prevHash: head.bundleHash,
})

/** counter: the stored epoch counter raised by one, from 1; it never falls, even when the head was lost. head: null when none is known.
 *  Returns the place of the EPOCH bundle and the entry that it holds. */
export function beginEpoch(
  counter: number,
  head: SenderHead | null,
  reason: EpochEntry['reason'],
  random: Random,
): { place: Place; entry: EpochEntry } {
  assert(Number.isInteger(counter) && counter >= 1 && counter <= 0xffff_ffff, 'an epoch counter is 1 to 2^32 - 1')
  const high = new Uint8Array(4)
  new DataView(high.buffer).setUint32(0, counter)
  const prevHash = head?.bundleHash ?? new Uint8Array(32)
  return {
    place: { epoch: concat(high, random.bytes(4)), seq: 1, prevHash },
    entry: {
      kind: 7,
      previousEpoch: head?.epoch ?? new Uint8Array(8),
      headSeq: head?.seq ?? 0,
      headHash: prevHash,
      reason,
    },
  }
}
