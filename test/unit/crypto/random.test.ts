import { blake2b } from '@noble/hashes/blake2.js'
import { toHex, utf8 } from '#crypto/bytes.ts'
import { newId, type Random, systemRandom } from '#crypto/random.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import fc from 'fast-check'
import { expect, test } from 'vitest'

await ready
fc.configureGlobal({ seed: 20 })

const sources: [string, () => Random][] = [
  ['the system', () => systemRandom],
  ['a seed', () => createSeededRandom('law')],
]

test.each(sources)('chance from %s gives as many bytes as asked, beyond one call of the platform too', (_, create) => {
  const random = create()
  for (const n of [0, 1, 16, 63, 64, 65, 65_536, 65_537, 200_000]) expect(random.bytes(n).length).toBe(n)
  const tail = random.bytes(200_000).subarray(196_000)
  expect(tail.some((byte) => byte !== 0)).toBe(true)
})

test.each(sources)('chance from %s refuses a count that is none', (_, create) => {
  for (const n of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    expect(() => create().bytes(n)).toThrow('random: expected a whole number from 0')
})

test.each(sources)('ids from %s have 16 bytes and do not repeat', (_, create) => {
  const random = create()
  const ids = new Set(Array.from({ length: 5_000 }, () => toHex(newId(random))))
  expect(ids.size).toBe(5_000)
  for (const id of ids) expect(id.length).toBe(32)
})

test.each(sources)('bytes from %s are spread evenly', (_, create) => {
  const counts = new Array<number>(256).fill(0)
  for (const byte of create().bytes(256 * 400)) counts[byte] = (counts[byte] as number) + 1
  const chiSquared = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)
  expect(chiSquared).toBeLessThan(400)
})

test('one seed is one stream, however it is cut', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(150), { maxLength: 12 }), (seed, cuts) => {
      const random = createSeededRandom(seed)
      const pieces = cuts.map((n) => toHex(random.bytes(n))).join('')
      expect(pieces).toBe(toHex(createSeededRandom(seed).bytes(pieces.length / 2)))
    }),
  )
})

test('another seed is another stream, and a number is its text', () => {
  const start = (seed: string | number): string => toHex(createSeededRandom(seed).bytes(16))
  expect(start(7)).toBe(start('7'))
  expect(new Set([start(''), start(7), start(8), start('seven')]).size).toBe(4)
})

test('the stream of a seed never changes', () => {
  expect(toHex(createSeededRandom('outpost').bytes(24))).toBe('25854d7d0e2b9e59c8e902a6739daadb058b754930b4b901')
  const key = blake2b(utf8('outpost seeded random\0outpost'), { dkLen: 32 })
  const blocks = [0, 1, 2].map((n) => blake2b(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, n), { dkLen: 64, key }))
  expect(toHex(createSeededRandom('outpost').bytes(192))).toBe(blocks.map(toHex).join(''))
})
