/** The hub's keys, made at first start and kept in a 0600 file: H opens bundles, HS signs what the hub states. The public halves go out as the
 *  hub card. Secret halves never leave this folder. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { newId, type Random } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { type KeyPair, signKeyPair } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import type { HubCard } from '#protocols/lane/card.ts'

export interface HubKeys {
  /** 16 bytes. */
  readonly hub: Uint8Array
  /** H. */
  readonly box: KeyPair
  /** HS. */
  readonly sign: KeyPair
}

interface KeyFile {
  readonly hub: string
  readonly box: { readonly publicKey: string; readonly secretKey: string }
  readonly sign: { readonly publicKey: string; readonly secretKey: string }
}

/** folder: made 0700 if missing. Throws Fault 'store/corrupt' for a file that does not hold together: keys are never made anew over old ones. */
export function loadOrMakeHubKeys(folder: string, random: Random): HubKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const path = join(folder, 'hub-keys.json')
  if (!existsSync(path)) writeWhole(path, JSON.stringify(makeKeys(random)), 0o600)
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile
    const pair = (keys: KeyFile['box'], secretBytes: number): KeyPair => ({
      publicKey: fromHex(keys.publicKey, 32),
      secretKey: fromHex(keys.secretKey, secretBytes),
    })
    return { hub: fromHex(file.hub, 16), box: pair(file.box, 32), sign: pair(file.sign, 64) }
  } catch (cause) {
    throw new Fault('store/corrupt', { file: 'hub-keys.json' }, { cause })
  }
}

function makeKeys(random: Random): KeyFile {
  const hexPair = (pair: KeyPair) => ({ publicKey: toHex(pair.publicKey), secretKey: toHex(pair.secretKey) })
  return { hub: toHex(newId(random)), box: hexPair(boxKeyPair(random)), sign: hexPair(signKeyPair(random)) }
}

export const hubCardOf = (keys: HubKeys, name: string, certificate: string | null): HubCard => ({
  card: 'outpost-hub',
  v: 1,
  hub: toHex(keys.hub),
  name,
  boxKey: toHex(keys.box.publicKey),
  signKey: toHex(keys.sign.publicKey),
  certificate,
})

export function writeHubCard(path: string, card: HubCard): void {
  mkdirSync(dirname(path), { recursive: true })
  writeWhole(path, `${JSON.stringify(card, null, 2)}\n`, 0o644)
}

/** Whole or not at all, and on the disk. */
function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode, flush: true })
  chmodSync(`${path}.new`, mode)
  renameSync(`${path}.new`, path)
}
