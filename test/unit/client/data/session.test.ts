import { webcrypto } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { concat, fromBase64Url, fromHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { signKeyPair, verify } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import type { SessionRequest } from '#protocols/http/session.ts'
import { type DeviceKeys, makeDeviceKeys, openDeviceKeys } from '../../../../client/shared/data/device-keys.ts'
import type { Http } from '../../../../client/shared/data/http.ts'
import { createSession, type Session } from '../../../../client/shared/data/session.ts'

const device = '0b'.repeat(16)
const account = '0a'.repeat(16)
const nonce = '0c'.repeat(32)

let keys: DeviceKeys
let user: ReturnType<typeof signKeyPair>
let opened: SessionRequest[]
let granted: string[]
let answer: { timeMs: number; grant: string | null } | Fault

beforeAll(async () => {
  await ready
  keys = openDeviceKeys(
    webcrypto.subtle as unknown as SubtleCrypto,
    await makeDeviceKeys(webcrypto.subtle as unknown as SubtleCrypto, systemRandom),
  )
  user = signKeyPair(systemRandom)
})
beforeEach(() => {
  opened = []
  granted = []
  answer = { timeMs: 1, grant: null }
})

const http: Http = {
  async json<Answer>(_method: string, path: string, body?: unknown) {
    if (path === '/api/nonce') return { nonce } as Answer
    opened.push(body as SessionRequest)
    if (answer instanceof Fault) throw answer
    return answer as Answer
  },
  bytes: async () => new Uint8Array(),
}
const make = (isOpen: boolean, isKiosk = false): Session =>
  createSession({
    http,
    device,
    keys,
    isOpen,
    officer: isKiosk
      ? null
      : {
          account,
          grantHash: () => '0d'.repeat(32),
          secretKey: user.secretKey,
          onGrant: async (grant) => void granted.push(grant),
        },
  })
/** Finds no session so many times, then answers. */
function request(none: number) {
  const calls = { count: 0 }
  const run = async (): Promise<string> => {
    if (++calls.count <= none) throw new Fault('session/none')
    return 'answer'
  }
  return { calls, run }
}

describe('a session', () => {
  it('is opened before the first request, for a cookie may be of whoever was here before', async () => {
    const session = make(false)
    const { calls, run } = request(0)
    expect(await session.run(run)).toBe('answer')
    expect([opened.length, calls.count]).toEqual([1, 1])
    await session.run(run)
    expect(opened).toHaveLength(1)
  })

  it('is taken as it is right after a log-on', async () => {
    await make(true).run(request(0).run)
    expect(opened).toEqual([])
  })

  it('is proved by the device’s and the officer’s key over nonce and device', async () => {
    await make(false).run(request(0).run)
    const [asked] = opened as [SessionRequest]
    const message = concat(fromHex(nonce), fromHex(device))
    expect(verify('device-login', message, fromBase64Url(asked.deviceProof), keys.publicKey)).toBe(true)
    expect(verify('device-login', message, fromBase64Url(asked.userProof ?? ''), user.publicKey)).toBe(true)
    expect([asked.account, asked.grant, asked.nonce]).toEqual([account, '0d'.repeat(32), nonce])
  })

  it('of a kiosk is proved by the device’s key alone', async () => {
    await make(false, true).run(request(0).run)
    expect(opened[0]).toMatchObject({ account: null, grant: null, userProof: null })
  })

  it('that is gone is opened again, and the request made once more', async () => {
    const { calls, run } = request(1)
    expect(await make(true).run(run)).toBe('answer')
    expect([opened.length, calls.count]).toEqual([1, 2])
  })

  it('that stays gone is told', async () => {
    const { calls, run } = request(9)
    await expect(make(true).run(run)).rejects.toMatchObject({ code: 'session/none' })
    expect([opened.length, calls.count]).toEqual([1, 2])
  })

  it('many requests that find it gone open one', async () => {
    const session = make(false)
    const requests = Array.from({ length: 5 }, () => request(0))
    await Promise.all(requests.map(({ run }) => session.run(run)))
    expect(opened).toHaveLength(1)
  })

  it('another refusal opens nothing', async () => {
    const refused = new Fault('session/denied')
    await expect(make(true).run(() => Promise.reject(refused))).rejects.toBe(refused)
    expect(opened).toEqual([])
  })

  it('that cannot be opened fails the request, and the next one tries again', async () => {
    const session = make(false)
    answer = new Fault('identity/expired')
    await expect(session.run(request(0).run)).rejects.toMatchObject({ code: 'identity/expired' })
    answer = { timeMs: 1, grant: null }
    expect(await session.run(request(0).run)).toBe('answer')
  })

  it('hands on a fresh grant', async () => {
    answer = { timeMs: 1, grant: 'fresh' }
    await make(false).run(request(0).run)
    expect(granted).toEqual(['fresh'])
  })
})
