/** `npm run fuzz -- [target] [--cases N] [--seed S]`: arbitrary and mutated bytes into every parser. A parser may answer with a value, a Refusal or
 *  a Fault; anything else that is thrown is a finding, printed with its bytes. */
import { ready } from '#crypto/sodium'
import { runFuzz, targets } from './run.ts'

await ready
const args = process.argv.slice(2)
const valueOf = (name: string, otherwise: string): string => {
  const at = args.indexOf(name)
  return at < 0 ? otherwise : (args[at + 1] ?? otherwise)
}
const cases = Number(valueOf('--cases', '20000'))
const seed = valueOf('--seed', '1')
const named = args.filter((arg, index) => !arg.startsWith('--') && !args[index - 1]?.startsWith('--'))
const chosen = named.length > 0 ? named : Object.keys(targets)
let findings = 0
for (const name of chosen) {
  const found = runFuzz(name, cases, seed)
  findings += found.length
  process.stdout.write(`${name}: ${cases} cases, seed ${seed}, ${found.length} findings\n`)
  for (const finding of found.slice(0, 5)) process.stdout.write(`  ${finding.error}\n  ${finding.hex}\n`)
}
process.exit(findings === 0 ? 0 : 1)
