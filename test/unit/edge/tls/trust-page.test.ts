import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { makeAuthority } from '../../../../edge/tls/authority.ts'
import { openTrustPage } from '../../../../edge/tls/trust-page.ts'

const top = mkdtempSync(join(tmpdir(), 'outpost-trust-'))
const caFile = join(top, 'station-ca.crt')
let pem = ''
let page: Awaited<ReturnType<typeof openTrustPage>>
let address = ''
beforeAll(async () => {
  const subject = { stationName: 'Tingchao', stationCode: '000000010000', name: 'tingchao.test' }
  const made = { random: createSeededRandom('trust'), nowMs: Date.UTC(2026, 10, 21) }
  pem = (await makeAuthority(subject, made)).certificate
  writeFileSync(caFile, pem)
  page = await openTrustPage({
    host: '127.0.0.1',
    port: 0,
    caFile,
    stationUrl: 'https://tingchao.test:8800/desk?a=1&b="<x>',
    stationName: { zh: '听潮<派出所>', en: 'Tingchao & Co' },
  })
  address = `http://127.0.0.1:${page.port}`
})
afterAll(async () => {
  await page.close()
  rmSync(top, { recursive: true, force: true })
})

it('gives the file that devices trust, and nothing secret', async () => {
  const answer = await fetch(`${address}/station-ca.crt`)
  expect(answer.headers.get('content-type')).toBe('application/x-x509-ca-cert')
  expect(await answer.text()).toBe(pem)
})

it('says in both languages what to do, without a script, and what the fingerprint must be', async () => {
  const answer = await fetch(`${address}/?from=a-sign`)
  const text = await answer.text()
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
  expect(text).not.toContain('<script')
  expect(text).toContain('信任本所的传输证书')
  expect(text).toContain('Trust the station&#39;s transport authority'.replace('&#39;', "'"))
  expect(text).toContain(new X509Certificate(pem).fingerprint256)
  expect(text).toContain('听潮&lt;派出所&gt;')
  expect(text).toContain('https://tingchao.test:8800/desk?a=1&amp;b=&quot;&lt;x&gt;')
})

it.each([
  ['GET', '/keys/server.key', 404],
  ['GET', '/../keys/authority.key', 404],
  ['GET', '/api/hello', 404],
  ['POST', '/', 405],
  ['DELETE', '/station-ca.crt', 405],
])('%s %s is answered with %i and nothing else', async (method, path, status) => {
  const answer = await fetch(`${address}${path}`, { method })
  expect([answer.status, await answer.text()]).toEqual([status, ''])
})

it('a file that is away for a moment is a fault of this answer, not the end of the page', async () => {
  rmSync(caFile)
  expect((await fetch(address)).status).toBe(500)
  writeFileSync(caFile, pem)
  expect((await fetch(address)).status).toBe(200)
})
