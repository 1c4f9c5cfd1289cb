/** Import arrows of the house. crypto and protocols are the ground; edge, hub and client stand on it and never on each other. */
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'
import { isCode, type Source, topFolder, visit } from './sources.ts'

/** Parts of protocols that build on crypto. identity: certificates and grants are signed objects. */
const cryptoUsers = ['change', 'sync', 'lane', 'narrative', 'identity']
/** What hub may take from edge. */
const sharedShell = 'edge/shell/'
const faces = ['kiosk', 'handheld', 'desk', 'report', 'open', 'hub-console']
/** Runs on servers alone. */
const serverFolders = new Set(['edge', 'hub', 'test'])
const nodeUsers = new Set(['crypto/sodium.node.ts'])
const builtins = new Set(builtinModules)

export interface Packages {
  /** Names a product file may import. */
  readonly product: ReadonlySet<string>
  /** Names a test may import besides. */
  readonly test: ReadonlySet<string>
}

export function importFaults(source: Source, packages: Packages): string[] {
  if (!isCode(source)) return []
  return visit(source, (node, say) => {
    const found = importOf(node)
    if (!found) return
    const isType = found.isType || source.path.endsWith('.d.ts')
    const what = importFault(source.path, found.specifier, isType, packages)
    if (what) say(`imports "${found.specifier}": ${what}`)
  })
}

function importOf(node: ts.Node): { specifier: string; isType: boolean } | null {
  if (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    const isType = ts.isImportDeclaration(node)
      ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : node.isTypeOnly
    return { specifier: node.moduleSpecifier.text, isType }
  }
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  const argument = isDynamic ? node.arguments[0] : undefined
  if (argument && ts.isStringLiteral(argument)) return { specifier: argument.text, isType: false }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
    return { specifier: node.argument.literal.text, isType: true }
  return null
}

function importFault(from: string, specifier: string, isType: boolean, packages: Packages): string | null {
  const plain = specifier.split('?')[0] ?? ''
  const isOwn = plain.startsWith('.') || plain.startsWith('#')
  if (!isOwn) return packageFault(from, plain, isType, packages)
  if (plain !== '#crypto/sodium' && !/\.(ts|vue|css|json|svg)$/.test(plain))
    return 'our own files are named with their ending, .ts'
  const to = plain.startsWith('#') ? plain.slice(1) : posix.normalize(posix.join(posix.dirname(from), plain))
  if (plain.startsWith('.') && topFolder(to) !== topFolder(from) && ['crypto', 'protocols'].includes(topFolder(to)))
    return 'crypto and protocols are reached by #crypto and #protocols'
  return arrowFault(from, to)
}

function arrowFault(from: string, to: string): string | null {
  const [here, there] = [topFolder(from), topFolder(to)]
  if (here === 'test') return null
  if (there === 'test') return 'nobody imports test'
  if (here === there) return here === 'client' ? faceFault(from, to) : null
  if (here === 'crypto') return 'crypto imports nothing'
  if (here === 'protocols') {
    const mayUseCrypto = cryptoUsers.includes(from.split('/')[1] ?? '')
    return there === 'crypto' && mayUseCrypto ? null : `protocols does not import ${there}`
  }
  if (there === 'crypto' || there === 'protocols') return null
  if (here === 'hub' && to.startsWith(sharedShell)) return null
  return `${here} does not import ${there}`
}

function faceFault(from: string, to: string): string | null {
  const [here, there] = [from.split('/')[1] ?? '', to.split('/')[1] ?? '']
  return faces.includes(there) && here !== there ? `client/${here} does not import client/${there}` : null
}

function packageFault(from: string, name: string, isType: boolean, packages: Packages): string | null {
  const isBuiltin = name.startsWith('node:') || builtins.has(name)
  if (isBuiltin) {
    if (!name.startsWith('node:')) return 'modules of Node are named with node:'
    return serverFolders.has(topFolder(from)) || nodeUsers.has(from) ? null : 'no module of Node here'
  }
  const parts = name.split('/')
  const packageName = name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
  if (topFolder(from) === 'crypto' && !from.startsWith('crypto/sodium.')) return 'crypto imports nothing'
  if (packages.product.has(packageName)) return null
  const mayUseTools = topFolder(from) === 'test' || isType
  const isTool = packages.test.has(packageName) || packages.test.has(`@types/${packageName}`)
  return mayUseTools && isTool ? null : 'not among the dependencies of package.json'
}
