import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { createKeyRegister, keyIdOf, laneIdOf } from '#protocols/lane/keys.ts'
import { beginEpoch, nextPlace } from '#protocols/lane/place.ts'
import { counterOf } from '#protocols/lane/sequence.ts'
import { glue, twinHash } from '../../../vectors/lane/twin.ts'

await ready

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill)

describe('names', () => {
  it('a lane and its opposite have two names', () => {
    const [number, a, b] = [bytes(16, 1), bytes(16, 2), bytes(16, 3)]
    expect(laneIdOf(number, a, b)).toEqual(twinHash('lane', glue(number, a, b)))
    expect(laneIdOf(number, a, b)).not.toEqual(laneIdOf(number, b, a))
    expect(() => laneIdOf(number, a, bytes(15, 3))).toThrow()
  })

  it('one public key has another id for each purpose', () => {
    const key = bytes(32, 4)
    expect(keyIdOf('sender', key)).toEqual(twinHash('lane-key', glue(Uint8Array.of(1), key)).slice(0, 8))
    const ids = (['sender', 'recipient', 'link', 'receiver'] as const).map((purpose) => `${keyIdOf(purpose, key)}`)
    expect(new Set(ids).size).toBe(4)
  })

  it('a register keeps keys by their id, and the same key again is no news', () => {
    const [one, two] = [{ publicKey: bytes(32, 1) }, { publicKey: bytes(32, 2) }]
    const register = createKeyRegister('sender', [one])
    register.add(two)
    register.add({ publicKey: bytes(32, 1) })
    expect(register.find(keyIdOf('sender', two.publicKey))).toBe(two)
    expect(register.find(keyIdOf('recipient', two.publicKey))).toBe(undefined)
  })

  it('a key whose id is taken is refused', () => {
    // Two keys of one id take 2^32 tries to find; a key that changes after it was added stands for the second.
    const key = { publicKey: bytes(32, 1) }
    const register = createKeyRegister('sender', [key])
    const late = { publicKey: bytes(32, 1) }
    key.publicKey = bytes(32, 9)
    expect(() => register.add(late)).toThrow('lane/key-id-taken')
  })
})

describe('places', () => {
  const random = { bytes: (n: number) => bytes(n, 0xab) }

  it('an epoch carries its counter in the high half, and seq and chain begin with its EPOCH bundle', () => {
    const { place, entry } = beginEpoch(7, null, 'first-use', random)
    expect(Buffer.from(place.epoch).toString('hex')).toBe('00000007abababab')
    expect(counterOf('00000007abababab')).toBe(7)
    expect([place.seq, place.prevHash]).toEqual([1, bytes(32, 0)])
    expect(entry).toEqual({
      kind: 7,
      previousEpoch: bytes(8, 0),
      headSeq: 0,
      headHash: bytes(32, 0),
      reason: 'first-use',
    })
  })

  it('each place follows the head, across epochs', () => {
    const head = { epoch: bytes(8, 1), seq: 41, bundleHash: bytes(32, 2) }
    expect(nextPlace(head)).toEqual({ epoch: head.epoch, seq: 42, prevHash: head.bundleHash })
    const { place, entry } = beginEpoch(8, head, 'restore', random)
    expect(place.prevHash).toBe(head.bundleHash)
    expect([entry.previousEpoch, entry.headSeq, entry.headHash]).toEqual([head.epoch, 41, head.bundleHash])
  })

  it('a counter outside its range is our bug', () => {
    for (const counter of [0, -1, 1.5, 2 ** 32])
      expect(() => beginEpoch(counter, null, 'first-use', random)).toThrow('assertion')
  })
})
