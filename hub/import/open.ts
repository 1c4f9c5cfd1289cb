/** Opens one bundle for the importer: everything that the lane's own check asks for, from the store of this transaction. The judging code is
 *  pure and asks at once, the store answers later: so authors that it asked for and that were not at hand are fetched, and it judges again. */
import { equalBytes, fromHex, toHex } from '#crypto/bytes.ts'
import type { KeyPair } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import { openCertificate, type SignedCertificate } from '#protocols/identity/certificate.ts'
import type { SignedGrant } from '#protocols/identity/grant.ts'
import { hardCaps } from '#protocols/lane/bundle.ts'
import type { Compressor } from '#protocols/lane/compressor.ts'
import { keyIdOf } from '#protocols/lane/keys.ts'
import { decodePolicy, type ReleasePolicy } from '#protocols/lane/policy.ts'
import { labelOfSlots } from '#protocols/lane/release.ts'
import type { ImportedAt, LaneLedger } from '#protocols/lane/sequence.ts'
import type { KnownKeys } from '#protocols/lane/signatures.ts'
import {
  type DuplicateBundle,
  type LaneChannel,
  type OpenContext,
  type OpenedBundle,
  openBundle,
} from '#protocols/lane/verify.ts'
import { limits } from '#protocols/limits.ts'
import type { Tx } from '../store/database.ts'
import { findCertificates, findGrants } from '../store/identities.ts'
import type { StoredStation } from '../store/stations.ts'

export interface OpenerParts {
  /** 16 bytes. */
  readonly hub: Uint8Array
  /** H. */
  readonly box: KeyPair
  readonly compressor: Compressor
}

export interface OpenInput {
  readonly file: Uint8Array
  readonly station: StoredStation
  readonly ledger: LaneLedger
  readonly importedAt: ImportedAt
  readonly nowMs: number
}

/** The authors that a bundle's changes name, as far as they are known: from before and from the bundle itself. */
export interface Authors {
  grant(hash: Uint8Array): SignedGrant | undefined
  certificate(device: Uint8Array): SignedCertificate | undefined
}

export type Opened = (OpenedBundle & { readonly authors: Authors }) | DuplicateBundle

const cachedMax = 20_000

export function createOpener(parts: OpenerParts) {
  const boxKeyId = keyIdOf('recipient', parts.box.publicKey)
  // Grants never change under their hash. Certificates of a device do, so they are always asked for.
  const grantCache = new Map<string, SignedGrant>()

  /** Throws what lane/verify.ts openBundle throws. */
  async function open(tx: Tx, input: OpenInput): Promise<Opened> {
    const { station } = input
    const stationKey = openCertificate(station.certificate, station.root).signKey
    const known = { grants: new Map<string, SignedGrant>(), certificates: new Map<string, SignedCertificate>() }
    const wanted = { grants: new Set<string>(), certificates: new Set<string>() }
    const cacheKey = (hash: string) => `${station.station} ${hash}`
    const keys: KnownKeys = {
      issuerKeyOf: (id) => (toHex(id) === station.station ? stationKey : undefined),
      grantOf(hash) {
        const name = toHex(hash)
        const grant = known.grants.get(name) ?? grantCache.get(cacheKey(name))
        if (!grant) wanted.grants.add(name)
        return grant
      },
      certificateOf(device) {
        const name = toHex(device)
        if (!known.certificates.has(name)) wanted.certificates.add(name)
        return known.certificates.get(name)
      },
    }
    const run = () => openBundle(input.file, contextOf(input, keys))
    const first = run()
    if (first.verdict === 'duplicate') return first
    for (const [name, grant] of await findGrants(tx, station.station, [...wanted.grants], stationKey)) {
      known.grants.set(name, grant)
      if (grantCache.size >= cachedMax) grantCache.clear()
      grantCache.set(cacheKey(name), grant)
    }
    for (const [name, certificate] of await findCertificates(tx, station.station, [...wanted.certificates]))
      known.certificates.set(name, certificate)
    const opened = known.grants.size + known.certificates.size > 0 ? (run() as OpenedBundle) : first
    return { ...opened, authors: authorsOf(opened, keys) }
  }

  function contextOf(input: OpenInput, knownKeys: KnownKeys): OpenContext {
    const channel = channelOf(input.station, parts.hub)
    return {
      channelOf: (laneNumber) => (equalBytes(laneNumber, channel.laneNumber) ? channel : undefined),
      ledgerOf: () => input.ledger,
      importedAt: () => input.importedAt,
      self: parts.hub,
      isOwnKeyId: (keyId) => equalBytes(keyId, boxKeyId),
      boxKeyOf: (keyId) => (equalBytes(keyId, boxKeyId) ? parts.box : undefined),
      nowMs: input.nowMs,
      compressor: parts.compressor,
      knownKeys,
      labelOf: labelOfSlots,
    }
  }

  return { open }
}
export type Opener = ReturnType<typeof createOpener>

/** The sender's key counts only while both the station's and its own certificate run. */
function channelOf(station: StoredStation, hub: Uint8Array): LaneChannel {
  const certificate = openCertificate(station.certificate, station.root)
  const sender = openCertificate(station.senderCertificate, certificate.signKey)
  const senderKeyId = keyIdOf('sender', sender.signKey)
  const senderKey = {
    publicKey: sender.signKey,
    notBeforeMs: Math.max(sender.notBeforeMs, certificate.notBeforeMs),
    notAfterMs: Math.min(sender.notAfterMs, certificate.notAfterMs),
    isRevoked: false,
  }
  const policies = new Map<string, ReleasePolicy>()
  for (const [name, bytes] of station.policies) policies.set(name, decodePolicy(bytes))
  return {
    laneNumber: fromHex(station.lane),
    sender: fromHex(station.station),
    recipient: hub,
    senderKeyOf: (keyId) => (equalBytes(keyId, senderKeyId) ? senderKey : undefined),
    policyOf: (hash) => policies.get(toHex(hash)),
    caps: hardCaps,
    expiryGraceMs: limits.bundleExpiryGraceMs,
  }
}

function authorsOf(opened: OpenedBundle, keys: KnownKeys): Authors {
  const grants = new Map(opened.checked.grants.map((grant) => [toHex(grant.hash), grant]))
  const certificates = new Map(opened.checked.certificates.map((each) => [toHex(each.subject), each]))
  return {
    grant: (hash) => grants.get(toHex(hash)) ?? keys.grantOf(hash),
    certificate: (device) => certificates.get(toHex(device)) ?? keys.certificateOf(device),
  }
}

/** An approval whose approver is not known yet cannot be judged: the whole bundle waits. Throws Fault 'hub/keys-awaited'. */
export function refuseUnknownApprovers(opened: OpenedBundle): void {
  if (opened.checked.waiting.some((entry) => entry.kind === 12))
    throw new Fault('hub/keys-awaited', { kind: 'approval' })
}
