/** File work that must be right on removable media: durable writes, reading without trust, and disk trouble as faults. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, stat } from 'node:fs/promises'
import { equalBytes } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'

const fileFlags = {
  /** Follows no link and does not hang on a pipe. */
  read: constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  /** Never writes over or through anything. */
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
} as const

/** Names are bytes: one that is no UTF-8 must still be movable. */
export const pathIn = (folder: string, name: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)])

/** Sorted bytewise, so that the files of one epoch come in their order; at most limits.laneDirectoryFilesMax. */
export async function namesIn(folder: string): Promise<Buffer[]> {
  const names = await readdir(folder, { encoding: 'buffer' })
  return names.sort(Buffer.compare).slice(0, limits.laneDirectoryFilesMax)
}

/** Makes the folder if its parent is there; what stands there instead must be a folder, not a link to one. */
export async function ensureFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
  }
  if (!(await isFolder(path))) throw new Fault('lane/file-irregular', { kind: 'folder' })
}

/** Is a folder there? The medium's own may be reached by a link, as an administrator set it up; one on the medium may not. */
export async function isFolder(path: string, mayBeLink = false): Promise<boolean> {
  try {
    return (await (mayBeLink ? stat(path) : lstat(path))).isDirectory()
  } catch (cause) {
    if (isMissing(cause)) return false
    throw cause
  }
}

export async function writeDurably(path: string | Buffer, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, fileFlags.create, 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A worn medium may take bytes and give back others. Throws Fault 'lane/file-unlike'. */
export async function compareWritten(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, fileFlags.read)
  try {
    const written = await handle.readFile()
    if (!equalBytes(new Uint8Array(written.buffer, written.byteOffset, written.length), bytes))
      throw new Fault('lane/file-unlike', { sizeBytes: bytes.length })
  } finally {
    await handle.close()
  }
}

/** Makes a rename durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Bytes of a regular file of at most `sizeBytesMax`. The kind is asked before opening (a device may act on being opened) and of the open file
 *  again, its size before anything is allocated. Throws Fault 'lane/file-irregular' or 'lane/length'. */
export async function readRegularFile(path: string | Buffer, sizeBytesMax: number): Promise<Uint8Array> {
  const irregular = (kind: string) => new Fault('lane/file-irregular', { kind })
  if (!(await lstat(path)).isFile()) throw irregular('before-open')
  const handle = await open(path, fileFlags.read)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw irregular('after-open')
    if (found.size > sizeBytesMax) throw new Fault('lane/length', { sizeBytes: found.size })
    return await readExactly(handle, found.size)
  } finally {
    await handle.close()
  }
}

/** A file that shrinks or grows under our hands is not whole yet, or never will be. */
async function readExactly(handle: FileHandle, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes)
  let filled = 0
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, filled, sizeBytes - filled, filled)
    if (bytesRead === 0) throw new Fault('lane/file-irregular', { kind: 'shrank' })
    filled += bytesRead
  }
  return bytes
}

const codeOf = (cause: unknown): string => String((cause as { code?: unknown } | null)?.code ?? '')

/** Operating-system trouble in our words; faults and the rest stay what they are. */
export function diskFault(cause: unknown): unknown {
  const code = codeOf(cause)
  if (cause instanceof Fault) return cause
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new Fault('store/disk-full', { cause: code }, { cause })
  if (isReadOnly(cause)) return new Fault('store/read-only', { cause: code }, { cause })
  return cause
}

export const isReadOnly = (cause: unknown): boolean => ['EROFS', 'EACCES', 'EPERM'].includes(codeOf(cause))
export const isMissing = (cause: unknown): boolean => codeOf(cause) === 'ENOENT'
