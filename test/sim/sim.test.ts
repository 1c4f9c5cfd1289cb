import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { epochIgnored, forgottenWhenSent, outIgnored, refusalDropped, rowLost } from './plants.ts'
import { runWorld, type WorldResult } from './world.ts'

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8']
const steps = 40
const results: WorldResult[] = []
const total = (name: keyof WorldResult['counts']): number =>
  results.reduce((sum, result) => sum + result.counts[name], 0)

/** Runs seeds until one is caught. */
async function caughtBy(plant: Parameters<typeof runWorld>[0]['plant'], law: string): Promise<boolean> {
  for (let seed = 1; seed <= 12; seed++) {
    const { broken } = await runWorld({ seed, steps, ...(plant && { plant }) })
    if (broken.some((line) => line.startsWith(law))) return true
  }
  return false
}

describe('the simulated station', () => {
  beforeAll(() => ready)

  it.each(seeds)('all laws hold after quiet, seed %s', async (seed) => {
    const result = await runWorld({ seed, steps })
    results.push(result)
    expect(result.broken, result.operations.join('\n')).toEqual([])
  })

  it('a seed gives the same world each time', async () => {
    const again = await runWorld({ seed: seeds[2] as string, steps })
    expect(again).toEqual(results[2])
  })

  it('a row lost on its way to the disk is found by the manifest and pulled again', async () => {
    const result = await runWorld({ seed: 1, steps, plant: rowLost })
    expect(result.counts.repairs).toBeGreaterThan(0)
  })

  it('a planted bug is caught: sent counts as answered', async () => {
    expect(await caughtBy(forgottenWhenSent, 'lost')).toBe(true)
  })

  it('a planted bug is caught: a new epoch is ignored', async () => {
    expect(await caughtBy(epochIgnored, 'lost')).toBe(true)
  })

  it('a planted bug is caught: a refusal is dropped', async () => {
    expect(await caughtBy(refusalDropped, 'refused')).toBe(true)
  })

  it('a planted bug is caught: what leaves the scope stays', async () => {
    expect(await caughtBy(outIgnored, 'convergence')).toBe(true)
  })

  it('the worlds were not empty', () => {
    expect(results).toHaveLength(seeds.length)
    for (const name of ['commits', 'refusedAtOnce', 'admitted', 'refusedLater', 'crashes', 'lost', 'doubled', 'records'] as const)
      expect(total(name), name).toBeGreaterThan(0)
    expect(total('restores')).toBeGreaterThan(0)
    expect(total('commits')).toBeGreaterThan(50)
  })
})
