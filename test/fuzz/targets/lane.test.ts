import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundleSeeds, fuzzBundle } from './bundle.ts'
import { cborSeeds, fuzzCbor } from './cbor.ts'

const targets = [
  ['cbor', fuzzCbor, cborSeeds, 3000],
  ['bundle', fuzzBundle, bundleSeeds, 400],
] as const

describe.each(targets)('fuzz: %s', (_, target, seeds, numRuns) => {
  it('its own seeds hold', () => {
    for (const seed of seeds) target(seed)
    expect(seeds.length).toBeGreaterThan(2)
  })

  it('any bytes give a value or a Fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), target), { numRuns, seed: 91 })
  })

  it('a seed with some bytes changed, dropped or doubled gives a value or a Fault', () => {
    const edits = fc.array(fc.tuple(fc.constantFrom('set', 'drop', 'double', 'cut'), fc.nat(), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), edits, (seed, list) => {
        target(
          list.reduce<Uint8Array>((bytes, [kind, place, value]) => {
            const at = bytes.length === 0 ? 0 : place % bytes.length
            if (kind === 'cut') return bytes.slice(0, at)
            if (kind === 'drop') return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)])
            if (kind === 'double') return Uint8Array.from([...bytes.slice(0, at + 1), ...bytes.slice(at)])
            const copy = bytes.slice()
            copy[at] = value
            return copy
          }, seed),
        )
      }),
      { numRuns, seed: 92 },
    )
  })
})
