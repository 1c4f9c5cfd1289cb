/** Runs every vector of the lane on whichever back-end `#crypto/sodium` gives, and says what differed. Started as a program it prints its verdict
 *  as one line of JSON, so that a test can run it under another resolution of the import. */
import { readFileSync, writeSync } from 'node:fs'
import { fromHex, toHex } from '#crypto/bytes.ts'
import { ready, sodium } from '#crypto/sodium'
import { Fault } from '#protocols/errors.ts'
import { openCertificate } from '#protocols/identity/certificate.ts'
import { openGrant } from '#protocols/identity/grant.ts'
import { hardCaps } from '#protocols/lane/bundle.ts'
import { keyIdOf } from '#protocols/lane/keys.ts'
import { decodePolicy, policyHashOf } from '#protocols/lane/policy.ts'
import { labelOfSlots } from '#protocols/lane/release.ts'
import { secondCheck } from '#protocols/lane/second-check.ts'
import { emptyLedger, type LaneLedger, noteImported } from '#protocols/lane/sequence.ts'
import { type LaneChannel, type OpenContext, openBundle } from '#protocols/lane/verify.ts'
import { createZstd } from '../../../../edge/shell/zstd.ts'
import type { BundleCase, LaneVectors, SecondCase, VectorContext } from '../../../vectors/lane/case.ts'
import { applyEdits } from '../../../vectors/lane/edits.ts'

export const vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/lane/bundles.json', import.meta.url), 'utf8'),
) as LaneVectors

export interface Verdict {
  readonly backEnd: string
  readonly passed: number
  readonly mustFail: number
  readonly codes: readonly string[]
  readonly differences: readonly string[]
}

const fileOf = (name: string): Uint8Array => Uint8Array.from(Buffer.from(vectors.files[name] ?? '', 'base64'))
const same = (a: Uint8Array, hex: string): boolean => toHex(a) === hex

function receiver(given: VectorContext) {
  let nowMs = given.nowMs
  const bytes = (hex: string) => fromHex(hex)
  const issuer = bytes(given.issuerPublicKey)
  const policies = given.policies.map((policy) => decodePolicy(bytes(policy)))
  const grants = given.grants.map((grant) => openGrant(bytes(grant), issuer))
  const certificates = given.certificates.map((certificate) => openCertificate(bytes(certificate), issuer))
  const [senderKey, boxKey] = [bytes(given.senderPublicKey), bytes(given.recipientPublicKey)]
  const isBox = (keyId: Uint8Array) => same(keyId, toHex(keyIdOf('recipient', boxKey)))
  const channel: LaneChannel = {
    laneNumber: bytes(given.laneNumber),
    sender: bytes(given.sender),
    recipient: bytes(given.recipient),
    senderKeyOf: (keyId) =>
      same(keyId, toHex(keyIdOf('sender', senderKey)))
        ? {
            publicKey: senderKey,
            notBeforeMs: given.senderNotBeforeMs,
            notAfterMs: given.senderNotAfterMs,
            isRevoked: false,
          }
        : undefined,
    policyOf: (hash) => policies.find((policy) => same(policyHashOf(policy), toHex(hash))),
    caps: hardCaps,
    expiryGraceMs: given.expiryGraceMs,
  }
  let ledger: LaneLedger = emptyLedger
  const rows = new Map<string, { bundleHash: string; prevHash: string }>()
  const context: OpenContext = {
    channelOf: (laneNumber) => (same(laneNumber, given.laneNumber) ? channel : undefined),
    ledgerOf: () => ledger,
    importedAt: () => (epoch, seq) => rows.get(`${epoch}/${seq}`),
    self: channel.recipient,
    isOwnKeyId: isBox,
    get nowMs() {
      return nowMs
    },
    boxKeyOf: (keyId) => (isBox(keyId) ? { publicKey: boxKey, secretKey: bytes(given.recipientSecretKey) } : undefined),
    compressor: createZstd(),
    knownKeys: {
      issuerKeyOf: (station) => (same(station, given.sender) ? issuer : undefined),
      grantOf: (hash) => grants.find((grant) => same(grant.hash, toHex(hash))),
      certificateOf: (device) => certificates.find((certificate) => same(certificate.subject, toHex(device))),
    },
    labelOf: labelOfSlots,
  }
  return {
    open(file: Uint8Array, atMs: number) {
      nowMs = atMs
      return openBundle(file, context)
    },
    take(file: Uint8Array) {
      const opened = openBundle(file, context)
      if (opened.verdict !== 'new') return
      rows.set(`${opened.placed.epoch}/${opened.placed.seq}`, opened.placed)
      ledger = noteImported(ledger, opened.placed, opened.claim)
    },
    policy: policies[0] ?? null,
  }
}

function bundleResult(one: BundleCase): BundleCase['expected'] {
  const end = receiver(vectors.context)
  for (const name of one.before) end.take(fileOf(name))
  return codeOr(() => {
    const opened = end.open(applyEdits(fileOf(one.file), one.edits), one.nowMs ?? vectors.context.nowMs)
    if (opened.verdict === 'duplicate') return { verdict: 'duplicate' as const }
    return {
      verdict: 'new' as const,
      bundleHash: toHex(opened.bundleHash),
      contentHash: toHex(opened.content.contentHash),
      kinds: opened.content.entries.map(({ kind }) => kind),
      waiting: opened.checked.waiting.length,
    }
  })
}

function secondResult(one: SecondCase): SecondCase['expected'] {
  const { policy } = receiver(vectors.context)
  return codeOr(() => {
    const { openSlots, closedSlots } = secondCheck(fromHex(one.content), one.recordCount, policy)
    return { openSlots, closedSlots }
  })
}

function codeOr<T>(run: () => T): T | { code: string } {
  try {
    return run()
  } catch (error) {
    if (error instanceof Fault) return { code: error.code }
    throw error
  }
}

export function runVectors(): Verdict {
  const results = [
    ...vectors.bundles.map((one) => ({ ...one, found: bundleResult(one) as unknown })),
    ...vectors.second.map((one) => ({ ...one, found: secondResult(one) as unknown })),
  ]
  const isFailure = (expected: object): expected is { code: string } => 'code' in expected
  return {
    backEnd: sodium.backEnd,
    passed: results.filter(({ expected }) => !isFailure(expected)).length,
    mustFail: results.filter(({ expected }) => isFailure(expected)).length,
    codes: [...new Set(results.flatMap(({ expected }) => (isFailure(expected) ? [expected.code] : [])))].sort(),
    differences: results
      .filter(({ expected, found }) => JSON.stringify(expected) !== JSON.stringify(found))
      .map(
        ({ name, expected, found }) => `${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
      ),
  }
}

if (import.meta.main) {
  await ready
  writeSync(1, JSON.stringify(runVectors()))
}
