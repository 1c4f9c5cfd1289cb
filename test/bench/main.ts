/** `npm run bench -- NAME`: measures, prints a table and one last line of JSON. Figures belong to a machine and a moment: quote them with both. */
import { cpus } from 'node:os'
import { ready } from '#crypto/sodium'
import { benchAdmission } from './admission.ts'

export interface BenchResult {
  readonly bench: string
  readonly rows: readonly (readonly [string, string])[]
  readonly ours: number
  readonly peer: number
  readonly unit: string
}

const benches: Readonly<Record<string, () => Promise<BenchResult>>> = { admission: benchAdmission }

await ready
const names = process.argv.slice(2).filter((name) => !name.startsWith('-'))
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  process.stderr.write(`no bench named ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const result = await (benches[name] as () => Promise<BenchResult>)()
  process.stdout.write(`\n${result.bench} · ${cpus().length} × ${cpus()[0]?.model ?? 'cpu'} · Node ${process.version}\n`)
  for (const [what, figure] of result.rows) process.stdout.write(`  ${what.padEnd(60)} ${figure}\n`)
  const ratio = Math.round((result.ours / result.peer) * 1000) / 1000
  process.stdout.write(`${JSON.stringify({ bench: result.bench, ours: result.ours, peer: result.peer, ratio, unit: result.unit })}\n`)
}
