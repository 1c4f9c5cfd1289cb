/** Writes a small file that another process reads: whole or not at all. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export function writePublicFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, text, { mode: 0o644 })
  renameSync(`${path}.part`, path)
}
