import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { ensureBuilt } from '../../../../edge/shell/build.ts'

/** A project with a builder that copies one page and says which NODE_ENV it saw, or fails when the page says so. */
const builder = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const outDir = process.argv[process.argv.indexOf('--outDir') + 1]
const page = readFileSync('client/desk/index.html', 'utf8')
mkdirSync(outDir, { recursive: true })
writeFileSync(outDir + '/index.html', page + process.env.NODE_ENV)
if (page.includes('broken')) { console.error('the page is broken'); process.exit(1) }
`
let root = ''
const page = (text: string) => writeFileSync(join(root, 'client/desk/index.html'), text)
const built = () => readFileSync(join(root, 'dist/index.html'), 'utf8')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outpost-build-'))
  mkdirSync(join(root, 'client/desk'), { recursive: true })
  mkdirSync(join(root, 'node_modules/vite/bin'), { recursive: true })
  writeFileSync(join(root, 'node_modules/vite/bin/vite.js'), builder)
  writeFileSync(join(root, 'package.json'), '{}')
  page('one ')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the pages', () => {
  it('are built when they are not there, for production whatever the environment says, and then left alone', async () => {
    let told = 0
    const onBuild = () => void told++
    expect(await ensureBuilt({ root, onBuild })).toBe('built')
    expect(built()).toBe('one production')
    expect(await ensureBuilt({ root, onBuild })).toBe('fresh')
    expect(told).toBe(1)
  })

  it.each([
    ['changed', () => page('two words ')],
    ['touched to an older time', () => utimesSync(join(root, 'client/desk/index.html'), 1, 1)],
    ['added', () => writeFileSync(join(root, 'client/new.ts'), '')],
    ['deleted', () => rmSync(join(root, 'package.json'))],
  ])('are built again when a source was %s', async (_what, change) => {
    await ensureBuilt({ root })
    change()
    expect(await ensureBuilt({ root })).toBe('built')
    expect(await ensureBuilt({ root })).toBe('fresh')
  })

  it('stay as they were when a build fails, and the fault carries what the builder said', async () => {
    await ensureBuilt({ root })
    page('broken ')
    const fault = await ensureBuilt({ root }).catch((thrown: unknown) => thrown)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code: 'pages/build-failed', cause: { message: 'the page is broken' } })
    expect(built()).toBe('one production')
    expect(readdirSync(join(root, '.cache'))).toEqual([])
  })

  it('two that build at once both end with whole pages', async () => {
    expect(await Promise.all([ensureBuilt({ root }), ensureBuilt({ root })])).toEqual(['built', 'built'])
    expect(await ensureBuilt({ root })).toBe('fresh')
    expect(built()).toBe('one production')
  })
})
