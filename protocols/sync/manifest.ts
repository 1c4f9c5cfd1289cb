/** Completeness, proved: the station signs how many records a replica should hold and a 128-bit sum of truncated hashes of (record,
 *  version). Both sides keep it up in O(1) per change. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import { bytesOf, intOf, textOf } from '../cbor-read.ts'
import { openSigned, signBody } from '../change/signed.ts'

/** count and sum of a set of (record, version); order does not matter. */
export interface ScopeSum {
  readonly count: number
  /** 128 bit, modulo 2^128. */
  readonly sum: bigint
}
export const emptySum: ScopeSum = { count: 0, sum: 0n }
const modulus = 1n << 128n

/** record: 32 hex, version: 64 hex. */
export const sumTermOf = (record: string, version: string): bigint =>
  BigInt(`0x${toHex(hash('manifest', fromHex(record), fromHex(version)).subarray(0, 16))}`)

export const addToSum = (sum: ScopeSum, record: string, version: string): ScopeSum => ({
  count: sum.count + 1,
  sum: (sum.sum + sumTermOf(record, version)) % modulus,
})

export const takeFromSum = (sum: ScopeSum, record: string, version: string): ScopeSum => ({
  count: sum.count - 1,
  sum: (((sum.sum - sumTermOf(record, version)) % modulus) + modulus) % modulus,
})

export interface Manifest {
  readonly station: string
  readonly epoch: string
  readonly seq: number
  readonly scopeKey: string
  readonly timeMs: number
  readonly count: number
  readonly sum: bigint
}

const sumToBytes = (sum: bigint): Uint8Array => fromHex(sum.toString(16).padStart(32, '0'))

export const signManifest = (manifest: Manifest, stationSecretKey: Uint8Array): Uint8Array =>
  signBody(
    'manifest',
    {
      ...manifest,
      station: fromHex(manifest.station),
      epoch: fromHex(manifest.epoch),
      sum: sumToBytes(manifest.sum),
    },
    stationSecretKey,
  )

/** Throws Fault 'identity/forged' or 'wire/…'. */
export function openManifest(bytes: Uint8Array, stationPublicKey: Uint8Array): Manifest {
  const { body } = openSigned('manifest', bytes, stationPublicKey)
  return {
    station: toHex(bytesOf(body.get('station'), 'station', 16)),
    epoch: toHex(bytesOf(body.get('epoch'), 'epoch', 8)),
    seq: intOf(body.get('seq'), 'seq'),
    scopeKey: textOf(body.get('scopeKey'), 'scopeKey'),
    timeMs: intOf(body.get('timeMs'), 'timeMs'),
    count: intOf(body.get('count'), 'count'),
    sum: BigInt(`0x${toHex(bytesOf(body.get('sum'), 'sum', 16))}`),
  }
}
