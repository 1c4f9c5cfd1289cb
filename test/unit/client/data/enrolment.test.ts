import { webcrypto } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { concat, fromBase64Url, fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { signKeyPair, verify } from '#crypto/sign.ts'
import type { EnrolAnswer, EnrolRequest } from '#protocols/http/session.ts'
import { type Certificate, signCertificate } from '#protocols/identity/certificate.ts'
import { type DeviceKeys, makeDeviceKeys, openDeviceKeys } from '../../../../client/shared/data/device-keys.ts'
import { enrolDevice, pinnedStation } from '../../../../client/shared/data/enrolment.ts'
import type { Http } from '../../../../client/shared/data/http.ts'

const nonce = '0c'.repeat(32)
const ticket = toBase64Url(new Uint8Array(16).fill(5))
const subtle = webcrypto.subtle as unknown as SubtleCrypto
let keys: DeviceKeys

beforeAll(async () => {
  await ready
  keys = openDeviceKeys(subtle, await makeDeviceKeys(subtle, systemRandom))
})

/** What a gateway would answer; each part can be made wrong. */
function station() {
  const [root, sign, box] = [signKeyPair(systemRandom), signKeyPair(systemRandom), boxKeyPair(systemRandom)]
  const [id, device] = [systemRandom.bytes(16), systemRandom.bytes(16)]
  const dates = { notBeforeMs: 0, notAfterMs: 9_000_000_000_000 }
  const own: Certificate = {
    kind: 'station',
    subject: id,
    station: id,
    name: '听潮派出所',
    signKey: sign.publicKey,
    boxKey: box.publicKey,
    secondRoot: null,
    ...dates,
  }
  const ofDevice: Certificate = {
    kind: 'handheld',
    subject: device,
    station: id,
    name: 'handheld',
    signKey: keys.publicKey,
    boxKey: null,
    secondRoot: null,
    ...dates,
  }
  const answer = (
    wrong: { own?: Partial<Certificate>; device?: Partial<Certificate>; by?: Uint8Array; id?: string } = {},
  ) =>
    ({
      device: toHex(device),
      certificate: toBase64Url(signCertificate({ ...ofDevice, ...wrong.device }, wrong.by ?? sign.secretKey)),
      hello: {
        station: { id: wrong.id ?? toHex(id), name: '听潮派出所', nameEn: 'Tingchao', code: '0', unit: 'u' },
        certificate: toBase64Url(signCertificate({ ...own, ...wrong.own }, root.secretKey)),
        demo: false,
      },
    }) as unknown as EnrolAnswer
  return { id, device, sign, box, answer }
}
function httpOf(answer: EnrolAnswer) {
  const asked: EnrolRequest[] = []
  const http: Http = {
    async json<Answer>(_method: string, path: string, body?: unknown) {
      if (path === '/api/nonce') return { nonce } as Answer
      asked.push(body as EnrolRequest)
      return answer as Answer
    },
    bytes: async () => new Uint8Array(),
  }
  return { http, asked }
}

describe('enrolment', () => {
  it('proves the device’s key over ticket and nonce, and pins the station that answered', async () => {
    const { answer, id, sign, box, device } = station()
    const { http, asked } = httpOf(answer())
    const kept = await enrolDevice(http, keys, 'handheld', ticket)
    expect(kept).toMatchObject({ device: toHex(device), station: toHex(id), face: 'handheld', demo: false })
    const pinned = pinnedStation(kept.stationCertificate)
    expect([toHex(pinned.signKey), toHex(pinned.boxKey)]).toEqual([toHex(sign.publicKey), toHex(box.publicKey)])
    const [request] = asked as [EnrolRequest]
    const message = concat(fromBase64Url(ticket), fromHex(nonce), keys.publicKey)
    expect(verify('ticket', message, fromBase64Url(request.proof), keys.publicKey)).toBe(true)
  })

  it('an answer that does not fit is refused, whatever in it is wrong', async () => {
    const { answer } = station()
    const other = signKeyPair(systemRandom)
    const wrong: EnrolAnswer[] = [
      answer({ by: other.secretKey }),
      answer({ device: { signKey: other.publicKey } }),
      answer({ device: { kind: 'kiosk' } }),
      answer({ device: { subject: new Uint8Array(16) } }),
      answer({ device: { station: new Uint8Array(16) } }),
      answer({ own: { kind: 'hub' } }),
      answer({ own: { boxKey: null } }),
      answer({ own: { signKey: other.publicKey } }),
      answer({ id: '0'.repeat(32) }),
    ]
    for (const each of wrong)
      await expect(enrolDevice(httpOf(each).http, keys, 'handheld', ticket)).rejects.toMatchObject({
        code: 'identity/forged',
      })
  })

  it('a ticket that is no ticket asks nobody', async () => {
    const { http, asked } = httpOf(station().answer())
    await expect(enrolDevice(http, keys, 'handheld', 'not base64url!')).rejects.toMatchObject({
      code: 'enrol/ticket-unknown',
    })
    expect(asked).toEqual([])
  })
})
