/** First time of an officer on this device: keys are made here, the gateway checks the PIN and binds their public halves by a grant
 *  (security.md, 4 "Enrolment", 5). The answer is believed only as far as the station's signature goes. */
import { equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import type { LogonAnswer, LogonRequest, NonceAnswer } from '#protocols/http/session.ts'
import { openGrant, type SignedGrant } from '#protocols/identity/grant.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { PinnedStation } from './enrolment.ts'
import type { Http } from './http.ts'
import type { OfficerKeys } from './keyring.ts'

export interface LoggedOn {
  readonly answer: LogonAnswer
  readonly grant: SignedGrant
}

/** Throws the gateway's Fault ('logon/failed', 'logon/locked', …), or 'identity/forged'. */
export async function logOn(
  http: Http,
  deviceKeys: DeviceKeys,
  station: PinnedStation,
  device: string,
  keys: OfficerKeys,
  policeNumber: string,
  pin: string,
): Promise<LoggedOn> {
  const { nonce } = await http.json<NonceAnswer>('POST', '/api/nonce', {})
  const [userKey, boxKey] = [keys.sign.publicKey, keys.box.publicKey]
  const proof = await deviceKeys.sign('device-login', fromHex(nonce), fromHex(device), userKey, boxKey)
  const request: LogonRequest = {
    device,
    policeNumber,
    pin,
    userKey: toBase64Url(userKey),
    boxKey: toBase64Url(boxKey),
    nonce,
    proof: toBase64Url(proof),
  }
  const answer = await http.json<LogonAnswer>('POST', '/api/logon', request)
  const grant = openGrant(fromBase64Url(answer.grant), station.signKey)
  const fits =
    toHex(grant.officer) === answer.account &&
    toHex(grant.device) === device &&
    equalBytes(grant.userKey, userKey) &&
    equalBytes(grant.boxKey, boxKey)
  if (!fits) throw new Fault('identity/forged', { label: 'grant' })
  return { answer, grant }
}
