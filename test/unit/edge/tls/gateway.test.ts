/** The whole gateway over TLS, as it serves its network: one name, no doors, one ticket for the first desk. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { concat, fromBase64Url, fromHex, toBase64Url } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { sign, signKeyPair } from '#crypto/sign.ts'
import { edgeConfig } from '../../../../edge/config.ts'
import { createGateway, type Gateway } from '../../../../edge/gateway.ts'
import { systemClock, systemTimers } from '../../../../edge/shell/clock.ts'
import { silentLog } from '../../../../edge/shell/log.ts'
import { ensureTransport } from '../../../../edge/tls/files.ts'

await ready
const name = 'tingchao.test'
const top = mkdtempSync(join(tmpdir(), 'outpost-lan-'))
const pagesFolder = join(top, 'pages')
let ca = ''
let files: Awaited<ReturnType<typeof ensureTransport>>
beforeAll(async () => {
  mkdirSync(join(pagesFolder, 'desk'), { recursive: true })
  writeFileSync(join(pagesFolder, 'desk/index.html'), '<!doctype html><title>desk</title>')
  files = await ensureTransport({
    folder: join(top, 'transport'),
    caFile: join(top, 'station-ca.crt'),
    stationName: 'Tingchao',
    stationCode: '000000010000',
    name,
    random: systemRandom,
    nowMs: systemClock.nowMs(),
  })
  ca = readFileSync(files.caFile, 'utf8')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

const settings = {
  dataFolder: join(top, 'station'),
  pagesFolder,
  host: '127.0.0.1',
  port: 0,
  station: { name: '听潮派出所', nameEn: 'Tingchao', code: '000000010000' },
  demo: false,
  demoData: true,
  firstTicket: true,
  logFile: null,
  broker: null,
  cameras: [],
  lane: null,
  verifyThreads: 0,
}
const tls = () => ({
  allowLan: true,
  tls: { certFile: files.certFile, keyFile: files.keyFile, name },
  trustPage: { port: 0, caFile: files.caFile },
})

let gateway: Gateway | null = null
afterEach(async () => {
  await gateway?.close()
  gateway = null
})
async function open(more: object = tls()): Promise<Gateway> {
  const config = edgeConfig.parse({ ...settings, ...more })
  gateway = await createGateway({
    config,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log: silentLog,
    demo: null,
  })
  return gateway
}

interface Asked {
  readonly method?: string
  readonly host?: string
  readonly body?: unknown
}
function ask(port: number, path: string, { method = 'GET', host = `${name}:${port}`, body }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const headers = { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const asked = request(
      { port, path, method, ca, servername: name, host: '127.0.0.1', headers, agent: false },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      },
    )
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** As a browser that was given the ticket does. */
async function enrolDesk(port: number, ticket: string) {
  const { nonce } = JSON.parse((await ask(port, '/api/nonce', { method: 'POST', body: {} })).text) as { nonce: string }
  const { publicKey, secretKey } = signKeyPair(systemRandom)
  const proof = sign('ticket', concat(fromBase64Url(ticket), fromHex(nonce), publicKey), secretKey)
  const body = {
    ticket,
    face: 'desk',
    name: 'desk 1',
    deviceKey: toBase64Url(publicKey),
    nonce,
    proof: toBase64Url(proof),
  }
  return ask(port, '/api/enrol', { method: 'POST', body })
}

describe('over its network', () => {
  it('answers to its name under TLS with the strict headers, and says that its people are invented', async () => {
    const { port } = await open()
    const answer = await ask(port, '/api/hello')
    expect(answer.status).toBe(200)
    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    expect(JSON.parse(answer.text)).toMatchObject({ demo: false, demoData: true })
    expect((await ask(port, '/desk')).text).toContain('desk')
  })

  it.each(['evil.test', '127.0.0.1', 'localhost', `${name}:1`, `x.${name}`])(
    'under the Host %s there is no page, no hello and no cookie',
    async (host) => {
      const { port } = await open()
      for (const path of ['/', '/desk', '/api/hello']) {
        const answer = await ask(port, path, { host })
        expect([answer.status, JSON.parse(answer.text)]).toEqual([421, { code: 'request/host-unknown', detail: {} }])
        expect(answer.headers['set-cookie']).toBeUndefined()
      }
    },
  )

  it('has no doors of a demonstration', async () => {
    const { port } = await open()
    expect((await ask(port, '/api/demo/people')).status).toBe(404)
    expect((await ask(port, '/api/demo/ticket', { method: 'POST', body: { face: 'desk' } })).status).toBe(404)
  })

  it('speaks no plain HTTP on that port', async () => {
    const { port } = await open()
    const code = await new Promise((resolve) => {
      const asked = httpRequest({ port, host: '127.0.0.1', path: '/api/hello', headers: { host: `${name}:${port}` } })
      asked.on('response', (answer) => resolve(answer.statusCode))
      asked.on('error', () => resolve('ended'))
      asked.end()
    })
    expect(code).toBe('ended')
  })

  it('opens live sockets under its name alone', async () => {
    const { port } = await open()
    const closeOf = (host: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`wss://127.0.0.1:${port}/api/live?ticket=none`, {
          createConnection: () => connect({ port, host: '127.0.0.1', servername: name, ca }),
          headers: { host },
          origin: `https://${host}`,
        })
        socket.on('close', (code, reason) => resolve([code, reason.toString()]))
        socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode))
        socket.on('error', () => {})
      })
    // Joined and sent away for its ticket, which comes from a session alone.
    expect(await closeOf(`${name}:${port}`)).toEqual([1008, 'session/none'])
    expect(await closeOf('evil.test')).toBe(421)
  })

  it('gives one ticket for the first desk, good once, and none when a desk is enrolled', async () => {
    const first = await open()
    const ticket = first.firstTicket ?? ''
    expect(ticket).toMatch(/^[\w-]{22}$/)
    expect((await enrolDesk(first.port, ticket)).status).toBe(200)
    expect(JSON.parse((await enrolDesk(first.port, ticket)).text)).toMatchObject({ code: 'enrol/ticket-unknown' })
    await first.close()
    expect((await open()).firstTicket).toBeNull()
  })

  it('offers the file of its authority beside, over plain HTTP', async () => {
    const { trustPort } = await open()
    const answer = await fetch(`http://127.0.0.1:${trustPort}/station-ca.crt`)
    expect(await answer.text()).toBe(ca)
  })
})

describe('on loopback', () => {
  it('plain HTTP is served to loopback names alone', async () => {
    const { port, trustPort } = await open({})
    expect(trustPort).toBeNull()
    const statusOf = (host: string) =>
      new Promise((resolve, reject) => {
        const asked = httpRequest({ port, host: '127.0.0.1', path: '/api/hello', headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        asked.on('error', reject)
        asked.end()
      })
    expect(await statusOf(`127.0.0.1:${port}`)).toBe(200)
    expect(await statusOf('localhost')).toBe(200)
    expect(await statusOf('rebound.evil.test')).toBe(421)
  })
})

describe('settings', () => {
  const faultsOf = (more: object) => {
    const parsed = edgeConfig.safeParse({ ...settings, ...more })
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
  }
  it.each([
    ['plain HTTP beyond loopback', { host: '0.0.0.0' }, ['host']],
    ['plain HTTP that was allowed on the network', { host: '0.0.0.0', allowLan: true }, ['host']],
    ['TLS beyond loopback that was not allowed', () => ({ ...tls(), host: '0.0.0.0', allowLan: false }), ['host']],
    ['demo doors beyond loopback', () => ({ ...tls(), host: '0.0.0.0', demo: true }), ['demo']],
    ['an address for a name', () => ({ tls: { ...tls().tls, name: '192.0.2.2' } }), ['tls.name']],
    ['a name in capitals', () => ({ tls: { ...tls().tls, name: 'Tingchao.test' } }), ['tls.name']],
    ['a trust page without an authority', () => ({ trustPage: tls().trustPage }), ['trustPage']],
  ])('%s is a fault', (_, more, faults) => expect(faultsOf(typeof more === 'function' ? more() : more)).toEqual(faults))

  it('TLS beyond loopback that was allowed is taken', () => {
    expect(faultsOf({ ...tls(), host: '0.0.0.0' })).toEqual([])
  })
})
