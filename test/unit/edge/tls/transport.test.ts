import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { authorityDays, issueServer, makeAuthority, renewDays, serverDaysMax } from '../../../../edge/tls/authority.ts'
import { ensureTransport } from '../../../../edge/tls/files.ts'
import { readServed, watchServed } from '../../../../edge/tls/served.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'
import { silentLog } from '../../../../edge/shell/log.ts'

const dayMs = 24 * 3600 * 1000
const nowMs = Date.UTC(2026, 10, 21, 6, 5, 0)
const name = 'tingchao.test'
const subject = { stationName: 'Tingchao Police Station', stationCode: '000000010000', name }
const random = createSeededRandom('transport')

let top = ''
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'outpost-tls-'))
})
afterEach(() => rmSync(top, { recursive: true, force: true }))

const ensure = (more: { nowMs?: number; name?: string } = {}) =>
  ensureTransport({
    folder: join(top, 'keys', 'transport'),
    caFile: join(top, 'cards', 'station-ca.crt'),
    ...subject,
    random,
    nowMs,
    ...more,
  })
const certificateOf = (path: string) => new X509Certificate(readFileSync(path))
const lifeMs = (certificate: X509Certificate) => certificate.validToDate.getTime() - certificate.validFromDate.getTime()

describe('certificates', () => {
  it('the authority is one of its own, signs servers alone, and lives ten years', async () => {
    const authority = new X509Certificate((await makeAuthority(subject, { random, nowMs })).certificate)
    expect(authority.ca).toBe(true)
    expect(authority.verify(authority.publicKey)).toBe(true)
    expect(authority.subject).toBe('CN=Outpost Tingchao Police Station transport authority\nO=000000010000')
    expect(lifeMs(authority)).toBe(authorityDays * dayMs)
    expect(authority.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
  })

  it('the certificate of the server says the one name, is signed by the authority and lives at most 397 days', async () => {
    const authority = await makeAuthority(subject, { random, nowMs })
    const pem = (await issueServer(authority, name, { random, nowMs })).certificate
    const server = new X509Certificate(pem)
    expect(server.ca).toBe(false)
    expect(server.subjectAltName).toBe(`DNS:${name}`)
    expect(server.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true)
    expect(lifeMs(server)).toBeLessThanOrEqual(serverDaysMax * dayMs)
    expect(server.validFromDate.getTime()).toBeLessThanOrEqual(nowMs)
    expect(pem.endsWith(authority.certificate)).toBe(true)
  })

  it('a server certificate never outlives its authority', async () => {
    const authority = await makeAuthority(subject, { random, nowMs: nowMs - (authorityDays - 40) * dayMs })
    const server = new X509Certificate((await issueServer(authority, name, { random, nowMs })).certificate)
    expect(server.validToDate).toEqual(new X509Certificate(authority.certificate).validToDate)
  })

  it('serial numbers come from the chance that was handed in and differ', async () => {
    const serials = await Promise.all(
      ['a', 'a', 'b'].map(async (seed) => {
        const made = await makeAuthority(subject, { random: createSeededRandom(seed), nowMs })
        return new X509Certificate(made.certificate).serialNumber
      }),
    )
    expect(serials[0]).toBe(serials[1])
    expect(serials[0]).not.toBe(serials[2])
    expect(serials[0]).toHaveLength(32)
  })
})

describe('a connection', () => {
  it('over TLS 1.3 under the station name is taken by who trusts the authority', async () => {
    expect(await handshake(await servedFor(name))).toEqual({ authorized: true, protocol: 'TLSv1.3' })
  })

  it('of the same authority for another name is refused: the authority is good for one name alone', async () => {
    const authority = await makeAuthority(subject, { random, nowMs: Date.now() })
    const other = await issueServer(authority, 'bank.test', { random, nowMs: Date.now() })
    const seen = await handshake({ ...other, ca: authority.certificate }, 'bank.test')
    expect(seen).toEqual({ refused: 'permitted subtree violation' })
  })

  it('without the authority is refused', async () => {
    const served = await servedFor(name)
    expect(await handshake({ ...served, ca: (await servedFor(name)).ca })).toMatchObject({
      refused: expect.any(String),
    })
  })

  interface Served {
    readonly key: string
    readonly certificate: string
    readonly ca: string
  }
  async function servedFor(host: string): Promise<Served> {
    // TLS itself looks at the real clock.
    const authority = await makeAuthority({ ...subject, name: host }, { random, nowMs: Date.now() })
    return { ...(await issueServer(authority, host, { random, nowMs: Date.now() })), ca: authority.certificate }
  }
  async function handshake({ key, certificate, ca }: Served, servername = name) {
    const server = createServer({ key, cert: certificate, minVersion: 'TLSv1.3' })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      return await new Promise<object>((resolve) => {
        const { port } = server.address() as AddressInfo
        const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
          resolve({ authorized: socket.authorized, protocol: socket.getProtocol() })
          socket.end()
        })
        socket.on('error', (cause: Error) => resolve({ refused: cause.message }))
      })
    } finally {
      await new Promise((closed) => server.close(closed))
    }
  }
})

describe('files', () => {
  it('keys are 0600 in a 0700 folder, and the public file holds the authority alone', async () => {
    const { certFile, keyFile, caFile, spki, fingerprint, isNew } = await ensure()
    expect(isNew).toBe(true)
    expect(statSync(join(top, 'keys', 'transport')).mode & 0o777).toBe(0o700)
    for (const path of [keyFile, certFile, join(top, 'keys/transport/authority.key')])
      expect(statSync(path).mode & 0o777).toBe(0o600)
    const authority = certificateOf(caFile)
    expect(readFileSync(caFile, 'utf8').match(/BEGIN/g)).toHaveLength(1)
    expect(authority.ca).toBe(true)
    expect(authority.fingerprint256).toBe(fingerprint)
    expect(spki).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  })

  it('a second start changes nothing', async () => {
    const first = await ensure()
    const before = readFileSync(first.certFile, 'utf8')
    const second = await ensure({ nowMs: nowMs + 100 * dayMs })
    expect(second).toEqual({ ...first, isNew: false })
    expect(readFileSync(first.certFile, 'utf8')).toBe(before)
  })

  it.each([
    ['with 31 days left stays', serverDaysMax - 1 - renewDays - 1, false],
    ['with less than 30 days left is renewed', serverDaysMax - 1 - renewDays + 1, true],
    ['that has ended is renewed', serverDaysMax + 10, true],
    ['of a clock that was set back is renewed', -10, true],
  ])('a server certificate %s', async (_, days, isRenewed) => {
    const first = await ensure()
    const before = certificateOf(first.certFile)
    const second = await ensure({ nowMs: nowMs + days * dayMs })
    expect(certificateOf(first.certFile).serialNumber !== before.serialNumber).toBe(isRenewed)
    expect(second.spki).toBe(first.spki)
  })

  it('another host name makes both certificates anew over the same authority key', async () => {
    const first = await ensure()
    const key = readFileSync(join(top, 'keys/transport/authority.key'), 'utf8')
    const second = await ensure({ name: 'other.test' })
    expect(second).toMatchObject({ spki: first.spki, isNew: true })
    expect(second.fingerprint).not.toBe(first.fingerprint)
    expect(certificateOf(second.certFile).subjectAltName).toBe('DNS:other.test')
    expect(readFileSync(join(top, 'keys/transport/authority.key'), 'utf8')).toBe(key)
  })

  it('an authority that cannot cover a whole server certificate any more is made anew over its key', async () => {
    const first = await ensure()
    const later = await ensure({ nowMs: nowMs + (authorityDays - serverDaysMax) * dayMs })
    expect(later).toMatchObject({ isNew: true, spki: first.spki })
  })

  it('a lost certificate comes again over the key that is there', async () => {
    const first = await ensure()
    rmSync(join(top, 'keys/transport/authority.crt'))
    rmSync(first.certFile)
    expect((await ensure()).spki).toBe(first.spki)
    expect(existsSync(first.certFile)).toBe(true)
  })

  it('a broken authority key is a fault and stays as it is', async () => {
    await ensure()
    const path = join(top, 'keys/transport/authority.key')
    writeFileSync(path, 'no key')
    await expect(ensure()).rejects.toMatchObject({ code: 'store/corrupt', detail: { file: 'authority.key' } })
    expect(readFileSync(path, 'utf8')).toBe('no key')
  })
})

describe('what is served', () => {
  it('a key that others can read is a fault', async () => {
    const files = await ensure()
    chmodSync(files.keyFile, 0o640)
    expect(() => readServed({ ...files, name })).toThrow(
      expect.objectContaining({ code: 'config/invalid', detail: { faults: 'tls.keyFile: open to others' } }),
    )
  })

  it('a certificate of another key is a fault', async () => {
    const files = await ensure()
    writeFileSync(
      files.keyFile,
      (await issueServer(await makeAuthority(subject, { random, nowMs }), name, { random, nowMs })).key,
    )
    expect(() => readServed({ ...files, name })).toThrow(expect.objectContaining({ code: 'config/invalid' }))
  })

  it('a renewed pair is taken up within the hour, a broken one is not', async () => {
    const files = await ensure()
    const timers = createFakeClock()
    const used: string[] = []
    const stop = watchServed({ ...files, name }, readServed({ ...files, name }), {
      timers,
      log: silentLog,
      use: (cert) => used.push(cert),
    })
    timers.advance(3600_000)
    expect(used).toEqual([])
    await ensure({ nowMs: nowMs + 390 * dayMs })
    timers.advance(3600_000)
    expect(used).toEqual([readFileSync(files.certFile, 'utf8')])
    writeFileSync(files.certFile, 'broken')
    timers.advance(3600_000)
    expect(used).toHaveLength(1)
    stop()
    expect(timers.pending()).toBe(0)
  })
})
