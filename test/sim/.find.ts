import { ready } from '#crypto/sodium'
import * as plants from '/work/main/test/sim/plants.ts'
import { runWorld } from '/work/main/test/sim/world.ts'
await ready
for (const [name, plant] of Object.entries(plants)) {
  const hits: string[] = []
  for (let seed = 1; seed <= 16; seed++) {
    const r = await runWorld({ seed, steps: 40, plant })
    const laws = [...new Set(r.broken.map((b) => b.split(':')[0]))]
    if (laws.length || r.counts.repairs) hits.push(`${seed}:${laws.join('+')}${r.counts.repairs ? '/r' + r.counts.repairs : ''}`)
  }
  console.log(name, hits.join(' '))
}
