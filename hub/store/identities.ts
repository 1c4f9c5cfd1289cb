/** Certificates and grants that stations sent, each checked when it came: whose key signed a change. */
import { toHex } from '#crypto/bytes.ts'
import { parseCertificate, type SignedCertificate } from '#protocols/identity/certificate.ts'
import { openGrant, type SignedGrant } from '#protocols/identity/grant.ts'
import type { Tx } from './database.ts'
import { plain } from './stations.ts'

export async function putIdentities(
  tx: Tx,
  station: string,
  certificates: readonly SignedCertificate[],
  grants: readonly SignedGrant[],
): Promise<void> {
  for (const certificate of certificates)
    await tx.query(
      'insert into certificate (station, hash, subject, kind, bytes) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [station, toHex(certificate.hash), toHex(certificate.subject), certificate.kind, certificate.bytes],
    )
  for (const grant of grants)
    await tx.query(
      `insert into granted (station, hash, officer, device, not_before_ms, not_after_ms, bytes)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [
        station,
        toHex(grant.hash),
        toHex(grant.officer),
        toHex(grant.device),
        grant.notBeforeMs,
        grant.notAfterMs,
        grant.bytes,
      ],
    )
}

/** Opened again under the station's key: what the disk holds is believed no more than what came by lane. */
export async function findGrants(
  tx: Tx,
  station: string,
  hashes: readonly string[],
  stationKey: Uint8Array,
): Promise<Map<string, SignedGrant>> {
  if (hashes.length === 0) return new Map()
  const rows = await tx.query<{ hash: string; bytes: Uint8Array }>(
    'select hash, bytes from granted where station = $1 and hash = any($2)',
    [station, hashes],
  )
  return new Map(rows.map((row) => [row.hash, openGrant(plain(row.bytes), stationKey)]))
}

/** Newest by its dates, of those that were signed by the station and checked when they came. */
export async function findCertificates(
  tx: Tx,
  station: string,
  subjects: readonly string[],
): Promise<Map<string, SignedCertificate>> {
  if (subjects.length === 0) return new Map()
  const rows = await tx.query<{ bytes: Uint8Array }>(
    'select bytes from certificate where station = $1 and subject = any($2)',
    [station, subjects],
  )
  const found = new Map<string, SignedCertificate>()
  for (const row of rows) {
    const certificate = parseCertificate(plain(row.bytes))
    const subject = toHex(certificate.subject)
    if ((found.get(subject)?.notAfterMs ?? 0) < certificate.notAfterMs) found.set(subject, certificate)
  }
  return found
}
