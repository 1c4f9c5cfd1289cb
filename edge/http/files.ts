/** Attachments: encrypted before they come, addressed by the hash of what came. The gateway holds bytes that it can open only through a
 *  record's key. */
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Hono } from 'hono'
import { toHex } from '#crypto/bytes.ts'
import { fileHash } from '#crypto/file.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { officerOf, withSession } from './access.ts'
import { hashText } from './body.ts'
import type { Env, HttpParts } from './parts.ts'

export function fileRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { store, clock, filesFolder } = parts
  const known = store.database.prepare('select size_bytes from file where hash = ?').pluck()
  const add = store.database.prepare('insert or ignore into file (hash, size_bytes, received_ms) values (?, ?, ?)')
  const pathOf = (name: string) => join(filesFolder, name.slice(0, 2), name)
  const nameOf = (text: string): string => {
    if (!hashText.safeParse(text).success) throw new Fault('request/invalid', { field: 'hash' })
    return text
  }

  app.put('/api/files/:hash', withSession(parts), async (context) => {
    officerOf(context)
    const name = nameOf(context.req.param('hash'))
    const bytes = new Uint8Array(await context.req.arrayBuffer())
    if (bytes.length === 0 || bytes.length > limits.fileBytesMax) throw new Fault('wire/too-large', { sizeBytes: bytes.length })
    if (toHex(fileHash(bytes)) !== name) throw new Fault('wire/malformed', { field: 'hash' })
    if (known.get(name) === undefined) {
      await writeDurably(pathOf(name), bytes).catch((cause: NodeJS.ErrnoException) => {
        throw new Fault(cause.code === 'ENOSPC' ? 'store/disk-full' : 'store/read-only', {}, { cause })
      })
      add.run(name, bytes.length, clock.nowMs())
    }
    return context.json({ file: name })
  })

  app.get('/api/files/:hash', withSession(parts), async (context) => {
    officerOf(context)
    const name = nameOf(context.req.param('hash'))
    const found = known.get(name) === undefined ? null : await stat(pathOf(name)).catch(() => null)
    if (!found) throw new Fault('request/not-found')
    return context.body(Readable.toWeb(createReadStream(pathOf(name))) as ReadableStream, 200, {
      'content-type': 'application/octet-stream',
      'content-length': String(found.size),
    })
  })
}

/** Write, fsync, rename, fsync the folder: a name that exists is whole. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const folder = join(path, '..')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = await open(`${path}.part`, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
