/** The station's keys, made at first start and kept in 0600 files: S1 and S2, the gateway's own, the lane sender's, the store's. The root is
 *  made here for a demo folder only; a real station is certified elsewhere. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { newId, type Random } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { type KeyPair, signKeyPair } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import { openCertificate, signCertificate } from '#protocols/identity/certificate.ts'

export interface StationKeys {
  readonly station: Uint8Array
  readonly root: Uint8Array
  /** S1. */
  readonly sign: KeyPair
  /** S2. */
  readonly box: KeyPair
  readonly gateway: KeyPair
  readonly gatewayDevice: Uint8Array
  readonly lane: KeyPair
  readonly laneNumber: Uint8Array
  readonly storeKey: Uint8Array
  /** Signed by the root. */
  readonly certificate: Uint8Array
  /** Of the lane's sender key, signed by S1. */
  readonly laneCertificate: Uint8Array
}

interface KeyFile {
  readonly station: string
  readonly rootPublic: string
  readonly pairs: Readonly<Record<'sign' | 'box' | 'gateway' | 'lane', { readonly publicKey: string; readonly secretKey: string }>>
  readonly gatewayDevice: string
  readonly laneNumber: string
  readonly storeKey: string
  readonly certificate: string
  readonly laneCertificate: string
}

const yearMs = 365 * 24 * 3600 * 1000

/** folder: made 0700 if missing. Throws Fault 'store/corrupt' for a key file that does not hold together. */
export function loadOrMakeKeys(folder: string, name: string, random: Random, nowMs: number): StationKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'station-keys.json')
  if (!existsSync(path)) writeKeyFile(path, makeKeys(folder, name, random, nowMs))
  return readKeyFile(path)
}

function makeKeys(folder: string, name: string, random: Random, nowMs: number): KeyFile {
  const root = signKeyPair(random)
  const pairs = { sign: signKeyPair(random), box: boxKeyPair(random), gateway: signKeyPair(random), lane: signKeyPair(random) }
  const station = newId(random)
  const dates = { notBeforeMs: nowMs - 24 * 3600 * 1000, notAfterMs: nowMs + 5 * yearMs }
  // The demo root's secret half lies apart, so that nothing that runs the station ever reads it.
  writeSecret(join(folder, 'demo-root.json'), JSON.stringify({ publicKey: toHex(root.publicKey), secretKey: toHex(root.secretKey) }))
  const certificate = signCertificate(
    { kind: 'station', subject: station, station, name, signKey: pairs.sign.publicKey, boxKey: pairs.box.publicKey, secondRoot: null, ...dates },
    root.secretKey,
  )
  const laneCertificate = signCertificate(
    { kind: 'lane-sender', subject: station, station, name, signKey: pairs.lane.publicKey, boxKey: null, secondRoot: null, ...dates },
    pairs.sign.secretKey,
  )
  const hexPair = (pair: KeyPair) => ({ publicKey: toHex(pair.publicKey), secretKey: toHex(pair.secretKey) })
  return {
    station: toHex(station),
    rootPublic: toHex(root.publicKey),
    pairs: { sign: hexPair(pairs.sign), box: hexPair(pairs.box), gateway: hexPair(pairs.gateway), lane: hexPair(pairs.lane) },
    gatewayDevice: toHex(newId(random)),
    laneNumber: toHex(newId(random)),
    storeKey: toHex(random.bytes(32)),
    certificate: toHex(certificate),
    laneCertificate: toHex(laneCertificate),
  }
}

function writeSecret(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text, { mode: 0o600 })
  chmodSync(`${path}.tmp`, 0o600)
  renameSync(`${path}.tmp`, path)
}
const writeKeyFile = (path: string, file: KeyFile): void => writeSecret(path, JSON.stringify(file))

function readKeyFile(path: string): StationKeys {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile
    const pair = (name: keyof KeyFile['pairs']): KeyPair => ({
      publicKey: fromHex(file.pairs[name].publicKey),
      secretKey: fromHex(file.pairs[name].secretKey),
    })
    const keys: StationKeys = {
      station: fromHex(file.station),
      root: fromHex(file.rootPublic),
      sign: pair('sign'),
      box: pair('box'),
      gateway: pair('gateway'),
      gatewayDevice: fromHex(file.gatewayDevice),
      lane: pair('lane'),
      laneNumber: fromHex(file.laneNumber),
      storeKey: fromHex(file.storeKey),
      certificate: fromHex(file.certificate),
      laneCertificate: fromHex(file.laneCertificate),
    }
    openCertificate(keys.certificate, keys.root)
    openCertificate(keys.laneCertificate, keys.sign.publicKey)
    return keys
  } catch (cause) {
    throw new Fault('store/corrupt', { file: 'station-keys.json' }, { cause })
  }
}
