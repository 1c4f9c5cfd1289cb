import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { boxKeyPair, seal } from '#crypto/seal.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { backOffMs } from '#protocols/sync/back-off.ts'
import { decodePush, encodePush, openItem, type PushItem, sealChange } from '#protocols/sync/push.ts'

describe('a push', () => {
  beforeAll(() => ready)

  it('comes back as it was, in order, plain and sealed items apart', () => {
    const item = fc
      .tuple(fc.boolean(), fc.uint8Array({ maxLength: 200 }))
      .map(([isSealed, bytes]): PushItem => (isSealed ? { sealed: bytes } : { plain: bytes }))
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        expect(decodePush(encodePush(items))).toEqual(items)
      }),
    )
  })

  it('of plain items alone it is a canonical list of byte strings', () => {
    const plain = [Uint8Array.of(1), Uint8Array.of(2, 3)]
    expect(encodePush(plain.map((bytes) => ({ plain: bytes })))).toEqual(encodeCanonical(plain))
  })

  it('any other shape is refused', () => {
    const wrong = [
      null,
      'x',
      { a: 1 },
      [null],
      [[]],
      [['x']],
      [[Uint8Array.of(1), Uint8Array.of(2)]],
      [[[Uint8Array.of(1)]]],
    ]
    for (const value of wrong) expect(() => decodePush(encodeCanonical(value as never))).toThrow(Fault)
  })

  it('more items than the limit are refused', () => {
    const items = Array.from({ length: limits.pushChangesMax + 1 }, () => ({ plain: new Uint8Array() }))
    expect(() => decodePush(encodePush(items))).toThrow('wire/too-large')
  })

  it('arbitrary bytes give items or a Fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          decodePush(bytes)
        } catch (cause) {
          expect(cause).toBeInstanceOf(Fault)
        }
      }),
    )
  })

  it('a sealed change opens at its station, and only under its own label', () => {
    const random = createSeededRandom('push')
    const [station, other] = [boxKeyPair(random), boxKeyPair(random)]
    const bytes = random.bytes(300)
    expect(openItem({ sealed: sealChange(bytes, station.publicKey) }, station)).toEqual(bytes)
    expect(() => openItem({ sealed: sealChange(bytes, station.publicKey) }, other)).toThrow(CannotOpen)
    expect(() => openItem({ sealed: seal('capture', bytes, station.publicKey) }, station)).toThrow(CannotOpen)
    expect(openItem({ plain: bytes }, station)).toBe(bytes)
  })
})

describe('the back-off', () => {
  const random = (byte: number) => ({ bytes: (n: number) => new Uint8Array(n).fill(byte) })

  it('doubles from half a second to a minute', () => {
    expect([1, 2, 3, 7, 8, 50].map((attempt) => backOffMs(attempt, random(0)))).toEqual([
      250, 500, 1000, 16_000, 30_000, 30_000,
    ])
  })

  it('stays between half of the time and the whole of it', () => {
    for (const byte of [0, 1, 77, 128, 254, 255])
      for (const attempt of [1, 4, 9, 1000]) {
        const [least, most] = [backOffMs(attempt, random(0)), 2 * backOffMs(attempt, random(0))]
        const found = backOffMs(attempt, random(byte))
        expect(found).toBeGreaterThanOrEqual(least)
        expect(found).toBeLessThanOrEqual(most)
      }
  })
})
