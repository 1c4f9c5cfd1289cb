/** Attachments on this device: encrypted before anything else, on disk before the change that names them, sent until the gateway has them. The
 *  original is let go only when the gateway has it and no own change waits for its receipt (sync.md, "Attachments and narratives"). */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { decryptFile, encryptFile, fileHash } from '#crypto/file.ts'
import type { Random } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import type { FileRow } from './api.ts'
import type { PageDatabase } from './page-store/page-database.ts'
import type { FileDoc } from './tables.ts'

/** The part of a file's life that the device's database keeps. */
export interface FileIndex {
  waiting(): Promise<readonly FileDoc[]>
  uploaded(): Promise<readonly FileDoc[]>
}

export interface FilesOptions {
  readonly pages: PageDatabase
  /** Row store of the bytes, key = hash. */
  readonly rowStore: string
  readonly index: FileIndex
  /** Bytes and entry in one commit; bytes null removes both. */
  readonly write: (doc: FileDoc, bytes: Uint8Array | null) => Promise<void>
  readonly mark: (doc: FileDoc) => Promise<void>
  /** Over this face's session. */
  readonly put: (file: string, bytes: Uint8Array) => Promise<void>
  readonly get: (file: string) => Promise<Uint8Array>
  readonly digest: (bytes: Uint8Array) => Promise<Uint8Array>
  /** Hashes that own changes without a receipt name. */
  readonly neededHere: () => Promise<ReadonlySet<string>>
  readonly nowMs: () => number
  readonly random: Random
}

export interface Files {
  /** Resolves when the encrypted file is on disk. Throws Fault 'wire/too-large', 'store/disk-full'. */
  add(bytes: Uint8Array, media: string): Promise<FileRow>
  /** Null when neither the device nor the gateway has it now. Throws Fault 'crypto/cannot-open' for bytes that are not what the row names. */
  open(row: FileRow): Promise<Uint8Array | null>
  /** Sends what waits; rejects with the Fault of the first failure. One run at a time. */
  upload(): Promise<void>
}

export function createFiles(options: FilesOptions): Files {
  const { pages, rowStore, index, random } = options
  let running: Promise<void> | null = null

  const bytesHere = async (file: string): Promise<Uint8Array | null> =>
    ((await pages.readRow(rowStore, file)) as Uint8Array | undefined) ?? null

  async function uploadAll(): Promise<void> {
    for (const doc of await index.waiting()) {
      const bytes = await bytesHere(doc.file)
      if (bytes) await options.put(doc.file, bytes)
      await options.mark({ ...doc, isUploaded: 1 })
    }
    const needed = await options.neededHere()
    for (const doc of await index.uploaded()) if (!needed.has(doc.file)) await options.write(doc, null)
  }

  async function fetched(file: string): Promise<Uint8Array | null> {
    try {
      return await options.get(file)
    } catch (cause) {
      if (cause instanceof Fault && (cause.code === 'gateway/unavailable' || cause.code === 'request/not-found'))
        return null
      throw cause
    }
  }

  return {
    async add(bytes, media) {
      if (bytes.length === 0 || bytes.length > limits.fileBytesMax - 64 * 1024)
        throw new Fault('wire/too-large', { sizeBytes: bytes.length })
      const { key, ciphertext, hash } = encryptFile(bytes, random)
      const file = toHex(hash)
      await options.write({ id: `file:${file}`, file, sizeBytes: ciphertext.length, isUploaded: 0 }, ciphertext)
      return {
        file,
        key: toHex(key),
        sha256: toHex(await options.digest(bytes)),
        sizeBytes: bytes.length,
        media,
        takenAt: options.nowMs(),
      }
    },
    async open(row) {
      const ciphertext = (await bytesHere(row.file)) ?? (await fetched(row.file))
      if (!ciphertext) return null
      try {
        if (toHex(fileHash(ciphertext)) !== row.file) throw new CannotOpen()
        return decryptFile(ciphertext, fromHex(row.key))
      } catch (cause) {
        throw new Fault('crypto/cannot-open', {}, { cause })
      }
    },
    upload() {
      running ??= uploadAll().finally(() => {
        running = null
      })
      return running
    },
  }
}
