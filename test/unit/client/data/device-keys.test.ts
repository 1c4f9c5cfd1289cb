import { webcrypto } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { concat, utf8 } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { verify } from '#crypto/sign.ts'
import { makeDeviceKeys, openDeviceKeys } from '../../../../client/shared/data/device-keys.ts'

const subtle = webcrypto.subtle as unknown as SubtleCrypto

describe('device keys', () => {
  beforeAll(() => ready)

  it('what D1 signs verifies under its label and message, and under no other', async () => {
    const row = await makeDeviceKeys(subtle, systemRandom)
    const keys = openDeviceKeys(subtle, row)
    const signature = await keys.sign('device-login', utf8('one'), utf8('two'))
    expect(verify('device-login', concat(utf8('one'), utf8('two')), signature, keys.publicKey)).toBe(true)
    expect(verify('ticket', concat(utf8('one'), utf8('two')), signature, keys.publicKey)).toBe(false)
    expect(verify('device-login', utf8('one'), signature, keys.publicKey)).toBe(false)
  })

  it('cannot be exported', async () => {
    const row = await makeDeviceKeys(subtle, systemRandom)
    for (const [key, format] of [
      [row.d1, 'pkcs8'],
      [row.d1, 'jwk'],
      [row.secretKey, 'raw'],
    ] as const)
      await expect(subtle.exportKey(format as 'jwk', key)).rejects.toThrow()
  })

  it('the device secret is the same at each opening, another at each device, and opens under no altered wrap', async () => {
    const row = await makeDeviceKeys(subtle, systemRandom)
    const secret = await openDeviceKeys(subtle, row).secret()
    expect(secret).toHaveLength(32)
    expect(await openDeviceKeys(subtle, row).secret()).toEqual(secret)
    expect(await openDeviceKeys(subtle, await makeDeviceKeys(subtle, systemRandom)).secret()).not.toEqual(secret)
    const wrappedSecret = row.wrappedSecret.slice()
    wrappedSecret[3] = (wrappedSecret[3] as number) ^ 1
    await expect(openDeviceKeys(subtle, { ...row, wrappedSecret }).secret()).rejects.toMatchObject({
      code: 'store/wrong-key',
    })
  })
})
