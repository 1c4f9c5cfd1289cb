/** Where the transport authority lies: keys and certificates in one 0700 folder, each file written whole; the authority's certificate goes out
 *  as a public file for devices. A key that is there is never written over: a broken one is a fault, for devices trust the old one. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '#protocols/errors.ts'
import { writePublicFile } from '../shell/public-file.ts'
import {
  authorityStands,
  issueServer,
  type KeyedCertificate,
  type Made,
  makeAuthority,
  type Subject,
  serverStands,
} from './authority.ts'
import { fingerprintOf, spkiPin } from './pins.ts'

export interface Transport {
  /** PEM: server certificate, then the authority's. */
  readonly certFile: string
  readonly keyFile: string
  /** PEM of the authority, for devices. */
  readonly caFile: string
  /** Base64 of SHA-256 over the authority's public key. */
  readonly spki: string
  /** SHA-256 of the authority's certificate, as systems show it. */
  readonly fingerprint: string
  /** Devices have to trust the authority's file: it is new, or says another name. */
  readonly isNew: boolean
}

export interface TransportOptions extends Subject, Made {
  /** Made 0700 when missing. */
  readonly folder: string
  /** Where the public file goes. */
  readonly caFile: string
}

/** Makes what is missing, renews what ends soon or names another host, and leaves the rest as it is. Throws Fault 'store/corrupt'. */
export async function ensureTransport(options: TransportOptions): Promise<Transport> {
  const { folder, caFile, name, nowMs } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const found = readPair(folder, 'authority')
  const stands = found !== null && (await authorityStands(found, name, nowMs).catch(() => false))
  const authority = stands ? found : await remakeAuthority(options)
  const old = readPair(folder, 'server')
  if (!old || !(await serverStands(old, authority, name, nowMs).catch(() => false)))
    writePair(folder, 'server', await issueServer(authority, name, options))
  writePublicFile(caFile, authority.certificate)
  return {
    certFile: fileOf(folder, 'server', 'crt'),
    keyFile: fileOf(folder, 'server', 'key'),
    caFile,
    spki: spkiPin(authority.certificate),
    fingerprint: fingerprintOf(authority.certificate),
    isNew: !stands,
  }
}

/** A certificate over the key that is there: who pinned the key keeps its pin. */
async function remakeAuthority(options: TransportOptions): Promise<KeyedCertificate> {
  const path = fileOf(options.folder, 'authority', 'key')
  const key = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const authority = await makeAuthority(options, options, key).catch((cause: unknown) => {
    throw new Fault('store/corrupt', { file: 'authority.key' }, { cause })
  })
  writePair(options.folder, 'authority', authority)
  return authority
}

const fileOf = (folder: string, of: 'authority' | 'server', kind: 'key' | 'crt') => join(folder, `${of}.${kind}`)

function readPair(folder: string, of: 'authority' | 'server'): KeyedCertificate | null {
  const [key, certificate] = [fileOf(folder, of, 'key'), fileOf(folder, of, 'crt')]
  if (!existsSync(key) || !existsSync(certificate)) return null
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') }
}

/** The key first: a certificate without its key would be of no use, a key without its certificate gets one at the next start. */
function writePair(folder: string, of: 'authority' | 'server', pair: KeyedCertificate): void {
  for (const kind of ['key', 'crt'] as const) {
    const path = fileOf(folder, of, kind)
    writeFileSync(`${path}.new`, kind === 'key' ? pair.key : pair.certificate, { mode: 0o600, flush: true })
    chmodSync(`${path}.new`, 0o600)
    renameSync(`${path}.new`, path)
  }
}
