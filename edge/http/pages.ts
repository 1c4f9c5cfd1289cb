/** The built pages of the faces. Only files of the built folder are served, found by a table made at start: no request becomes a path. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Hono } from 'hono'
import type { Env, HttpParts } from './parts.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.ico': 'image/x-icon',
}

/** address -> page folder of dist. Below an address every path without a file is the page itself: the page routes it. */
const faces: Readonly<Record<string, string>> = { '/kiosk': 'kiosk', '/h': 'handheld', '/desk': 'desk' }

export function pageRoutes(app: Hono<Env>, parts: HttpParts): void {
  const files = new Map<string, { bytes: Uint8Array; type: string }>()
  for (const path of filesBelow(parts.pagesFolder)) {
    const type = mediaTypes[extname(path)]
    if (type) files.set(`/${relative(parts.pagesFolder, path).split(sep).join('/')}`, { bytes: new Uint8Array(readFileSync(path)), type })
  }
  const answer = (bytes: Uint8Array, type: string, cache: string) =>
    new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type, 'cache-control': cache } })

  app.get('/', (context) => context.redirect('/kiosk'))
  app.get('/assets/*', (context, next) => {
    const file = files.get(context.req.path)
    return file ? Promise.resolve(answer(file.bytes, file.type, 'public, max-age=31536000, immutable')) : next()
  })
  for (const [address, folder] of Object.entries(faces)) {
    app.get(address, (context, next) => (address === '/h' ? Promise.resolve(context.redirect('/h/')) : page(folder) ?? next()))
    app.get(`${address}/*`, (context, next) => {
      const path = context.req.path.slice(address.length)
      const file = files.get(`${address}${path}`) ?? files.get(`/${folder}${path}`)
      if (file && path !== '/' && path !== '/index.html') return Promise.resolve(answer(file.bytes, file.type, 'no-cache'))
      return page(folder) ?? next()
    })
  }

  function page(folder: string): Promise<Response> | null {
    const file = files.get(`/${folder}/index.html`)
    return file ? Promise.resolve(answer(file.bytes, file.type, 'no-cache')) : null
  }
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
