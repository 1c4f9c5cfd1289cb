/** How a device comes to its station (security.md, 4 "Enrolment"): a one-use ticket and proof of D1 against a certificate. The station's own
 *  certificate is pinned here: every receipt, manifest and grant is judged by its key from then on. */
import { equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import type { DeviceFace, EnrolAnswer, EnrolRequest, NonceAnswer } from '#protocols/http/session.ts'
import { openCertificate, parseCertificate } from '#protocols/identity/certificate.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { Http } from './http.ts'

/** What is kept of it; no secret. base64url and hex. */
export interface EnrolmentDoc {
  readonly id: 'enrolment'
  readonly face: DeviceFace
  /** Device id. */
  readonly device: string
  readonly certificate: string
  /** The station as pinned. */
  readonly station: string
  readonly stationCertificate: string
  readonly stationName: string
  readonly stationNameEn: string
  readonly unit: string
  readonly demo: boolean
}

export interface PinnedStation {
  readonly id: string
  /** S1. */
  readonly signKey: Uint8Array
  /** S2. */
  readonly boxKey: Uint8Array
}

/** Throws Fault 'identity/forged' for a certificate that is none of a station. */
export function pinnedStation(certificateText: string): PinnedStation {
  const certificate = parseCertificate(fromBase64Url(certificateText))
  if (certificate.kind !== 'station' || certificate.boxKey === null)
    throw new Fault('identity/forged', { label: 'cert' })
  return { id: toHex(certificate.subject), signKey: certificate.signKey, boxKey: certificate.boxKey }
}

/** ticket: base64url. Throws the gateway's Fault ('enrol/ticket-unknown', 'enrol/refused'), or 'identity/forged' for an answer that does not fit. */
export async function enrolDevice(
  http: Http,
  keys: DeviceKeys,
  face: DeviceFace,
  ticket: string,
): Promise<EnrolmentDoc> {
  const { nonce } = await http.json<NonceAnswer>('POST', '/api/nonce', {})
  const ticketBytes = ticketOf(ticket)
  const proof = await keys.sign('ticket', ticketBytes, fromHex(nonce), keys.publicKey)
  const request: EnrolRequest = {
    ticket,
    face,
    name: `${face} ${toHex(keys.publicKey).slice(0, 4)}`,
    deviceKey: toBase64Url(keys.publicKey),
    nonce,
    proof: toBase64Url(proof),
  }
  const answer = await http.json<EnrolAnswer>('POST', '/api/enrol', request)
  checkAnswer(answer, keys.publicKey, face)
  const { station, demo, certificate } = answer.hello
  return {
    id: 'enrolment',
    face,
    device: answer.device,
    certificate: answer.certificate,
    station: station.id,
    stationCertificate: certificate,
    stationName: station.name,
    stationNameEn: station.nameEn,
    unit: station.unit,
    demo,
  }
}

function ticketOf(text: string): Uint8Array {
  try {
    return fromBase64Url(text)
  } catch (cause) {
    throw new Fault('enrol/ticket-unknown', {}, { cause })
  }
}

/** The certificate names this key, this device and this face, under the key of the station that the answer shows. */
function checkAnswer(answer: EnrolAnswer, publicKey: Uint8Array, face: DeviceFace): void {
  const station = pinnedStation(answer.hello.certificate)
  const certificate = openCertificate(fromBase64Url(answer.certificate), station.signKey)
  const fits =
    station.id === answer.hello.station.id &&
    certificate.kind === face &&
    toHex(certificate.subject) === answer.device &&
    toHex(certificate.station) === station.id &&
    equalBytes(certificate.signKey, publicKey)
  if (!fits) throw new Fault('identity/forged', { label: 'cert' })
}
