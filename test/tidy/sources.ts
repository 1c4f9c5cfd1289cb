/** One walk over the files of the project, parsed once, for the rules beside this file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const rootFolder = fileURLToPath(new URL('../..', import.meta.url))

const skippedFolders = new Set(['node_modules', '.git', 'dist', 'data', 'photos', '.cache', '.vite', '.vitest'])
const codeFolders = new Set(['crypto', 'protocols', 'edge', 'hub', 'client', 'test'])

export interface Source {
  /** Relative to the project, with '/'. */
  readonly path: string
  readonly text: string
  /** The scripts of the file: itself, or the script blocks of a .vue. Empty for what is no code. */
  readonly scripts: readonly Script[]
}

export interface Script {
  readonly file: ts.SourceFile
  readonly firstLine: number
}

/** Every text file of the project in order of its path. `folder` 'data' is skipped at the top alone: clients have one for their own. */
export function walkSources(): Source[] {
  return listFiles(rootFolder, true)
    .map((path) => relative(rootFolder, path).split(sep).join('/'))
    .filter((path) => /\.(ts|vue|css|html|json|md|sh|yml|yaml|svg)$|^\.ci\/|^\.npmrc$/.test(path))
    .sort()
    .map(readSource)
}

export const topFolder = (path: string): string => path.split('/')[0] ?? ''
export const isCode = (source: Source): boolean => codeFolders.has(topFolder(source.path)) && source.scripts.length > 0
export const isProduct = (source: Source): boolean => isCode(source) && topFolder(source.path) !== 'test'

/** Visits every node of every script; `say` files a fault with path and line. */
export function visit(source: Source, look: (node: ts.Node, say: (what: string) => void) => void): string[] {
  const faults: string[] = []
  for (const { file, firstLine } of source.scripts) {
    const walk = (node: ts.Node): void => {
      const line = () => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 + firstLine
      look(node, (what) => faults.push(`${source.path}:${line()} ${what}`))
      ts.forEachChild(node, walk)
    }
    walk(file)
  }
  return faults
}

function listFiles(folder: string, isTop: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const skipped = skippedFolders.has(entry.name) && (entry.name !== 'data' || isTop)
      return skipped ? [] : listFiles(join(folder, entry.name), false)
    }
    return entry.isFile() ? [join(folder, entry.name)] : []
  })
}

function readSource(path: string): Source {
  const text = readFileSync(join(rootFolder, path), 'utf8')
  return { path, text, scripts: codeFolders.has(topFolder(path)) ? parseScripts(path, text) : [] }
}

/** Exported for the test of the rules themselves: a source that stands in no file. */
export function parseSource(path: string, text: string): Source {
  return { path: posix.normalize(path), text, scripts: parseScripts(path, text) }
}

function parseScripts(path: string, text: string): Script[] {
  const parse = (code: string, firstLine: number): Script => ({
    file: ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS),
    firstLine,
  })
  if (path.endsWith('.ts')) return [parse(text, 0)]
  if (!path.endsWith('.vue')) return []
  return [...text.matchAll(/(<script[^>]*>)([\s\S]*?)<\/script>/g)].map((match) =>
    parse(match[2] ?? '', text.slice(0, match.index + (match[1]?.length ?? 0)).split('\n').length - 1),
  )
}
