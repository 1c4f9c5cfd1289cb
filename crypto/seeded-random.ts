/** Chance from a seed: for tests, the simulator and the demo station ONLY. Whoever knows the seed knows every key: a running station must never
 *  use it. BLAKE2b in counter mode under a text of its own, outside the product's labels. */
import { sodium } from '#crypto/sodium'
import { concat, utf8 } from './bytes.ts'
import { checkCount, type Random } from './random.ts'

const blockBytes = 64

/** The same seed gives the same stream, however it is cut into calls. A number and its text are one seed. Needs `ready`. */
export const createSeededRandom = (seed: string | number): Random => {
  const key = sodium.crypto_generichash(
    32,
    concat(utf8('outpost seeded random'), Uint8Array.of(0), utf8(`${seed}`)),
    null,
  )
  const counter = new Uint8Array(8)
  const counterView = new DataView(counter.buffer)
  let blockNumber = 0n
  let block = new Uint8Array(0)
  let used = 0
  const refill = (): void => {
    counterView.setBigUint64(0, blockNumber++)
    block = new Uint8Array(sodium.crypto_generichash(blockBytes, counter, key))
    used = 0
  }
  return {
    bytes(n) {
      const bytes = new Uint8Array(checkCount(n))
      for (let at = 0; at < n; ) {
        if (used === block.length) refill()
        const piece = block.subarray(used, used + n - at)
        bytes.set(piece, at)
        at += piece.length
        used += piece.length
      }
      return bytes
    },
  }
}
