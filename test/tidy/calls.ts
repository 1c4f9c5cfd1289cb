/** Calls that would make the same input give another output, or reach around what is handed in: clock, chance, environment, console, and in
 *  the pure parts also timers, network and disk. */
import { basename } from 'node:path'
import ts from 'typescript'
import { isCode, type Source, topFolder, visit } from './sources.ts'

/** Composition roots: they make everything and hand it on. */
const isRoot = (path: string) =>
  /^(edge|hub|client)\/(.*\/)?main\.ts$/.test(path) ||
  /^(edge|hub)\/tools\/[^/]+\.ts$/.test(path) ||
  /^client\/(.*\/)?(worker|service-worker)\.ts$/.test(path)

const files = (form: RegExp) => (path: string) => form.test(path)

interface Ban {
  readonly what: string
  readonly mayUse: (path: string) => boolean
}

const ban = (what: string, mayUse: (path: string) => boolean): Ban => ({
  what,
  mayUse: (path) => mayUse(path) || isRoot(path),
})
const isClock = files(/^(edge\/shell|client\/shared)\/clock\.ts$/)
const clock = ban('the time comes from a Clock', isClock)
const chance = ban('chance comes from a Random', files(/^crypto\/(random|sodium\.(node|browser))\.ts$/))
const environment = ban('the environment is read in config.ts', files(/^(edge|hub)\/(.*\/)?config\.ts$/))

/** Object and member, or a name alone. */
const bannedMembers: Readonly<Record<string, Ban>> = {
  'Date.now': clock,
  'performance.now': clock,
  'performance.timeOrigin': clock,
  'crypto.randomUUID': chance,
  'crypto.getRandomValues': chance,
  'process.env': environment,
}
const neverMembers: Readonly<Record<string, string>> = { 'Math.random': 'chance comes from a Random' }
const timers = ban('timers come from Timers', isClock)
const bannedNames: Readonly<Record<string, Ban>> = {
  setTimeout: timers,
  setInterval: timers,
  randomUUID: chance,
  randomBytes: chance,
  getRandomValues: chance,
  console: ban('what is said goes through log.ts', files(/^(edge\/shell|client\/shared)\/log\.ts$/)),
}

/** Pure: the simulator runs this code under its own time, network and disk. */
const pureFiles = [
  /^protocols\//,
  /^crypto\//,
  /^edge\/(commit|checkpoint|roster)\.ts$/,
  /^edge\/lane\//,
  /^hub\/(figures|witness)\//,
  /^hub\/import\/(?!receiver)/,
  /^client\/shared\/data\/(commit|own-change|own-on-top|replicator|run-machine|sync-store|turns)\.ts$/,
]
const impureNames = new Set(['setImmediate', 'fetch', 'XMLHttpRequest', 'WebSocket', 'indexedDB', 'localStorage'])
const impureModules = new Set([
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:dgram',
  'node:http',
  'node:https',
  'node:child_process',
])

export function callFaults(source: Source): string[] {
  if (!isCode(source)) return []
  const isTest = topFolder(source.path) === 'test'
  const isPure = pureFiles.some((each) => each.test(source.path))
  return visit(source, (node, say) => {
    const member = memberOf(node)
    if (member && neverMembers[member]) say(`${member}: ${neverMembers[member]}`)
    if (isTest) return
    const name = nameOf(node)
    for (const [found, table] of [[member, bannedMembers] as const, [name, bannedNames] as const]) {
      const rule = found ? table[found] : undefined
      if (rule && !rule.mayUse(source.path)) say(`${found}: ${rule.what}`)
    }
    if (isBareDate(node) && !clock.mayUse(source.path)) say(`new Date(): ${clock.what}`)
    if (isPure && name && impureNames.has(name)) say(`${name}: this part has no timers, network or store of its own`)
    if (isPure && ts.isStringLiteral(node) && impureModules.has(node.text))
      say(`${node.text}: this part has no disk or network of its own`)
  })
}

/** 'a.b' for a.b, globalThis.a.b, a?.b. */
function memberOf(node: ts.Node): string | null {
  if (!ts.isPropertyAccessExpression(node)) return null
  const object = node.expression
  if (ts.isIdentifier(object)) return `${object.text}.${node.name.text}`
  return ts.isPropertyAccessExpression(object) ? `${object.name.text}.${node.name.text}` : null
}

/** A name that is used, not one that is a member, a key or a declaration of our own. */
function nameOf(node: ts.Node): string | null {
  if (!ts.isIdentifier(node)) return null
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && ['globalThis', 'self', 'window'].includes(parent.expression.text)
      ? node.text
      : null
  }
  const isKey =
    (ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodSignature(parent)) &&
    parent.name === node
  return isKey || ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent) ? null : node.text
}

const isBareDate = (node: ts.Node): boolean =>
  (ts.isNewExpression(node) && (node.arguments?.length ?? 0) === 0 && isDate(node.expression)) ||
  (ts.isCallExpression(node) && isDate(node.expression))
const isDate = (node: ts.Node) => ts.isIdentifier(node) && node.text === 'Date'

const testNames = new Set(['it', 'test', 'describe', 'suite', 'bench'])
const leavingOut = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails'])
/** What a test may depend on, each a fact of the machine and not of what happens to be installed. */
const reasons = new Set(['isRoot'])
const leftOutNames = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe'])

/** Tests that run alone, or do not run. */
export function leftOutFaults(source: Source): string[] {
  if (!isCode(source) || topFolder(source.path) !== 'test') return []
  return visit(source, (node, say) => {
    if (ts.isPropertyAccessExpression(node) && leavingOut.has(node.name.text) && testNames.has(firstName(node)))
      if (!hasReason(node)) say(`${node.getText()} leaves tests out`)
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && leftOutNames.has(node.expression.text))
      say(`${node.expression.text} leaves tests out`)
  })
}

/** it.runIf(isRoot)(…): vitest counts and names what it leaves out. */
function hasReason(node: ts.PropertyAccessExpression): boolean {
  const call = node.parent
  const reason = node.name.text === 'runIf' && ts.isCallExpression(call) ? call.arguments[0] : undefined
  return reason !== undefined && ts.isIdentifier(reason) && reasons.has(reason.text)
}

/** The name a chain begins with: describe.each([…]).only -> describe. */
function firstName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node))
    return firstName(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression)
  return ''
}
