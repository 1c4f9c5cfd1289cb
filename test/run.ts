/** `npm test` and, with --verify, all that is checked before a landing: form, types, dead code, then the same tests.
 *  --only <part of a path> runs a part, for work on it. The last line is `N passed, N failed`. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../edge/shell/build.ts'
import { rootFolder, runScript } from './run/child.ts'
import { ensureNeeds } from './run/needs.ts'
import { addTally, isGood, noTally, type Tally, tallyLine, tallyOf } from './run/tally.ts'

const nodeMajorMin = 24
const checkMsMax = 10 * 60_000
const testsMsMax = 45 * 60_000

const say = (line: string) => console.log(line)

/** The system may have an older Node: the pinned one takes over. */
function takeOver(): number | null {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) return null
  const pinned = join(rootFolder, 'node_modules/.bin/node')
  if (existsSync(pinned)) return spawnSync(pinned, process.argv.slice(1), { stdio: 'inherit' }).status ?? 1
  say(`Node ${nodeMajorMin} or later is needed and this is ${process.version}: run npm ci, then npm test.`)
  return 1
}

const checks: readonly (readonly [what: string, script: string, ...args: string[]])[] = [
  ['form', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--max-diagnostics=5', '.'],
  ['types', 'node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.json'],
  [
    'dead code',
    'node_modules/knip/bin/knip.js',
    '--no-progress',
    '--include',
    'files,dependencies,unlisted,unresolved',
  ],
]

async function runChecks(): Promise<Tally> {
  let tally = noTally
  for (const [what, script, ...args] of checks) {
    const good = (await runScript(script, args, checkMsMax)) === 0
    say(`${good ? '✓' : '✗'} ${what}`)
    tally = addTally(tally, good ? { ...noTally, passed: 1 } : { ...noTally, failed: 1 })
  }
  return tally
}

async function runTests(only: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-test-'))
  try {
    const report = join(folder, 'report.json')
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only]
    const code = await runScript('node_modules/vitest/vitest.mjs', args, testsMsMax)
    return tallyOf(existsSync(report) ? readFileSync(report, 'utf8') : null, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tests of pages need the pages; the others need neither them nor a browser. */
const needsPages = (only: readonly string[]) => only.length === 0 || only.some((part) => /e2e|browser/.test(part))

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { verify: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  })
  const only = [...(values.only ?? []), ...positionals]
  if (needsPages(only)) {
    if (!ensureNeeds(say)) {
      say(tallyLine({ ...noTally, failed: 1 }))
      return 1
    }
    await ensureBuilt({ root: rootFolder, onBuild: () => say('Building the pages …') })
  }
  const tally = addTally(values.verify ? await runChecks() : noTally, await runTests(only))
  say(tallyLine(tally))
  return isGood(tally) ? 0 : 1
}

try {
  process.exitCode = takeOver() ?? (await main())
} catch (fault) {
  console.error(fault)
  say(tallyLine({ ...noTally, failed: 1 }))
  process.exitCode = 1
}
