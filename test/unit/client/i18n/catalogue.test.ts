import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import type { Catalogues, Texts } from '../../../../client/shared/i18n/catalogue.ts'
import { keysOf, textAt } from '../../../../client/shared/i18n/catalogue.ts'
import { createTexts, locales, sharedCatalogues } from '../../../../client/shared/i18n/i18n.ts'

const client = fileURLToPath(new URL('../../../../client', import.meta.url))
const faces = readdirSync(client).filter((face) => existsSync(join(client, face, 'text/zh-CN.ts')))

async function faceCatalogues(face: string): Promise<Catalogues> {
  const one = async (locale: string): Promise<Texts> => {
    const module = (await import(join(client, face, `text/${locale}.ts`))) as Record<string, Texts>
    const texts = Object.values(module)[0]
    if (!texts) throw new Error(`${face}: no catalogue for ${locale}`)
    return texts
  }
  return { 'zh-CN': await one('zh-CN'), en: await one('en') }
}
const catalogues: [string, Catalogues][] = [['shared', sharedCatalogues]]
for (const face of faces) catalogues.push([face, await faceCatalogues(face)])

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.(vue|ts)$/.test(entry.name) &&
        !/(\/|^)text(\/|$)/.test(relative(client, entry.parentPath)),
    )
    .map((entry) => join(entry.parentPath, entry.name))

interface AskedKeys {
  /** Asked for in a call of `t`. */
  readonly called: readonly string[]
  /** Any text that could be a key: keys also stand in tables. */
  readonly whole: readonly string[]
  /** Keys put together of fixed heads and tails. */
  readonly patterns: readonly RegExp[]
}

function askedKeys(source: string): AskedKeys {
  const [called, whole, patterns]: [string[], string[], RegExp[]] = [[], [], []]
  const script = source.endsWith('.ts') ? readFileSync(source, 'utf8') : scriptOf(source)
  const walk = (node: ts.Node, inCall: boolean): void => {
    if (ts.isStringLiteralLike(node) && /^[a-z][A-Za-z]*(\.[A-Za-z][\w-]*)+$/.test(node.text)) {
      whole.push(node.text)
      if (inCall) called.push(node.text)
    }
    if (ts.isTemplateExpression(node) && /^[a-z][A-Za-z]*\./.test(node.head.text)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)]
      patterns.push(new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('[\\w-]+')}$`))
    }
    const calls = ts.isCallExpression(node) && /(^|\.)t$/.test(node.expression.getText())
    ts.forEachChild(node, (child) =>
      walk(child, calls ? child === node.arguments[0] : inCall && !ts.isCallExpression(node)),
    )
  }
  walk(ts.createSourceFile('x.ts', script, ts.ScriptTarget.Latest, true), false)
  return { called, whole, patterns }
}

/** The script and all expressions of the template, one after the other: enough to find strings in. */
function scriptOf(path: string): string {
  const { descriptor } = parse(readFileSync(path, 'utf8'))
  const expressions: string[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, content, props, children, exp, arg } = node as Record<string, unknown>
    if (type === 4 && typeof content === 'string') expressions.push(`;(${content})`)
    for (const each of [...listOf(props), ...listOf(children), exp, arg, content]) walk(each)
  }
  walk(descriptor.template?.ast)
  return [descriptor.scriptSetup?.content ?? '', ...expressions].join('\n')
}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

describe('catalogues', () => {
  it.each(catalogues)('%s: no key is missing in either language and no text is empty', (_face, { 'zh-CN': zh, en }) => {
    expect(keysOf(zh).length).toBeGreaterThan(20)
    expect(keysOf(en)).toEqual(keysOf(zh))
    for (const texts of [zh, en]) expect(keysOf(texts).filter((key) => textAt(texts, key)?.trim() === '')).toEqual([])
  })

  it.each(catalogues.slice(1))('%s: its keys never hide those that all faces share', (_face, own) => {
    const shared = Object.keys(sharedCatalogues['zh-CN'])
    expect(Object.keys(own['zh-CN']).filter((key) => shared.includes(key))).toEqual([])
  })

  it.each(catalogues)('%s: every text is a message that can be said', (_face, own) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (const locale of locales) {
      const { t } = createTexts(own, locale).global
      for (const key of keysOf(own[locale])) {
        const names = [...(textAt(own[locale], key) ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
        const said = t(key, Object.fromEntries(names.map((name) => [name, `<${name}>`])))
        expect(said, key).not.toBe(key)
        for (const name of names) expect(said, key).toContain(`<${name}>`)
      }
    }
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('English counts one and many', () => {
    const { t } = createTexts({ 'zh-CN': {}, en: {} }, 'en').global
    expect(t('error.left', { n: 1 }, 1)).toBe('1 try left')
    expect(t('error.left', { n: 3 }, 3)).toBe('3 tries left')
  })

  it('texts are compiled without making code from them', () => {
    const forbidden = vi.fn(() => {
      throw new Error('code from text')
    })
    vi.stubGlobal('Function', forbidden)
    vi.stubGlobal('eval', forbidden)
    try {
      const { t } = createTexts({ 'zh-CN': {}, en: {} }, 'zh-CN').global
      expect(t('status.completeOf', { have: 3, of: 4 })).toBe('已同步 3 / 4')
    } finally {
      vi.unstubAllGlobals()
    }
    expect(forbidden).not.toHaveBeenCalled()
  })
})

describe('use of the catalogues', () => {
  const own = new Map(catalogues)
  const sharedKeys = keysOf(sharedCatalogues['zh-CN'])
  const heads = new Set(catalogues.flatMap(([, each]) => Object.keys(each['zh-CN'])))

  const asked = [...faces, 'shared'].flatMap((folder) =>
    filesBelow(join(client, folder)).map((path) => ({ folder, path, ...askedKeys(path) })),
  )
  const unused = (keys: readonly string[], folders: readonly string[]): string[] => {
    const sources = asked.filter(({ folder }) => folders.includes(folder))
    const used = new Set(sources.flatMap(({ whole }) => whole))
    return keys.filter(
      (key) => !used.has(key) && !sources.some(({ patterns }) => patterns.some((pattern) => pattern.test(key))),
    )
  }

  it.each([...faces, 'shared'])('%s: every key that a screen asks for is there', (face) => {
    const known = face === 'shared' ? sharedKeys : [...sharedKeys, ...keysOf(own.get(face)?.['zh-CN'] ?? {})]
    const mine = asked.filter(({ folder }) => folder === face)
    expect(mine.flatMap(({ called }) => called).length).toBeGreaterThan(10)
    expect(
      mine.flatMap(({ path, called }) =>
        called.filter((key) => !known.includes(key)).map((key) => `${relative(client, path)}: ${key}`),
      ),
    ).toEqual([])
    expect(
      mine.flatMap(({ path, patterns }) =>
        patterns
          .filter(
            (pattern) =>
              heads.has(/^\^(\w+)/.exec(pattern.source)?.[1] ?? '') && !known.some((key) => pattern.test(key)),
          )
          .map((pattern) => `${relative(client, path)}: ${pattern}`),
      ),
    ).toEqual([])
  })

  it.each(faces)('%s: every key that is there is asked for', (face) => {
    expect(unused(keysOf(own.get(face)?.['zh-CN'] ?? {}), [face])).toEqual([])
  })

  it('shared: every key that is there is asked for by somebody; common words stand ready', () => {
    const kept = sharedKeys.filter((key) => !key.startsWith('common.'))
    expect(unused(kept, [...faces, 'shared'])).toEqual([])
  })

  it('no template says words of its own', () => {
    let looked = 0
    const faults: string[] = []
    for (const path of [...faces, 'shared']
      .flatMap((folder) => filesBelow(join(client, folder)))
      .filter((each) => each.endsWith('.vue'))) {
      const walk = (node: unknown): void => {
        if (typeof node !== 'object' || node === null) return
        const { type, content, children, props } = node as Record<string, unknown>
        if (type === 2 && typeof content === 'string' && /\p{L}/u.test(content))
          faults.push(`${relative(client, path)}: ${content.trim()}`)
        for (const prop of listOf(props)) {
          const { type: kind, name, value } = prop as { type: number; name: string; value?: { content: string } }
          const spoken = ['aria-label', 'title', 'placeholder', 'alt', 'label'].includes(name)
          if (kind === 6 && spoken && /\p{L}/u.test(value?.content ?? ''))
            faults.push(`${relative(client, path)}: ${name}`)
        }
        for (const child of listOf(children)) walk(child)
      }
      walk(parse(readFileSync(path, 'utf8')).descriptor.template?.ast)
      looked += 1
    }
    expect(looked).toBeGreaterThan(20)
    expect(faults).toEqual([])
  })
})
