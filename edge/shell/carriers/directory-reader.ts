/** The reading side of the directory carrier: in/ to claimed/, then to done/ or refused/ with a reason file. A claim survives a crash and is
 *  taken up again at the next start. On a medium that cannot be written it moves nothing, and remembers in memory what it is finished with.
 *  It must never take anything from a name but the order of looking: what it claims gets a name of its own. */
import { constants } from 'node:fs'
import { access, rename } from 'node:fs/promises'
import { toHex } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import type { CarrierSink } from '#protocols/carrier.ts'
import { errorCodes, Fault } from '#protocols/errors.ts'
import { fileNameOf } from '#protocols/lane/bundle.ts'
import { limits } from '#protocols/limits.ts'
import type { DirectoryCarrierOptions } from './directory.ts'
import {
  diskFault,
  ensureFolder,
  isFolder,
  isReadOnly,
  namesIn,
  pathIn,
  readRegularFile,
  syncFolder,
  writeDurably,
} from './files.ts'

export interface DirectoryReader {
  start(sink: CarrierSink): Promise<{ close(): Promise<void> }>
  scanNow(): Promise<void>
}

type Verdict =
  | { readonly kind: 'done'; readonly name: string }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'later' }

const pollMsDefault = 2000

export function createDirectoryReader(options: DirectoryCarrierOptions): DirectoryReader {
  let sink: CarrierSink | null = null
  let running: Promise<void> = Promise.resolve()
  let claims = 0
  /** Read-only media: hashes of what was taken or refused for good. */
  const finished = new Set<string>()
  const folder = (part: string): string => pathIn(options.path, part).toString()
  const report = options.onEvent ?? (() => {})

  const scan = async (): Promise<void> => {
    try {
      if (!(await isFolder(options.path, true))) return report({ kind: 'away' })
      const canMove = await makeFolders()
      if (canMove) await claimAll()
      for (const name of await namesIn(folder(canMove ? 'claimed' : 'in'))) {
        if (!sink) return
        if (canMove) await handleClaim(sink, name)
        else await handleFixed(sink, name)
      }
    } catch (cause) {
      const fault = diskFault(cause)
      report({ kind: 'unreadable', code: fault instanceof Fault ? fault.code : 'internal/fault' })
    }
  }

  /** False on a medium that cannot be written. Making a folder that is there says nothing about that: hence the second question. */
  const makeFolders = async (): Promise<boolean> => {
    if (options.isReadOnly) return false
    try {
      for (const part of ['in', 'claimed', 'done', 'refused']) {
        await ensureFolder(folder(part))
        await access(folder(part), constants.W_OK)
      }
      return true
    } catch (cause) {
      if (isReadOnly(cause)) return false
      throw cause
    }
  }

  /** The number keeps the order of looking; the random part keeps two readers, or two lives of one, apart. */
  const claimAll = async (): Promise<void> => {
    const names = await namesIn(folder('in'))
    if (names.length === 0) return
    const waiting = await namesIn(folder('claimed'))
    claims = Math.max(claims, Number.parseInt(waiting.at(-1)?.toString().slice(0, 12) ?? '0', 16) || 0)
    for (const name of names) {
      const ownName = `${(++claims).toString(16).padStart(12, '0')}-${toHex(options.random.bytes(8))}`
      await rename(pathIn(folder('in'), name), pathIn(folder('claimed'), ownName))
    }
    await syncFolder(folder('claimed'))
  }

  const handleClaim = async (taking: CarrierSink, name: Buffer): Promise<void> => {
    const verdict = await tryFile(taking, await readOrFault(pathIn(folder('claimed'), name)))
    const file = name.toString()
    if (verdict.kind === 'later') return report({ kind: 'later', file })
    if (verdict.kind === 'done') {
      await move(name, 'done', verdict.name)
      return report({ kind: 'done', file: verdict.name })
    }
    await writeReason(file, verdict.fault)
    await move(name, 'refused', file)
    report({ kind: 'refused', file, code: verdict.fault.code })
  }

  const handleFixed = async (taking: CarrierSink, name: Buffer): Promise<void> => {
    const bytes = await readOrFault(pathIn(folder('in'), name))
    const digest = toHex(bytes instanceof Fault ? hash('file', name) : hash('file', bytes))
    if (finished.has(digest)) return
    const verdict = await tryFile(taking, bytes)
    if (verdict.kind === 'later') return report({ kind: 'later', file: digest })
    finished.add(digest)
    report(
      verdict.kind === 'done'
        ? { kind: 'done', file: verdict.name }
        : { kind: 'refused', file: digest, code: verdict.fault.code },
    )
  }

  const move = async (name: Buffer, part: string, newName: string): Promise<void> => {
    await rename(pathIn(folder('claimed'), name), pathIn(folder(part), newName))
    await syncFolder(folder(part))
  }

  /** Before the move, so that a refused file never stands without its reason. */
  const writeReason = async (file: string, fault: Fault): Promise<void> => {
    const reason = new TextEncoder().encode(`${JSON.stringify({ code: fault.code, ...fault.detail })}\n`)
    const draft = pathIn(folder('refused'), `${file}.${toHex(options.random.bytes(4))}.part`)
    await writeDurably(draft, reason)
    await rename(draft, pathIn(folder('refused'), `${file}.reason.json`))
  }

  const scanNow = (): Promise<void> => {
    running = running.then(scan)
    return running
  }

  return {
    scanNow,
    async start(newSink) {
      if (sink) throw new Error('a carrier has one receiver')
      sink = newSink
      const stop = options.timers.every(options.pollMs ?? pollMsDefault, () => void scanNow())
      await scanNow()
      return {
        async close() {
          stop()
          sink = null
          await running
        },
      }
    },
  }
}

/** What is no readable file is a refusal; a medium that fails under the hand is not the file's fault and is thrown. */
async function readOrFault(path: Buffer): Promise<Uint8Array | Fault> {
  try {
    return await readRegularFile(path, limits.bundleFileBytesMax)
  } catch (cause) {
    if (cause instanceof Fault) return cause
    throw cause
  }
}

async function tryFile(sink: CarrierSink, bytes: Uint8Array | Fault): Promise<Verdict> {
  if (bytes instanceof Fault) return { kind: 'refused', fault: bytes }
  try {
    const name = fileNameOf(bytes)
    await sink({ bytes })
    return { kind: 'done', name }
  } catch (cause) {
    const isFinal = cause instanceof Fault && errorCodes[cause.code].retry === 'never'
    return isFinal ? { kind: 'refused', fault: cause } : { kind: 'later' }
  }
}
