/** The pages of the clients, built when they are not there or older than what they are made of. Whoever starts a gateway or runs tests calls
 *  it; it never touches pages that fit their sources. A build goes to a folder of its own first and then takes the place of the old one, so
 *  that a running gateway never serves half of it. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Fault } from '#protocols/errors.ts'

const sourceRoots = ['client', 'crypto', 'protocols', 'package.json', 'package-lock.json', 'vite.config.ts']
const skipped = new Set(['node_modules', '.vite'])
const buildMsMax = 10 * 60_000

export interface BuildOptions {
  /** Folder of package.json, absolute. */
  readonly root: string
  /** Told before a build begins, since it takes some seconds. */
  readonly onBuild?: () => void
}

/** Resolves when dist/ fits its sources. Throws Fault 'pages/build-failed' with what the builder said last as its cause; dist/ is then as it was. */
export async function ensureBuilt({ root, onBuild }: BuildOptions): Promise<'fresh' | 'built'> {
  const print = sourcesPrint(root)
  const dist = join(root, 'dist')
  if (printOf(dist) === print) return 'fresh'
  onBuild?.()
  mkdirSync(join(root, '.cache'), { recursive: true })
  const work = mkdtempSync(join(root, '.cache', 'pages-'))
  try {
    const fresh = join(work, 'fresh')
    await runBuilder(root, fresh)
    writeFileSync(join(fresh, printName), print)
    takePlace(fresh, dist, work)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return 'built'
}

/** Of two that build at once the later one stays; the tries are for the moment in which both move. */
function takePlace(fresh: string, dist: string, work: string) {
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, join(work, `old-${attempt}`))
      return renameSync(fresh, dist)
    } catch (cause) {
      if (attempt === 5) throw new Fault('pages/build-failed', {}, { cause })
    }
  }
}

const printName = '.sources'
const printOf = (dist: string): string => {
  const path = join(dist, printName)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Names, sizes and times of all sources: a deleted or restored file shows too. */
function sourcesPrint(root: string): string {
  const hash = createHash('sha256')
  const walk = (path: string) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    if (!stat) return
    if (!stat.isDirectory()) return void hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`)
    for (const name of readdirSync(join(root, path)).sort()) if (!skipped.has(name)) walk(`${path}/${name}`)
  }
  sourceRoots.forEach(walk)
  return hash.digest('hex')
}

/** A process of its own with hardly any environment: what is built must not depend on who builds it (NODE_ENV of a test run, for one). */
function runBuilder(root: string, outDir: string): Promise<void> {
  const builder = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [builder, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    env: { NODE_ENV: 'production', PATH: dirname(process.execPath) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: buildMsMax,
  })
  let said = ''
  const keep = (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new Fault('pages/build-failed', {}, { cause }))
    child.on('error', fail)
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : fail(new Error(stripVTControlCharacters(said).trim() || `the builder ended with ${code}`)),
    )
  })
}
