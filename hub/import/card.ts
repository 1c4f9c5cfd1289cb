/** A station's card, checked: the root signs the station, the station signs its lane sender. Nothing of a card is used before. */
import { equalBytes, fromHex, toHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import { openCertificate, type SignedCertificate } from '#protocols/identity/certificate.ts'
import { parseStationCard, type StationCard } from '#protocols/lane/card.ts'
import { decodePolicy, policyHashOf, type ReleasePolicy } from '#protocols/lane/policy.ts'

export interface OpenCard {
  readonly card: StationCard
  /** 16 bytes. */
  readonly station: Uint8Array
  readonly root: Uint8Array
  readonly certificate: SignedCertificate
  readonly sender: SignedCertificate
  readonly laneNumber: Uint8Array
  /** By policy hash, hex. */
  readonly policies: ReadonlyMap<string, { readonly policy: ReleasePolicy; readonly bytes: Uint8Array }>
}

/** roots: the force roots that this hub trusts; empty: the card's own root is believed, since the card was carried here by hand.
 *  Throws Fault 'hub/card-invalid' { reason }. */
export function openStationCard(text: string, roots: readonly Uint8Array[]): OpenCard {
  try {
    return open(parseStationCard(text), roots)
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'hub/card-invalid') throw cause
    const reason = cause instanceof Fault ? cause.code : 'malformed'
    throw new Fault('hub/card-invalid', { reason }, { cause })
  }
}

function open(card: StationCard, roots: readonly Uint8Array[]): OpenCard {
  const wrong = (reason: string) => new Fault('hub/card-invalid', { reason, station: card.station })
  const station = fromHex(card.station)
  const root = fromHex(card.root)
  if (roots.length > 0 && !roots.some((known) => equalBytes(known, root))) throw wrong('root-unknown')
  const certificate = openCertificate(fromHex(card.certificate), root)
  if (certificate.kind !== 'station' || !equalBytes(certificate.subject, station)) throw wrong('certificate-of-another')
  const sender = openCertificate(fromHex(card.senderCertificate), certificate.signKey)
  if (sender.kind !== 'lane-sender' || !equalBytes(sender.station, station)) throw wrong('sender-of-another')
  const policies = card.policies.map((hex) => {
    const bytes = fromHex(hex)
    const policy = decodePolicy(bytes)
    return [toHex(policyHashOf(policy)), { policy, bytes }] as const
  })
  return { card, station, root, certificate, sender, laneNumber: fromHex(card.laneNumber), policies: new Map(policies) }
}
