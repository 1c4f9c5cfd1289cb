/** The words of GLOSSARY.md: those in `code type` under "Never say" stand in no name of a record, field, state or transition and in no text a
 *  person reads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { RecordDef } from '#protocols/record/define.ts'
import { isProduct, rootFolder, type Source, visit } from './sources.ts'

export function neverSayWords(): string[] {
  const rows = readFileSync(join(rootFolder, 'GLOSSARY.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return rows.flatMap((row) => [...(row.split('|')[4] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
}

/** Says which words stand in a text, as whole words, in any case, plural too. */
export function wordFinder(words: readonly string[]): (text: string) => string[] {
  const forms = words.map((word) => ({
    word,
    form: new RegExp(`\\b${word.replaceAll(/\s+/g, '[-\\s]+')}(e?s)?\\b`, 'i'),
  }))
  return (text) => forms.filter(({ form }) => form.test(text)).map(({ word }) => word)
}

const spaced = (name: string) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('-', ' ')

/** All names of a declaration, as 'where: name'. */
export function namesOf(def: RecordDef): [where: string, name: string][] {
  const tracks = Object.entries(def.tracks)
  return [
    [def.type, def.type],
    ...Object.keys(def.allFields).map((name): [string, string] => [`${def.type}, field`, name]),
    ...tracks.map(([name]): [string, string] => [`${def.type}, track`, name]),
    ...tracks.flatMap(([, track]) => track.states.map((name): [string, string] => [`${def.type}, state`, name])),
    ...tracks.flatMap(([, track]) =>
      Object.keys(track.transitions).map((name): [string, string] => [`${def.type}, transition`, name]),
    ),
  ]
}

export function nameFaults(defs: Iterable<RecordDef>, find: (text: string) => string[]): string[] {
  return [...defs]
    .flatMap(namesOf)
    .flatMap(([where, name]) => find(spaced(name)).map((word) => `${where} "${name}" says "${word}"`))
}

export interface ScreenText {
  readonly line: number
  readonly zh: string
  readonly en: string
}

/** Texts a person reads: t('…', '…'), { zh: '…', en: '…' } and a pair ['…', '…'] that begins in Chinese. */
export function screenTexts(source: Source): ScreenText[] {
  const found: ScreenText[] = []
  for (const { file, firstLine } of source.scripts) {
    const walk = (node: ts.Node): void => {
      const pair = pairOf(node)
      if (pair)
        found.push({ ...pair, line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 + firstLine })
      ts.forEachChild(node, walk)
    }
    walk(file)
  }
  return found
}

export function screenTextFaults(source: Source, find: (text: string) => string[]): string[] {
  if (!isProduct(source)) return []
  return screenTexts(source).flatMap(({ line, zh, en }) => {
    const at = `${source.path}:${line}`
    const faults = find(en).map((word) => `${at} says "${word}"`)
    if (zh.trim() === '' || en.trim() === '') faults.push(`${at} lacks a language`)
    if (/\p{Script=Han}/u.test(en)) faults.push(`${at} has Chinese where English stands`)
    return faults
  })
}

/** A catalogue of a client is a pair of files, text/zh-CN.ts and text/en.ts, with the same keys. */
const catalogueFile = /^client\/.*\btext\/(zh-CN|en)\.ts$/
export const catalogueTwin = (path: string): string => path.replace(/zh-CN\.ts$/, 'en.ts')
export const isChineseCatalogue = (source: Source): boolean =>
  catalogueFile.test(source.path) && source.path.endsWith('zh-CN.ts')

/** Shown in the language that is not chosen, on purpose: the switch of languages and the strip over demo data. */
const inOtherLanguage = new Set(['locale.zh-CN', 'demo.stripOther'])

/** Key path -> text, for all string values of the object literals of a catalogue file. */
export function catalogueTexts(source: Source): Map<string, string> {
  const texts = new Map<string, string>()
  const walk = (node: ts.Node, path: readonly string[]): void => {
    if (!ts.isPropertyAssignment(node)) return ts.forEachChild(node, (child) => walk(child, path))
    const here = [...path, ts.isStringLiteral(node.name) ? node.name.text : node.name.getText()]
    if (ts.isStringLiteralLike(node.initializer)) texts.set(here.join('.'), node.initializer.text)
    else walk(node.initializer, here)
  }
  for (const { file } of source.scripts) ts.forEachChild(file, (node) => walk(node, []))
  return texts
}

/** What is wrong between the two files of a catalogue: keys, empty texts, named values, refused words. */
export function catalogueFaults(
  chinese: Source,
  english: Source | undefined,
  find: (text: string) => string[],
): string[] {
  if (!english) return [`${chinese.path} has no twin`]
  const [zh, en] = [catalogueTexts(chinese), catalogueTexts(english)]
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join()
  return [...new Set([...zh.keys(), ...en.keys()])].flatMap((key) => {
    const [zhText, enText] = [zh.get(key), en.get(key)]
    const at = `${english.path} ${key}`
    if (!zhText?.trim() || !enText?.trim()) return [`${at} is missing in a language`]
    const faults = find(enText).map((word) => `${at} says "${word}"`)
    if (names(zhText) !== names(enText)) faults.push(`${at} names other values than its twin`)
    if (/\p{Script=Han}/u.test(enText) && !inOtherLanguage.has(key))
      faults.push(`${at} has Chinese where English stands`)
    return faults
  })
}

/** Words of people written into a template or a string of a page, past the catalogue: there they have one language. */
export function pastCatalogueFaults(source: Source): string[] {
  if (!source.path.startsWith('client/') || !isProduct(source) || catalogueFile.test(source.path)) return []
  const faults = visit(source, (node, say) => {
    const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node)
    if (isText && /\p{Script=Han}/u.test(node.text) && !isInPair(node)) say('Chinese outside the catalogue')
  })
  const template = source.path.endsWith('.vue')
    ? source.text.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, '')
    : ''
  if (/\p{Script=Han}/u.test(template)) faults.push(`${source.path} Chinese in the template, outside the catalogue`)
  return faults
}

function pairOf(node: ts.Node): { zh: string; en: string } | null {
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 2) {
    const [zh, en] = node.elements
    const isPair =
      zh && en && ts.isStringLiteralLike(zh) && ts.isStringLiteralLike(en) && /\p{Script=Han}/u.test(zh.text)
    return isPair ? { zh: zh.text, en: en.text } : null
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') {
    const [zh, en] = node.arguments
    return zh && en && ts.isStringLiteralLike(zh) && ts.isStringLiteralLike(en) ? { zh: zh.text, en: en.text } : null
  }
  if (!ts.isObjectLiteralExpression(node)) return null
  const texts = new Map(
    node.properties.flatMap((each) =>
      ts.isPropertyAssignment(each) && ts.isStringLiteralLike(each.initializer)
        ? [[each.name.getText(), each.initializer.text] as const]
        : [],
    ),
  )
  const [zh, en] = [texts.get('zh'), texts.get('en')]
  return zh !== undefined && en !== undefined ? { zh, en } : null
}

/** Whether a text stands beside its twin: in t(…), in { zh, en } or in a pair [zh, en]. */
function isInPair(node: ts.Node): boolean {
  for (let up: ts.Node | undefined = node.parent; up; up = up.parent) {
    if (ts.isCallExpression(up) && ts.isIdentifier(up.expression) && up.expression.text === 't') return true
    if (ts.isObjectLiteralExpression(up) && up.properties.some((each) => each.name?.getText() === 'en')) return true
    if (ts.isArrayLiteralExpression(up) && up.elements.length === 2) return true
  }
  return false
}
