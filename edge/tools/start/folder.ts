/** The data folder: made when missing, recognised by its mark, used by one start at a time, and emptied only when it is one of ours. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Fault } from '#protocols/errors.ts'
import { lockName, takeLock } from './lock.ts'

const markName = 'outpost.json'

/** Returns what gives the folder back. Throws Fault 'start/folder-unwritable', 'start/folder-not-ours' or 'start/folder-in-use'. */
export function prepareFolder(path: string, fresh: boolean): () => void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 })
    const names = readdirSync(path)
    mayWrite(path)
    // The mark is looked at before anything is touched: another product's folder, or a real station's, is never emptied.
    if (!isOurs(path, names)) throw new Fault('start/folder-not-ours', { folder: path })
    const release = takeLock(path)
    for (const name of fresh ? names : [])
      if (name !== lockName) rmSync(join(path, name), { recursive: true, force: true })
    // What an earlier start left may belong to another user, such as root.
    for (const name of readdirSync(path)) mayWrite(join(path, name))
    writeFileSync(join(path, markName), JSON.stringify({ product: 'outpost', kind: 'demo', v: 1 }))
    return release
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const { code, path: at } = cause as NodeJS.ErrnoException
    throw new Fault('start/folder-unwritable', { folder: at ?? path, cause: code ?? '' }, { cause })
  }
}

const mayWrite = (path: string): void =>
  accessSync(
    path,
    statSync(path).isDirectory() ? constants.R_OK | constants.W_OK | constants.X_OK : constants.R_OK | constants.W_OK,
  )

function isOurs(path: string, names: readonly string[]): boolean {
  const mark = join(path, markName)
  if (!existsSync(mark)) return names.every((name) => name === lockName)
  try {
    const { product, kind } = JSON.parse(readFileSync(mark, 'utf8')) as { product?: string; kind?: string }
    return product === 'outpost' && kind === 'demo'
  } catch {
    return false
  }
}
