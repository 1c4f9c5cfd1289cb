/** npm run sim -- --seeds N [--from S] | --seed S. Prints a failing world's seed and operations and ends with 1. */
import { parseArgs } from 'node:util'
import { ready } from '#crypto/sodium'
import { runWorld, type WorldResult } from './world.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
  },
})

await ready
const first = Number(values.from)
const seeds =
  values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, i) => String(first + i)) : [values.seed]
const say = (text: string): boolean => process.stdout.write(`${text}\n`)
const startedMs = Date.now()
let failed = 0
let total: Record<string, number> = {}

const tell = (result: WorldResult, isWhole: boolean): void => {
  if (isWhole) for (const line of result.operations) say(`  ${line}`)
  for (const line of result.broken) say(`  broken: ${line}`)
  say(`  ${JSON.stringify(result.counts)}`)
}

for (const seed of seeds) {
  const result = await runWorld({ seed, steps: Number(values.steps) })
  total = Object.fromEntries(Object.entries(result.counts).map(([name, count]) => [name, (total[name] ?? 0) + count]))
  if (result.broken.length > 0) {
    failed++
    say(`seed ${seed} breaks ${result.broken.length} laws:`)
    tell(result, true)
  } else if (values.seed !== undefined) tell(result, true)
}
const seconds = (Date.now() - startedMs) / 1000
say(`${seeds.length} worlds, ${failed} failed, ${seconds.toFixed(1)} s: ${JSON.stringify(total)}`)
process.exitCode = failed > 0 ? 1 : 0
