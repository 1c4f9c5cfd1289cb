/** A folder as a carrier: a disk that is carried, a share, or a gate's drop. The writer never shows a half file; the reader trusts neither names
 *  nor kinds of files (lane/SPEC.md, "Carriers"). Layout: tmp/ in/ claimed/ done/ refused/.
 *  It opens regular files only, follows no link, checks the size before it reads, and deletes nothing but its own drafts. */
import { readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '#crypto/random.ts'
import type { Carrier, CarrierSink, OwbFile } from '#protocols/carrier.ts'
import type { Timers } from '#protocols/clock.ts'
import { fileNameOf } from '#protocols/lane/bundle.ts'
import { limits } from '#protocols/limits.ts'
import { createDirectoryReader } from './directory-reader.ts'
import { compareWritten, diskFault, ensureFolder, isFolder, isMissing, syncFolder, writeDurably } from './files.ts'

export interface DirectoryCarrierOptions {
  /** A folder that exists while the medium is there; the five below it are made as needed. */
  readonly path: string
  readonly timers: Timers
  readonly random: Random
  readonly pollMs?: number
  /** The reader moves nothing; found out by itself where the system says so. */
  readonly isReadOnly?: boolean
  /** Below this much free space nothing new is taken. */
  readonly freeBytesMin?: number
  /** Called with what happened to a file, by its place in the folder's own naming, never with content. */
  readonly onEvent?: (event: DirectoryEvent) => void
}

export type DirectoryEvent =
  | { readonly kind: 'done' | 'later'; readonly file: string }
  | { readonly kind: 'refused'; readonly file: string; readonly code: string }
  | { readonly kind: 'unreadable'; readonly code: string }
  /** The medium is not there now. */
  | { readonly kind: 'away' }

export interface DirectoryCarrier extends Carrier {
  /** Looks at the folder now instead of at the next poll; resolves when all that was there has been handled. */
  scanNow(): Promise<void>
}

export function createDirectoryCarrier(options: DirectoryCarrierOptions): DirectoryCarrier {
  const reader = createDirectoryReader(options)
  return {
    offer: (file) => offer(options, file),
    receive: (sink: CarrierSink) => reader.start(sink),
    scanNow: () => reader.scanNow(),
  }
}

/** tmp/, fsync, read back and compare, rename into in/, fsync the folder. Offering a file again replaces it by the same bytes. */
async function offer(options: DirectoryCarrierOptions, file: OwbFile): Promise<'taken' | 'busy'> {
  const name = fileNameOf(file.bytes)
  const draft = join(options.path, 'tmp', `${name}.part`)
  try {
    if (await isAwayOrCrowded(options, file.bytes.length)) return 'busy'
    for (const part of ['tmp', 'in']) await ensureFolder(join(options.path, part))
    await rm(draft, { force: true })
    await writeDurably(draft, file.bytes)
    await compareWritten(draft, file.bytes)
    await rename(draft, join(options.path, 'in', name))
    await syncFolder(join(options.path, 'in'))
    return 'taken'
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw diskFault(cause)
  }
}

/** A medium that is not there now comes back; its mount point is never made in its place. */
async function isAwayOrCrowded(options: DirectoryCarrierOptions, sizeBytes: number): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(options.path)
    if (bavail * bsize < sizeBytes + (options.freeBytesMin ?? 0)) return true
    return (await readdir(join(options.path, 'in'))).length >= limits.laneDirectoryFilesMax
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    return !(await isFolder(options.path, true))
  }
}
