/** Runs every vector against `crypto/` on whichever back-end `#crypto/sodium` gives, and says what differed. Started as a program it prints its
 *  verdict as one line of JSON, so that a test can run it under another resolution of the import. */
import { readFileSync } from 'node:fs'
import * as bundle from '#crypto/bundle.ts'
import { BadBytes, fromHex, toHex } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import * as file from '#crypto/file.ts'
import * as hash from '#crypto/hash.ts'
import * as keys from '#crypto/keys.ts'
import type { Label } from '#crypto/labels.ts'
import * as link from '#crypto/link.ts'
import * as lock from '#crypto/lock.ts'
import * as pin from '#crypto/pin.ts'
import type { Random } from '#crypto/random.ts'
import * as seal from '#crypto/seal.ts'
import * as sign from '#crypto/sign.ts'
import { ready, sodium } from '#crypto/sodium'
import * as tree from '#crypto/tree.ts'
import { sixWords, type WordLanguage } from '#crypto/words.ts'
import { type Case, ramp, type Value } from '../../vectors/crypto/case.ts'

export const vectorNames = ['hash', 'sign', 'seal', 'lock', 'keys', 'pin', 'file', 'bundle', 'link', 'tree', 'words']

export const vectorUrl = (name: string): URL => new URL(`../../vectors/crypto/${name}.json`, import.meta.url)

/** A `Random` that hands out given bytes and has no more. */
export const givenRandom = (bytes: Uint8Array): Random => {
  let at = 0
  return {
    bytes(n) {
      if (at + n > bytes.length) throw new Error('no more given bytes')
      at += n
      return bytes.slice(at - n, at)
    },
  }
}

/** Typed look at the inputs of a case. */
const reader = (input: Case['in']) => ({
  hex: (name: string): Uint8Array => fromHex(input[name] as string),
  hexes: (name: string): Uint8Array[] => (input[name] as string[]).map((text) => fromHex(text)),
  number: (name: string): number => input[name] as number,
  text: (name: string): string => input[name] as string,
  label: input['label'] as Label,
  has: (name: string): boolean => name in input,
})
type Reader = ReturnType<typeof reader>

const cost = (i: Reader): pin.PinCost => ({ ops: i.number('ops'), memBytes: i.number('memBytes') })
const binding = (i: Reader): keys.WrapBinding => ({
  device: i.hex('device'),
  officer: i.hex('officer'),
  enrolment: i.hex('enrolment'),
  name: i.text('name') as 'L',
})
const pairOf = (pair: sign.KeyPair): Value => ({ publicKey: toHex(pair.publicKey), secretKey: toHex(pair.secretKey) })
const leaves = (i: Reader): Uint8Array[] => i.hexes('entries').map((entry) => tree.leafHash(entry))
const parties = (i: Reader): bundle.BundleKeyInput => {
  const shared = {
    ephemeralPublic: i.hex('ephemeralPublic'),
    recipientPublic: i.hex('recipientPublic'),
    header: i.hex('header'),
  }
  return i.has('ephemeralSecret')
    ? { ...shared, ephemeralSecret: i.hex('ephemeralSecret') }
    : { ...shared, recipientSecret: i.hex('recipientSecret') }
}
const place = (i: Reader) =>
  [i.hex('key'), i.hex('header'), i.hex('noncePrefix'), i.number('index'), i.has('isLast') && i.number('isLast')] as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    number,
    boolean,
  ]

const operations: Record<string, (i: Reader) => Value> = {
  hash: (i) => toHex(hash.hash(i.label, ...i.hexes('parts'))),
  'hash-keyed': (i) => toHex(hash.hashKeyed(i.label, i.hex('key'), ...i.hexes('parts'))),
  mac16: (i) => toHex(hash.mac16(i.label, i.hex('key'), ...i.hexes('parts'))),
  hasher: (i) => {
    const hasher = hash.createHasher(i.label)
    for (const part of i.hexes('parts')) hasher.update(part)
    return toHex(hasher.digest())
  },
  'sign-pair': (i) => pairOf(sign.signKeyPair(givenRandom(i.hex('seed')))),
  'box-pair': (i) => pairOf(seal.boxKeyPair(givenRandom(i.hex('seed')))),
  sign: (i) => toHex(sign.sign(i.label, i.hex('message'), i.hex('secretKey'))),
  verify: (i) => sign.verify(i.label, i.hex('message'), i.hex('signature'), i.hex('publicKey')),
  'open-sealed': (i) =>
    toHex(seal.openSealed(i.label, i.hex('sealed'), { publicKey: i.hex('publicKey'), secretKey: i.hex('secretKey') })),
  lock: (i) => toHex(lock.lock(i.label, i.hex('key'), i.hex('plain'), i.hex('ad'), givenRandom(i.hex('nonce')))),
  unlock: (i) => toHex(lock.unlock(i.label, i.hex('key'), i.hex('locked'), i.hex('ad'))),
  'sub-key': (i) => toHex(keys.subKey(i.hex('master'), i.number('id'), i.text('context') as Label)),
  wrap: (i) => toHex(keys.wrapKey(i.hex('kek'), i.hex('key'), binding(i), givenRandom(i.hex('nonce')))),
  unwrap: (i) => toHex(keys.unwrapKey(i.hex('kek'), i.hex('wrapped'), binding(i))),
  'derive-pin': (i) => toHex(pin.derivePin(i.text('pin'), i.hex('salt'), cost(i))),
  kek: (i) =>
    toHex(
      pin.deriveKek({
        device: i.hex('device'),
        officer: i.hex('officer'),
        pin: i.text('pin'),
        salt: i.hex('salt'),
        cost: cost(i),
        devSecret: i.hex('devSecret'),
      }),
    ),
  'verify-pin': (i) => pin.verifyPin(i.text('pin'), { salt: i.hex('salt'), hash: i.hex('hash'), ...cost(i) }),
  'encrypt-file': (i) => toHex(file.encryptFile(ramp(i.number('rampBytes'), 1), givenRandom(i.hex('random'))).hash),
  'decrypt-file': (i) => toHex(file.decryptFile(i.hex('ciphertext'), i.hex('key'))),
  'bundle-key': (i) => toHex(bundle.bundleKey(parties(i))),
  'seal-chunk': (i) => toHex(bundle.sealChunk(...place(i), i.hex('plain'))),
  'open-chunk': (i) => toHex(bundle.openChunk(...place(i), i.hex('chunk'))),
  'link-key': (i) =>
    toHex(
      link.linkKey({
        secret: i.hex('secret'),
        peerPublic: i.hex('peerPublic'),
        link: i.number('link'),
        keyEpoch: i.number('keyEpoch'),
        senderPublic: i.hex('senderPublic'),
        recipientPublic: i.hex('recipientPublic'),
      }),
    ),
  'datagram-mac': (i) => toHex(link.datagramMac(i.hex('key'), i.hex('datagram'))),
  'verify-datagram-mac': (i) => link.verifyDatagramMac(i.hex('key'), i.hex('datagram'), i.hex('mac')),
  'tree-root': (i) => toHex(tree.rootOf(leaves(i))),
  inclusion: (i) => tree.inclusionProof(leaves(i), i.number('index')).map(toHex),
  'verify-inclusion': (i) =>
    tree.verifyInclusion({
      leaf: tree.leafHash(i.hex('entry')),
      index: i.number('index'),
      size: i.number('size'),
      proof: i.hexes('proof'),
      root: i.hex('root'),
    }),
  consistency: (i) => tree.consistencyProof(leaves(i), i.number('oldSize')).map(toHex),
  'verify-consistency': (i) =>
    tree.verifyConsistency({
      oldSize: i.number('oldSize'),
      oldRoot: i.hex('oldRoot'),
      newSize: i.number('newSize'),
      newRoot: i.hex('newRoot'),
      proof: i.hexes('proof'),
    }),
  'six-words': (i) => sixWords(i.hex('hash'), i.text('language') as WordLanguage),
}

const outcome = (one: Case): string => {
  const operation = operations[one.op]
  if (operation === undefined) return `no operation ${one.op}`
  try {
    const found = operation(reader(one.in))
    return found === false ? 'fails: false' : JSON.stringify(found)
  } catch (cause) {
    if (cause instanceof CannotOpen) return 'fails: cannot-open'
    if (cause instanceof BadBytes) return 'fails: bad-bytes'
    return `threw ${cause}`
  }
}

export interface Verdict {
  readonly backEnd: string
  readonly checked: number
  readonly mustFail: number
  /** File, case, expected and found of each that differs. */
  readonly differences: readonly string[]
}

export const runVectors = (): Verdict => {
  const differences: string[] = []
  let checked = 0
  let mustFail = 0
  for (const name of vectorNames) {
    const { cases } = JSON.parse(readFileSync(vectorUrl(name), 'utf8')) as { cases: Case[] }
    for (const one of cases) {
      const expected = one.fails === undefined ? JSON.stringify(one.out) : `fails: ${one.fails}`
      const found = outcome(one)
      checked++
      if (one.fails !== undefined) mustFail++
      if (found !== expected) differences.push(`${name}: ${one.name}: expected ${expected}, found ${found}`)
    }
  }
  return { backEnd: sodium.backEnd, checked, mustFail, differences }
}

if (import.meta.main) {
  await ready
  process.stdout.write(`${JSON.stringify(runVectors())}\n`)
}
