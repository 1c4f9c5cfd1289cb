/** docs/features.md and the titles of the tests say the same: a feature is done when an end-to-end test that names it is there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import ts from 'typescript'
import { rootFolder, type Source, topFolder, visit, walkSources } from './tidy/sources.ts'

/** How many ids each letter has, from 01 on, without gaps. */
const ids: Readonly<Record<string, number>> = {
  P: 21,
  V: 19,
  I: 19,
  T: 18,
  X: 6,
  G: 7,
  H: 11,
  U: 6,
  L: 6,
  D: 12,
  C: 9,
  N: 7,
  E: 11,
  M: 4,
  K: 6,
  B: 4,
  J: 5,
}
const allIds = Object.entries(ids).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, at) => `${letter}${String(at + 1).padStart(2, '0')}`),
)
const idInTitle = /\[((?:P|V|I|T|X|G|H|U|L|D|C|N|E|M|K|B|J)\d\d)\]/g

const rows = readFileSync(join(rootFolder, 'docs/features.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| ([A-Z]\d\d) \| (.+) \| (\w+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map((match) => ({ id: match[1] ?? '', text: match[2] ?? '', state: match[3] ?? '' }))

const titleCalls = new Set(['it', 'test', 'describe'])
/** Titles of tests and of the groups around them: the first argument of it(…), test(…), describe(…) and their .each(…). */
function titlesOf(source: Source): string[] {
  const titles: string[] = []
  visit(source, (node) => {
    if (!ts.isCallExpression(node)) return
    const callee = ts.isCallExpression(node.expression) ? node.expression.expression : node.expression
    const name = ts.isPropertyAccessExpression(callee) ? callee.expression : callee
    const title = node.arguments[0]
    if (
      ts.isIdentifier(name) &&
      titleCalls.has(name.text) &&
      title &&
      (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))
    )
      titles.push(title.getText())
  })
  return titles
}
/** This file and the rules beside it speak about ids without being tests of them. */
const testFiles = walkSources().filter(
  (source) => topFolder(source.path) === 'test' && /^test\/.+\/.+\.test\.ts$/.test(source.path),
)
const named = new Set(
  testFiles.flatMap(titlesOf).flatMap((title) => [...title.matchAll(idInTitle)].map((match) => match[1] ?? '')),
)

describe('the table of features', () => {
  it('has each id exactly once, in order', () => {
    expect(allIds).toHaveLength(171)
    expect(rows.map((row) => row.id)).toEqual(allIds)
  })

  it('knows two states only', () => {
    expect(rows.filter((row) => !['open', 'done'].includes(row.state))).toEqual([])
  })

  it('calls nothing done that no test names', () => {
    expect(rows.filter((row) => row.state === 'done' && !named.has(row.id)).map((row) => row.id)).toEqual([])
  })

  it('calls nothing open that a test names as working', () => {
    expect(testFiles.length).toBeGreaterThan(10)
    expect(rows.filter((row) => row.state !== 'done' && named.has(row.id)).map((row) => row.id)).toEqual([])
    expect([...named].filter((id) => !allIds.includes(id))).toEqual([])
  })
})
