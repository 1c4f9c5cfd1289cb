/** The data folder: made when missing, recognised by its mark, emptied only when it is one of ours. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '#protocols/errors.ts'

const markName = 'outpost.json'

export function prepareFolder(path: string, fresh: boolean): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    if (!existsSync(join(path, markName)) && readdirSync(path).length > 0) throw new Fault('start/folder-not-ours', { folder: path })
    if (fresh) for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true })
    if (!existsSync(join(path, markName))) writeFileSync(join(path, markName), JSON.stringify({ product: 'outpost', kind: 'demo', v: 1 }))
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('start/folder-unwritable', { folder: path, cause: String((cause as NodeJS.ErrnoException).code ?? '') }, { cause })
  }
  const mark = JSON.parse(readFileSync(join(path, markName), 'utf8')) as { product?: string; kind?: string }
  if (mark.product !== 'outpost' || mark.kind !== 'demo') throw new Fault('start/folder-not-ours', { folder: path })
}
