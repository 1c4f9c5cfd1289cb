/** Step 13: every entry's own signature, under keys that the receiver knows or that came in the same bundle under a known issuer
 *  (lane/SPEC.md, "Verify order"). A signature that fails refuses the bundle. An author whose grant or certificate has not arrived yet is no
 *  forger: the entry is named as waiting, and must not be taken over before its keys are there. */
import { equalBytes, toHex } from '#crypto/bytes.ts'
import { verify } from '#crypto/sign.ts'
import { bytesOf } from '../cbor-read.ts'
import { parseSigned } from '../change/signed.ts'
import { Fault } from '../errors.ts'
import { openCertificate, type SignedCertificate } from '../identity/certificate.ts'
import { openGrant, type SignedGrant } from '../identity/grant.ts'
import { openLogCheckpoint } from '../sync/checkpoint.ts'
import type { ApprovalEntry, ChangeEntry, CheckpointEntry, Entry, KeyEntry } from './entry.ts'
import { holdsRoot } from './release.ts'

/** What the receiver knows from before. All ids 16 bytes, hashes 32, Ed25519 keys 32. */
export interface KnownKeys {
  /** The key that signs certificates, grants and checkpoints of this station (S1) or hub (HS). */
  issuerKeyOf(station: Uint8Array): Uint8Array | undefined
  grantOf(grantHash: Uint8Array): SignedGrant | undefined
  /** Of a device that signs without an officer: the gateway. */
  certificateOf(device: Uint8Array): SignedCertificate | undefined
}

export interface CheckedEntries {
  readonly grants: readonly SignedGrant[]
  readonly certificates: readonly SignedCertificate[]
  /** Changes and approvals whose author's key is not known yet. */
  readonly waiting: readonly (ChangeEntry | ApprovalEntry)[]
}

/** Throws Fault 'lane/entry-forged' or 'lane/schema'. */
export function checkSignatures(entries: readonly Entry[], known: KnownKeys): CheckedEntries {
  const grants: SignedGrant[] = []
  const certificates: SignedCertificate[] = []
  for (const entry of entries) {
    if (entry.kind === 6 && entry.what === 'grant')
      grants.push(openIssued(entry, 'grant', (issuerKey) => openGrant(entry.bytes, issuerKey), known))
    if (entry.kind === 6 && entry.what === 'certificate')
      certificates.push(openIssued(entry, 'cert', (issuerKey) => openCertificate(entry.bytes, issuerKey), known))
    if (entry.kind === 10)
      openIssued(entry, 'checkpoint', (issuerKey) => openLogCheckpoint(entry.bytes, issuerKey), known)
  }
  const keys = keyFinder(grants, certificates, known)
  const waiting: (ChangeEntry | ApprovalEntry)[] = []
  for (const entry of entries) {
    if (entry.kind === 1 && !isChangeSigned(entry, keys)) waiting.push(entry)
    if (entry.kind === 12 && !isApprovalSigned(entry, keys)) waiting.push(entry)
  }
  return { grants, certificates, waiting }
}

const forged = (kind: number, reason: string, cause?: unknown): Fault =>
  new Fault('lane/entry-forged', { kind, reason }, cause === undefined ? undefined : { cause })

/** An object that a station or hub signed: its body names the issuer, whom the receiver must know. */
function openIssued<T>(
  entry: KeyEntry | CheckpointEntry,
  label: 'cert' | 'grant' | 'checkpoint',
  open: (issuerKey: Uint8Array) => T,
  known: KnownKeys,
): T {
  try {
    const issuerKey = known.issuerKeyOf(bytesOf(parseSigned(label, entry.bytes).body.get('station'), 'station', 16))
    if (!issuerKey) throw forged(entry.kind, 'issuer-unknown')
    return open(issuerKey)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    if (cause.code === 'identity/forged') throw forged(entry.kind, label, cause)
    throw cause.code.startsWith('wire/') ? new Fault('lane/schema', cause.detail, { cause }) : cause
  }
}

interface KeyFinder {
  grant(hash: Uint8Array): SignedGrant | undefined
  certificate(device: Uint8Array): SignedCertificate | undefined
}

function keyFinder(
  grants: readonly SignedGrant[],
  certificates: readonly SignedCertificate[],
  known: KnownKeys,
): KeyFinder {
  const grantByHash = new Map(grants.map((grant) => [toHex(grant.hash), grant]))
  const certificateBySubject = new Map(certificates.map((certificate) => [toHex(certificate.subject), certificate]))
  return {
    grant: (hash) => grantByHash.get(toHex(hash)) ?? known.grantOf(hash),
    certificate: (device) => certificateBySubject.get(toHex(device)) ?? known.certificateOf(device),
  }
}

/** False: the author's key is not known yet. Throws when it is known and the signature, the binding or the payload root does not hold. */
function isChangeSigned(entry: ChangeEntry, keys: KeyFinder): boolean {
  if (!holdsRoot(entry)) throw forged(1, 'payload-root')
  const key = entry.header.grant === null ? gatewayKeyOf(entry, keys) : officerKeyOf(entry, entry.header.grant, keys)
  if (key === undefined) return false
  if (!verify('change', entry.headerBytes, entry.signature, key)) throw forged(1, 'change')
  return true
}

function officerKeyOf(entry: ChangeEntry, grantHash: Uint8Array, keys: KeyFinder): Uint8Array | undefined {
  const grant = keys.grant(grantHash)
  if (!grant) return undefined
  const { officer, device } = entry.header
  if (officer === null || !equalBytes(grant.officer, officer) || !equalBytes(grant.device, device))
    throw forged(1, 'grant-of-another')
  return grant.userKey
}

function gatewayKeyOf(entry: ChangeEntry, keys: KeyFinder): Uint8Array | undefined {
  const certificate = keys.certificate(entry.header.device)
  if (!certificate) return undefined
  if (entry.header.officer !== null || certificate.kind !== 'gateway') throw forged(1, 'no-gateway')
  return certificate.signKey
}

function isApprovalSigned(entry: ApprovalEntry, keys: KeyFinder): boolean {
  const grant = keys.grant(entry.approval.grant)
  if (!grant) return false
  if (!equalBytes(grant.officer, entry.approval.approver)) throw forged(12, 'grant-of-another')
  if (!verify('approval', entry.body, entry.signature, grant.userKey)) throw forged(12, 'approval')
  return true
}
