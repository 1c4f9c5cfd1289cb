import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { fileNameOf } from '#protocols/lane/bundle.ts'
import { createDirectoryCarrier, type DirectoryEvent } from '../../../../../edge/shell/carriers/directory.ts'
import { compareWritten, diskFault } from '../../../../../edge/shell/carriers/files.ts'
import { createFakeClock } from '../../../../fixtures/fake-clock.ts'
import { createLaneRig } from '../../../../vectors/lane/rig.ts'

await ready

let root = ''
let path = ''
let clock = createFakeClock()
let events: DirectoryEvent[] = []
let lives = 0
const bundles = (count: number): Uint8Array[] => {
  const sender = createLaneRig('directory').createSender()
  return [sender.begin().bytes, ...Array.from({ length: count - 1 }, () => sender.sendOne().bytes)]
}
const makeCarrier = (options: { isReadOnly?: boolean; at?: string } = {}) =>
  createDirectoryCarrier({
    path: options.at ?? path,
    timers: clock,
    random: createSeededRandom(`directory ${++lives}`),
    isReadOnly: options.isReadOnly ?? false,
    onEvent: (event) => events.push(event),
  })
const list = (folder: string) => (existsSync(join(path, folder)) ? readdirSync(join(path, folder)).sort() : [])
const plant = (name: string | Buffer, bytes: Uint8Array) => {
  mkdirSync(join(path, 'in'), { recursive: true })
  writeFileSync(Buffer.concat([Buffer.from(`${path}/in/`), Buffer.from(name)]), bytes)
}
const reasons = () =>
  list('refused')
    .filter((name) => name.endsWith('.reason.json'))
    .map((name) => (JSON.parse(readFileSync(join(path, 'refused', name), 'utf8')) as { code: string }).code)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outpost-directory-'))
  path = join(root, 'medium')
  mkdirSync(path)
  events = []
  clock = createFakeClock()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the writer', () => {
  it('leaves a whole file under the name of its place, and no draft', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    expect(await makeCarrier().offer({ bytes }, 2)).toBe('taken')
    expect(list('in')).toEqual([fileNameOf(bytes)])
    expect(new Uint8Array(readFileSync(join(path, 'in', fileNameOf(bytes))))).toEqual(bytes)
    expect(list('tmp')).toEqual([])
  })

  it('writes over the draft of a try that was killed', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    mkdirSync(join(path, 'tmp'))
    writeFileSync(join(path, 'tmp', `${fileNameOf(bytes)}.part`), 'half')
    expect(await makeCarrier().offer({ bytes }, 2)).toBe('taken')
    expect(list('in')).toHaveLength(1)
    expect(list('tmp')).toEqual([])
  })

  it('never writes through a link that stands in its way', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    const outside = join(root, 'outside')
    writeFileSync(outside, 'mine')
    mkdirSync(join(path, 'tmp'))
    mkdirSync(join(path, 'in'))
    symlinkSync(outside, join(path, 'tmp', `${fileNameOf(bytes)}.part`))
    symlinkSync(outside, join(path, 'in', fileNameOf(bytes)))
    expect(await makeCarrier().offer({ bytes }, 2)).toBe('taken')
    expect(readFileSync(outside, 'utf8')).toBe('mine')
    expect(lstatSync(join(path, 'in', fileNameOf(bytes))).isFile()).toBe(true)
  })

  it('waits for a medium that is away, and never makes its mount point', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    const away = join(root, 'away')
    expect(await makeCarrier({ at: away }).offer({ bytes }, 2)).toBe('busy')
    expect(existsSync(away)).toBe(false)
  })

  it('a folder that is a link is not written into', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), join(path, 'in'))
    await expect(makeCarrier().offer({ bytes }, 2)).rejects.toThrow('lane/file-irregular')
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
    expect(list('tmp')).toEqual([])
  })

  it('a medium that gives back other bytes is found out', async () => {
    const file = join(root, 'written')
    writeFileSync(file, 'abc')
    await compareWritten(file, Buffer.from('abc'))
    await expect(compareWritten(file, Buffer.from('abd'))).rejects.toThrow('lane/file-unlike')
    await expect(compareWritten(file, Buffer.from('abcd'))).rejects.toThrow('lane/file-unlike')
  })

  it('disk trouble has our words', () => {
    const trouble = (code: string) => diskFault(Object.assign(new Error(code), { code }))
    for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG']) expect(trouble(code)).toMatchObject({ code: 'store/disk-full' })
    for (const code of ['EROFS', 'EACCES', 'EPERM']) expect(trouble(code)).toMatchObject({ code: 'store/read-only' })
    expect(trouble('EIO')).not.toBeInstanceOf(Fault)
  })
})

describe('the reader', () => {
  it('moves what was taken to done/, under a name made from its bytes', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    plant('whatever', bytes)
    await makeCarrier().receive(async () => {})
    expect([list('in'), list('claimed'), list('done'), list('refused')]).toEqual([[], [], [fileNameOf(bytes)], []])
    expect(events).toEqual([{ kind: 'done', file: fileNameOf(bytes) }])
  })

  it('moves what was refused to refused/ with its reason, and the reason holds no content', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    plant('one', bytes)
    await makeCarrier().receive(async () => {
      throw new Fault('lane/bundle-forged', { seq: 1 })
    })
    const [file, reason] = list('refused') as [string, string]
    expect(reason).toBe(`${file}.reason.json`)
    expect(JSON.parse(readFileSync(join(path, 'refused', reason), 'utf8'))).toEqual({
      code: 'lane/bundle-forged',
      seq: 1,
    })
    expect(new Uint8Array(readFileSync(join(path, 'refused', file)))).toEqual(bytes)
    expect(events).toEqual([{ kind: 'refused', file, code: 'lane/bundle-forged' }])
  })

  it('opens regular files only: links, folders, pipes and devices are refused and not followed', async () => {
    const outside = join(root, 'outside')
    writeFileSync(outside, bundles(1)[0] as Uint8Array)
    mkdirSync(join(path, 'in', 'folder.owb'), { recursive: true })
    symlinkSync(outside, join(path, 'in', 'link.owb'))
    symlinkSync('/dev/zero', join(path, 'in', 'device.owb'))
    symlinkSync('nowhere', join(path, 'in', 'dangling.owb'))
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(path, 'in', 'pipe.owb')])
    const got: unknown[] = []
    await makeCarrier().receive(async (file) => void got.push(file))
    expect(got).toEqual([])
    expect(reasons()).toEqual(Array(5).fill('lane/file-irregular'))
    expect(existsSync(outside)).toBe(true)
  })

  it('checks the size before it reads', async () => {
    plant('huge.owb', new Uint8Array(1))
    truncateSync(join(path, 'in', 'huge.owb'), 128 * 1024 * 1024 + 1)
    plant('empty.owb', new Uint8Array(0))
    const before = process.memoryUsage().arrayBuffers
    await makeCarrier().receive(async () => {})
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
    expect(reasons()).toEqual(['lane/length', 'lane/length'])
  })

  it('a name that is no UTF-8 is a name', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    plant(Buffer.from([0xff, 0xfe, 0x2e]), bytes)
    const got: Uint8Array[] = []
    await makeCarrier().receive(async (file) => void got.push(file.bytes))
    expect(got).toEqual([bytes])
    expect(list('in')).toEqual([])
  })

  it('a claim left by a crash is taken up, before what came after it', async () => {
    const files = bundles(3)
    const first = makeCarrier()
    for (const bytes of files.slice(0, 2)) await first.offer({ bytes }, 2)
    const receiver = await first.receive(async () => {
      throw new Error('power cut')
    })
    await receiver.close()
    expect([list('in').length, list('claimed').length]).toEqual([0, 2])
    await first.offer({ bytes: files[2] as Uint8Array }, 2)
    const got: Uint8Array[] = []
    await makeCarrier().receive(async (file) => void got.push(file.bytes))
    expect(got).toEqual(files)
  })

  it('a medium whose folder is a link is left alone', async () => {
    mkdirSync(join(root, 'elsewhere'))
    writeFileSync(join(root, 'elsewhere', 'private'), 'x')
    symlinkSync(join(root, 'elsewhere'), join(path, 'in'))
    await makeCarrier().receive(async () => {})
    expect(readdirSync(join(root, 'elsewhere'))).toEqual(['private'])
    expect(events).toEqual([{ kind: 'unreadable', code: 'lane/file-irregular' }])
  })

  it('a medium that is away is looked for at every poll', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    const away = join(root, 'away')
    const carrier = makeCarrier({ at: away })
    const got: Uint8Array[] = []
    const receiver = await carrier.receive(async (file) => void got.push(file.bytes))
    expect(events).toEqual([{ kind: 'away' }])
    mkdirSync(join(away, 'in'), { recursive: true })
    writeFileSync(join(away, 'in', 'one'), bytes)
    clock.advance(2000)
    await receiver.close()
    expect(got).toEqual([])
    // The poll had begun; what it found waits in claimed/ or in/ for the next life.
    await makeCarrier({ at: away }).receive(async (file) => void got.push(file.bytes))
    expect(got).toEqual([bytes])
  })

  it('a poll by the timers hands over, and polling ends with the receiver', async () => {
    const [bytes] = bundles(1) as [Uint8Array]
    const carrier = makeCarrier()
    const got: Uint8Array[] = []
    const receiver = await carrier.receive(async (file) => void got.push(file.bytes))
    plant('late', bytes)
    clock.advance(2000)
    await carrier.scanNow()
    expect(got).toEqual([bytes])
    await receiver.close()
    expect(clock.pending()).toBe(0)
  })
})

describe('a read-only medium', () => {
  it('is read and never moved, each file once in a life', async () => {
    const files = bundles(3)
    for (const [i, bytes] of files.entries()) plant(`${i}`, bytes)
    plant('bad', new Uint8Array(5))
    const carrier = makeCarrier({ isReadOnly: true })
    const got: Uint8Array[] = []
    await carrier.receive(async (file) => void got.push(file.bytes))
    await carrier.scanNow()
    expect(got).toEqual(files)
    expect(readdirSync(path)).toEqual(['in'])
    expect(list('in')).toHaveLength(4)
    expect(events.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'refused'])
  })
})
