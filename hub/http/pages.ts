/** The built page of the console. Only files of the built folder are served, found by a table made at start: no request becomes a path, and no
 *  page of another face is served here. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Hono } from 'hono'
import type { Env, HttpParts } from './parts.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

interface Served {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

export function pageRoutes(app: Hono<Env>, parts: Pick<HttpParts, 'pagesFolder'>): void {
  const files = new Map<string, Served>()
  for (const below of ['hub-console', 'assets'])
    for (const path of filesBelow(join(parts.pagesFolder, below))) {
      const type = mediaTypes[extname(path)]
      const name = `/${relative(parts.pagesFolder, path).split(sep).join('/')}`
      if (type) files.set(name, { bytes: new Uint8Array(readFileSync(path)), type })
    }
  const answer = (file: Served, cache: string) =>
    new Response(file.bytes, { headers: { 'content-type': file.type, 'cache-control': cache } })
  const page = () => {
    const file = files.get('/hub-console/index.html')
    return file ? answer(file, 'no-cache') : null
  }

  app.get('/', (context) => context.redirect('/console'))
  app.get('/assets/*', (context, next) => {
    const file = files.get(context.req.path)
    return file ? Promise.resolve(answer(file, 'public, max-age=31536000, immutable')) : next()
  })
  // Below the address every path without a file is the page itself: the page routes it.
  for (const address of ['/console', '/console/*'])
    app.get(address, (context, next) => {
      const file = files.get(`/hub-console${context.req.path.slice('/console'.length)}`)
      const found = file && file.type !== mediaTypes['.html'] ? answer(file, 'no-cache') : page()
      return found ? Promise.resolve(found) : next()
    })
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : [],
    )
  } catch {
    return []
  }
}
