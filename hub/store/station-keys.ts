/** The keys that given changes of a station need, as the store holds them, with the chain checked anew: root, station, then grants and
 *  certificates under the station's key. */
import { toHex } from '#crypto/bytes.ts'
import type { ChangeHeader } from '#protocols/change/header.ts'
import { Fault } from '#protocols/errors.ts'
import { openCertificate } from '#protocols/identity/certificate.ts'
import type { KnownKeys } from '#protocols/lane/signatures.ts'
import type { Tx } from './database.ts'
import { findCertificates, findGrants } from './identities.ts'
import { plain } from './stations.ts'

const noKeys: KnownKeys = { issuerKeyOf: () => undefined, grantOf: () => undefined, certificateOf: () => undefined }

/** A broken link of the chain leaves everybody unknown: what was stored is then unproved, never half believed. */
export async function stationKeys(tx: Tx, station: string, headers: readonly ChangeHeader[]): Promise<KnownKeys> {
  const [row] = await tx.query<{ root: Uint8Array; certificate: Uint8Array }>(
    'select root, certificate from station where station = $1',
    [station],
  )
  try {
    if (!row) return noKeys
    const stationKey = openCertificate(plain(row.certificate), plain(row.root)).signKey
    const hashes = headers.flatMap(({ grant }) => (grant ? [toHex(grant)] : []))
    const grants = await findGrants(tx, station, [...new Set(hashes)], stationKey)
    const devices = headers.flatMap(({ grant, device }) => (grant ? [] : [toHex(device)]))
    const found = await findCertificates(tx, station, [...new Set(devices)])
    const certificates = new Map([...found].map(([device, each]) => [device, openCertificate(each.bytes, stationKey)]))
    return {
      issuerKeyOf: (id) => (toHex(id) === station ? stationKey : undefined),
      grantOf: (hash) => grants.get(toHex(hash)),
      certificateOf: (device) => certificates.get(toHex(device)),
    }
  } catch (cause) {
    if (cause instanceof Fault) return noKeys
    throw cause
  }
}
