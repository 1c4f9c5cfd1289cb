import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareFolder } from '../../../../edge/tools/start/folder.ts'
import { freePorts, hold, launch, makeTop, processesOf, type Top } from './run-start.ts'

const isRoot = process.getuid?.() === 0
const minute = 60_000

let top: Top
let held: Server | null = null
beforeEach(() => {
  top = makeTop()
})
afterEach(() => {
  held?.close()
  held = null
  top.remove()
})

const failed = async (...args: string[]) => {
  const { code, out, err } = await launch(['--json', '--pages', top.pages, ...args]).ended
  return { code, said: JSON.parse(out) as unknown, err }
}

describe('a port in use', () => {
  it.each([
    ['of the gateway', 0, '127.0.0.1', []],
    ['of a camera', 5, '127.0.0.1', []],
    ['of the gateway on the network', 0, '0.0.0.0', ['--lan', 'tingchao.test']],
    ['of the page with the authority', 6, '0.0.0.0', ['--lan', 'tingchao.test']],
  ] as const)(
    '%s is named in both languages, and nothing was made',
    async (_, at, host, more) => {
      const ports = await freePorts()
      const port = ports + at
      held = await hold(port, host)
      const { code, said, err } = await failed('--data', top.data, '--ports', `${ports}`, ...more)
      expect(code).toBe(1)
      expect(said).toEqual({ ready: false, code: 'process/port-in-use', detail: { port } })
      expect(err).toContain(`端口 ${port} 已被另一个程序占用`)
      expect(err).toContain(`Port ${port} is in use by another program`)
      expect(existsSync(top.data)).toBe(false)
      expect(processesOf(top.top)).toEqual([])
    },
    minute,
  )
})

describe('a data folder', () => {
  const run = async (folder: string, ...more: string[]) =>
    failed('--data', folder, '--ports', `${await freePorts()}`, ...more)

  it(
    'in whose place a file stands is refused by its name',
    async () => {
      const path = join(top.top, 'file')
      writeFileSync(path, 'text')
      const { code, said, err } = await run(path)
      expect([code, said]).toEqual([
        1,
        { ready: false, code: 'start/folder-unwritable', detail: { folder: path, cause: 'EEXIST' } },
      ])
      expect(err).toContain(`数据文件夹不能写入 (${path}`)
      expect(err).toContain(`The data folder cannot be written (${path}`)
      expect(readFileSync(path, 'utf8')).toBe('text')
    },
    minute,
  )

  it(
    'below a file is refused too',
    async () => {
      writeFileSync(join(top.top, 'file'), '')
      const { said } = await run(join(top.top, 'file', 'data'))
      expect(said).toMatchObject({ code: 'start/folder-unwritable', detail: { cause: 'ENOTDIR' } })
    },
    minute,
  )

  it.each([
    ['of somebody else', { 'letter.txt': 'dear' }],
    [
      'of a station that is no demonstration',
      { 'outpost.json': '{"product":"outpost","kind":"station","v":1}', 'station.db': 'x' },
    ],
    ['of another product with a mark of the same name', { 'outpost.json': '{"product":"other"}', x: 'x' }],
    ['with a mark that cannot be read', { 'outpost.json': 'no json', x: 'x' }],
  ])(
    '%s is not touched, with --fresh neither',
    async (_, files) => {
      mkdirSync(top.data)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(top.data, name), text)
      const { code, said, err } = await run(top.data, '--fresh')
      expect([code, said]).toEqual([1, { ready: false, code: 'start/folder-not-ours', detail: { folder: top.data } }])
      expect(err).toContain(top.data)
      expect(readdirSync(top.data).sort()).toEqual(Object.keys(files).sort())
      for (const [name, text] of Object.entries(files)) expect(readFileSync(join(top.data, name), 'utf8')).toBe(text)
    },
    minute,
  )

  it('of ours is emptied by --fresh, and by nothing else', () => {
    prepareFolder(top.data, false)()
    mkdirSync(join(top.data, 'station'))
    writeFileSync(join(top.data, 'station', 'station.db'), 'x')
    prepareFolder(top.data, false)()
    expect(existsSync(join(top.data, 'station', 'station.db'))).toBe(true)
    prepareFolder(top.data, true)()
    expect(readdirSync(top.data)).toEqual(['outpost.json'])
  })

  it('that is in use is refused until it is given back, and a dead owner holds nothing', () => {
    const release = prepareFolder(top.data, false)
    expect(() => prepareFolder(top.data, true)).toThrow(
      expect.objectContaining({ code: 'start/folder-in-use', detail: { folder: top.data, pid: process.pid } }),
    )
    release()
    // Our own number, of a process that began at another time.
    writeFileSync(join(top.data, 'start.lock'), JSON.stringify({ pid: process.pid, began: '1' }))
    prepareFolder(top.data, false)()
    writeFileSync(join(top.data, 'start.lock'), 'cut o')
    prepareFolder(top.data, false)()
  })

  describe('of another user', () => {
    const nobody = 65_534
    /** The code that prepareFolder gives to an account without rights. */
    const asNobody = (folder: string): unknown => {
      const run = spawnSync(process.execPath, [join(import.meta.dirname, 'folder-child.ts'), folder, `${nobody}`], {
        encoding: 'utf8',
      })
      return JSON.parse(run.stdout)
    }
    const open = () => {
      const path = mkdtempSync(join(tmpdir(), 'outpost-open-'))
      chmodSync(path, 0o755)
      return path
    }

    it.runIf(isRoot)('below a folder that is closed to us is refused by its name', () => {
      expect(asNobody(top.data)).toEqual({
        code: 'start/folder-unwritable',
        detail: { folder: top.data, cause: 'EACCES' },
      })
    })

    it.runIf(isRoot)('that we can enter and not write is refused, whole or in part', () => {
      const path = open()
      try {
        prepareFolder(path, false)()
        expect(asNobody(path)).toEqual({ code: 'start/folder-unwritable', detail: { folder: path, cause: 'EACCES' } })
        chownSync(path, nobody, nobody)
        chownSync(join(path, 'outpost.json'), nobody, nobody)
        expect(asNobody(path)).toEqual({ ok: true })
        mkdirSync(join(path, 'station'), { mode: 0o700 })
        const detail = { folder: join(path, 'station'), cause: 'EACCES' }
        expect(asNobody(path)).toEqual({ code: 'start/folder-unwritable', detail })
      } finally {
        rmSync(path, { recursive: true, force: true })
      }
    })
  })
})

describe('the command line', () => {
  it(
    '--print-config prints every setting of every process with its description, and ends',
    async () => {
      const { code, out, err } = await launch(['--print-config']).ended
      expect([code, err]).toEqual([0, ''])
      for (const name of ['gateway', 'hub', 'broker', 'simulators'])
        expect(out).toMatch(new RegExp(`^${name}  \\(`, 'm'))
      const rows = out.split('\n').filter((line) => line.startsWith('  '))
      expect(rows.length).toBeGreaterThan(40)
      for (const row of rows) expect(row).toMatch(/^ {2}\w+ +(required|optional|\S.*?) {2,}\S.*[.…]$/)
      expect(out).toMatch(/^ {2}trustPage +null +Plain-http page/m)
    },
    minute,
  )

  it.each(['192.0.2.2', 'localhost', 'a b', ''])(
    '--lan "%s" is refused: a station has a name',
    async (name) => {
      const { code, err } = await launch(['--lan', name, '--data', top.data]).ended
      expect(code).toBe(1)
      expect(err).toContain('host name')
      expect(existsSync(top.data)).toBe(false)
    },
    minute,
  )
})
