/** What the gateway serves under: chain and key as they lie in their files, and word when they were renewed. It reads them and makes none. */
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { Log } from '../shell/log.ts'

export interface ServedTls {
  /** PEM. */
  readonly cert: string
  readonly key: string
  /** The one host name. */
  readonly name: string
}

export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
  readonly name: string
}

const lookMs = 3600 * 1000

/** Throws Fault 'config/invalid' for files that are missing, open to others or no pair. */
export function readServed({ certFile, keyFile, name }: TlsFiles): ServedTls {
  const fault = (faults: string, cause?: unknown) => new Fault('config/invalid', { faults }, { cause })
  const read = (what: string, path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch (cause) {
      throw fault(`tls.${what}: missing or unreadable`, cause)
    }
  }
  const [cert, key] = [read('certFile', certFile), read('keyFile', keyFile)]
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0) throw fault('tls.keyFile: open to others')
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw fault('tls: certificate and key do not fit', cause)
  }
  return { cert, key, name }
}

export interface WatchParts {
  readonly timers: Timers
  readonly log: Log
  readonly use: (cert: string, key: string) => void
}

/** Looks every hour; hands on a pair that changed and fits. A half-renewed pair is left for the next hour. Returns what ends it. */
export function watchServed(files: TlsFiles, first: ServedTls, { timers, log, use }: WatchParts): () => void {
  let served = first
  return timers.every(lookMs, () => {
    try {
      const found = readServed(files)
      if (found.cert === served.cert) return
      use(found.cert, found.key)
      served = found
      log.info('tls/renewed')
    } catch (cause) {
      log.error('tls/not-renewed', { code: cause instanceof Fault ? cause.code : 'internal/fault' }, cause)
    }
  })
}
