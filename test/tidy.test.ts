/** One walk over the files: what style.md leaves to a machine. Each rule says how much it looked at, and each is shown to bite. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordDefs } from '#protocols/records/index.ts'
import { callFaults, leftOutFaults } from './tidy/calls.ts'
import { importFaults, type Packages } from './tidy/imports.ts'
import { isCode, isProduct, parseSource, rootFolder, topFolder, walkSources } from './tidy/sources.ts'
import {
  catalogueFaults,
  catalogueTexts,
  catalogueTwin,
  isChineseCatalogue,
  nameFaults,
  namesOf,
  neverSayWords,
  pastCatalogueFaults,
  screenTextFaults,
  screenTexts,
  wordFinder,
} from './tidy/words.ts'

const sources = walkSources()
const code = sources.filter(isCode)
const product = code.filter(isProduct)
const packageJson = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>
const packages: Packages = {
  product: new Set(Object.keys(packageJson.dependencies)),
  test: new Set(Object.keys(packageJson.devDependencies)),
}
const linesMax = 400

describe('the walk', () => {
  it('finds the whole house', () => {
    for (const folder of ['crypto', 'protocols', 'edge', 'hub', 'client', 'test'])
      expect(code.filter((source) => topFolder(source.path) === folder).length, folder).toBeGreaterThan(0)
    expect(product.length).toBeGreaterThan(60)
    expect(sources.map((source) => source.path)).toContain('package.json')
  })
})

describe('import arrows', () => {
  it('every import follows them', () => {
    expect(code.flatMap((source) => importFaults(source, packages))).toEqual([])
  })

  it.each([
    ['crypto/x.ts', `import { a } from '#protocols/errors.ts'`],
    ['crypto/x.ts', `import { a } from 'cborg'`],
    ['crypto/x.ts', `import fs from 'node:fs'`],
    ['protocols/record/x.ts', `import { a } from '#crypto/hash.ts'`],
    ['protocols/sync/x.ts', `import { a } from '../../edge/commit.ts'`],
    ['protocols/sync/x.ts', `import { readFile } from 'node:fs/promises'`],
    ['edge/x.ts', `import { a } from '../hub/main.ts'`],
    ['edge/x.ts', `import { a } from '../protocols/errors.ts'`],
    ['edge/x.ts', `import { a } from './y.js'`],
    ['edge/x.ts', `import { a } from './y'`],
    ['edge/x.ts', `const a = await import('./y.js')`],
    ['edge/x.ts', `import fs from 'fs'`],
    ['edge/x.ts', `import { it } from 'vitest'`],
    ['edge/x.ts', `export { a } from '../client/shared/clock.ts'`],
    ['hub/x.ts', `import { a } from '../edge/commit.ts'`],
    ['client/desk/x.ts', `import { a } from '../kiosk/y.ts'`],
    ['client/shared/x.ts', `import { a } from '../kiosk/y.ts'`],
    ['client/desk/x.vue', `<template/><script setup lang="ts">\nimport fs from 'node:fs'\n</script>`],
    ['edge/x.ts', `import { a } from '../test/fixtures/fake-clock.ts'`],
    ['edge/x.ts', `let a: import('../hub/main.ts').A`],
  ])('%s: %s is refused', (path, text) => {
    expect(importFaults(parseSource(path, text), packages)).toHaveLength(1)
  })

  it.each([
    ['crypto/x.ts', `import { sodium } from '#crypto/sodium'`],
    ['protocols/sync/x.ts', `import { a } from '#crypto/hash.ts'`],
    ['protocols/record/x.ts', `import { a } from '../errors.ts'`],
    ['hub/x.ts', `import { a } from '../edge/shell/clock.ts'`],
    ['client/desk/x.ts', `import { a } from '../shared/clock.ts'`],
    ['client/desk/x.ts', `import A from './y.vue'`],
    ['test/x.ts', `import { a } from '../hub/main.ts'`],
    ['test/x.ts', `import { it } from 'vitest'`],
  ])('%s: %s is taken', (path, text) => {
    expect(importFaults(parseSource(path, text), packages)).toEqual([])
  })
})

describe('banned calls', () => {
  it('clock, chance, environment and console are handed in', () => {
    expect(code.flatMap(callFaults)).toEqual([])
  })

  it.each([
    ['edge/x.ts', 'const a = Date.now()'],
    ['edge/x.ts', 'const a = new Date()'],
    ['edge/x.ts', 'const a = globalThis.performance.now()'],
    ['edge/x.ts', 'const a = Math.random()'],
    ['test/x.ts', 'const a = Math.random()'],
    ['edge/x.ts', `import { randomUUID } from 'node:crypto'`],
    ['client/desk/x.ts', 'const a = crypto.getRandomValues(b)'],
    ['edge/x.ts', 'const a = process.env'],
    ['edge/x.ts', `console.log('a')`],
    ['edge/x.ts', `globalThis.console.log('a')`],
    ['protocols/sync/x.ts', 'setTimeout(a, 1)'],
    ['edge/http/x.ts', 'window.setInterval(a, 1)'],
    ['hub/import/fold.ts', `import { readFile } from 'node:fs/promises'`],
    ['edge/commit.ts', `await fetch('a')`],
    ['client/desk/x.vue', '<template/>\n<script setup lang="ts">\nconst a = Date.now()\n</script>'],
  ])('%s: %s is refused', (path, text) => {
    expect(callFaults(parseSource(path, text)).length).toBeGreaterThan(0)
  })

  it.each([
    ['edge/shell/clock.ts', 'const a = Date.now()'],
    ['edge/x.ts', 'const a = new Date(0)'],
    ['edge/main.ts', 'const a = process.env'],
    ['edge/x.ts', 'const a = { fetch: b, console: c }'],
    ['edge/x.ts', '// Date.now() is banned'],
    ['edge/x.ts', `const a = 'Math.random()'`],
    ['protocols/x.ts', 'interface A { fetch(): void }'],
  ])('%s: %s is taken', (path, text) => {
    expect(callFaults(parseSource(path, text))).toEqual([])
  })
})

describe('tests', () => {
  it('none is left out and none runs alone', () => {
    expect(code.flatMap(leftOutFaults)).toEqual([])
  })

  it.each([
    'it.only',
    'it.skip',
    'describe.skip',
    'test.todo',
    'it.each([1]).only',
    'describe.skipIf(a)',
    'it.concurrent.skip',
  ])('%s is refused', (call) => {
    expect(leftOutFaults(parseSource('test/x.ts', `${call}('a', () => {})`)).length).toBeGreaterThan(0)
  })
})

describe('words', () => {
  const never = neverSayWords()
  const find = wordFinder(never)

  it('no name of a record, field, state or transition is one the glossary refuses', () => {
    expect(never.length).toBeGreaterThan(20)
    expect([...recordDefs.values()].flatMap(namesOf).length).toBeGreaterThan(100)
    expect(nameFaults(recordDefs.values(), find)).toEqual([])
  })

  it('no text of a screen says a word the glossary refuses, and each stands in both languages', () => {
    expect(product.flatMap(screenTexts).length).toBeGreaterThan(300)
    expect(product.flatMap((source) => screenTextFaults(source, find))).toEqual([])
  })

  it('each catalogue of a client has the same keys, named values and no refused word in both languages', () => {
    const catalogues = product.filter(isChineseCatalogue)
    const byPath = new Map(product.map((source) => [source.path, source]))
    expect(catalogues.flatMap((source) => [...catalogueTexts(source).keys()]).length).toBeGreaterThan(50)
    expect(
      catalogues.flatMap((source) => catalogueFaults(source, byPath.get(catalogueTwin(source.path)), find)),
    ).toEqual([])
  })

  it('no page writes words past the catalogue', () => {
    expect(product.flatMap(pastCatalogueFaults)).toEqual([])
  })

  it('the finder bites', () => {
    expect(find('Open the dashboards')).toEqual(['dashboard'])
    expect(find('Ask the front desk')).toEqual([])
    expect(screenTextFaults(parseSource('edge/x.ts', `t('面板', 'Admin panel')`), find)).toHaveLength(1)
    expect(screenTextFaults(parseSource('edge/x.ts', `t('', 'Panel')`), find)).toHaveLength(1)
    expect(
      pastCatalogueFaults(parseSource('client/x.vue', '<template><p>来访</p></template><script></script>')),
    ).toHaveLength(1)
    expect(pastCatalogueFaults(parseSource('client/x.ts', `const a = '来访'`))).toHaveLength(1)
    expect(pastCatalogueFaults(parseSource('client/x.ts', `const a = t('来访', 'Visit')`))).toEqual([])
  })
})

describe('files', () => {
  it(`none of the product has more than ${linesMax} lines`, () => {
    const long = product.filter((source) => source.text.split('\n').length - 1 > linesMax)
    expect(long.map((source) => source.path)).toEqual([])
  })

  it('none names the host of a package registry or a folder of a developer', () => {
    const hosts =
      /https?:\/\/(registry|deb|security|mirrors?)\.|npmjs\.(org|com)|yarnpkg\.|npmmirror\.|pythonhosted\.|proxy\.golang\.|unpkg\.|jsdelivr\.|\besm\.sh\b/i
    const folders = /(^|[\s'"`(=:])\/(work|Users)\/\w/m
    expect(sources.length).toBeGreaterThan(100)
    expect(
      sources.filter((source) => hosts.test(source.text) || folders.test(source.text)).map((source) => source.path),
    ).toEqual([])
  })
})
