import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pinCosts } from '#crypto/pin.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import type { ConsoleRole, VisitDetail, VisitPage } from '#protocols/http/console.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { silentLog } from '../../../../edge/shell/log.ts'
import { rights } from '../../../../hub/http/access.ts'
import { createApp } from '../../../../hub/http/app.ts'
import { createLive } from '../../../../hub/http/live.ts'
import { createSessions } from '../../../../hub/http/sessions.ts'
import { createOperators } from '../../../../hub/operators.ts'
import type { Database } from '../../../../hub/store/database.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'
import {
  createTestHub,
  createTestStation,
  startTestServer,
  type TestHub,
  type TestServer,
  type TestStation,
} from '../test-hub.ts'

let server: TestServer
let database: Database
let hub: TestHub
let station: TestStation
let console: ReturnType<typeof createConsole>

beforeAll(async () => {
  await ready
  server = await startTestServer()
  const pages = join(server.folder, 'dist')
  mkdirSync(join(pages, 'hub-console'), { recursive: true })
  mkdirSync(join(pages, 'desk'), { recursive: true })
  mkdirSync(join(pages, 'assets'), { recursive: true })
  writeFileSync(join(pages, 'hub-console/index.html'), '<!doctype html><title>console</title>')
  writeFileSync(join(pages, 'desk/index.html'), '<!doctype html><title>desk</title>')
  writeFileSync(join(pages, 'assets/a.js'), 'export {}')
}, 60_000)
afterAll(() => server.close(), 60_000)
beforeEach(async () => {
  database = await server.database()
  hub = await createTestHub(database, server.folder)
  station = await createTestStation(hub, 'station-one')
  await hub.takeCard(station.card())
  console = createConsole()
  return () => station.close()
})

function createConsole() {
  const clock = createFakeClock()
  const live = createLive(clock)
  const operators = createOperators({ database, clock, random: systemRandom, cost: pinCosts.floor })
  const app = createApp({
    hub: { id: '00', name: '中心' },
    version: '0',
    database,
    operators,
    sessions: createSessions(database, clock, systemRandom),
    live,
    defs: recordDefs,
    clock,
    timers: clock,
    log: silentLog,
    isReceiverUp: () => true,
    pagesFolder: join(server.folder, 'dist'),
    demoPeople: null,
  })
  const get = (path: string, cookie = '') => app.request(path, { headers: { cookie } })
  const signIn = (account: string, pin: string) =>
    app.request('/api/session', {
      method: 'POST',
      body: JSON.stringify({ account, pin }),
      headers: { 'content-type': 'application/json' },
    })
  return {
    app,
    clock,
    live,
    operators,
    get,
    signIn,
    /** Cookie of a fresh operator of this role. */
    async as(role: ConsoleRole): Promise<string> {
      const pin = await operators.add({ account: `a-${role}`, name: role, role })
      const answer = await signIn(`a-${role}`, pin)
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    },
  }
}

async function importAll(): Promise<void> {
  for (const file of await station.seal()) await hub.importer.importFile(file)
}

describe('the console of the hub', { timeout: 60_000 }, () => {
  it('answers each route to exactly the roles of its row, and to nobody without a session', async () => {
    await importAll()
    const routes = {
      'stations.read': '/api/stations',
      'visits.read': '/api/visits',
      'figures.read': '/api/figures/visits',
      'quarantine.read': '/api/quarantine',
    } as const
    for (const role of ['bureau-leader', 'unit-leader', 'auditor', 'administrator'] as const) {
      const cookie = await console.as(role)
      for (const [action, path] of Object.entries(routes)) {
        const may = rights[action as keyof typeof routes].includes(role)
        expect((await console.get(path, cookie)).status, `${role} ${path}`).toBe(may ? 200 : 403)
      }
    }
    for (const path of [
      ...Object.values(routes),
      '/api/session',
      '/api/live',
      `/api/visits/${station.id}/${station.id}`,
    ])
      expect((await console.get(path)).status, path).toBe(401)
  })

  it('says of each station how far it has seen, what is missing, and what it may claim of its log', async () => {
    const id = await station.visit('help')
    await importAll()
    await station.push(station.handheld.sign('visit', id, 'do:begin', {}, station.versionOf(id)))
    await station.seal()
    await station.visit('consult')
    await importAll()
    const { stations } = (await (await console.get('/api/stations', await console.as('auditor'))).json()) as {
      stations: unknown[]
    }
    expect(stations).toMatchObject([
      {
        station: station.id,
        name: '听潮派出所',
        code: '000000010000',
        seenUpTo: { seq: 4 },
        missing: [{ seqFrom: 3, seqTo: 3 }],
        checkpoint: { state: 'unproved' },
        fork: null,
        waiting: 0,
        quarantined: 0,
      },
    ])
  })

  it('lists visits newest first by pages that neither skip nor repeat, filtered by station, day and state', async () => {
    for (let i = 0; i < 7; i++) await station.visit(i % 2 ? 'help' : 'consult')
    await importAll()
    const cookie = await console.as('auditor')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = (await (
        await console.get(`/api/visits?limit=3${cursor && `&cursor=${cursor}`}`, cookie)
      ).json()) as VisitPage
      seen.push(...page.visits.map(({ number }) => number ?? ''))
      cursor = page.cursor
    }
    expect(seen).toEqual(['V7', 'V6', 'V5', 'V4', 'V3', 'V2', 'V1'])
    const count = async (query: string) =>
      ((await (await console.get(`/api/visits?${query}`, cookie)).json()) as VisitPage).visits.length
    expect(await count(`station=${station.id}`)).toBe(7)
    expect(await count(`station=${'0'.repeat(32)}`)).toBe(0)
    expect(await count('from=2026-11-21&to=2026-11-21')).toBe(7)
    expect(await count('from=2026-11-22')).toBe(0)
    expect(await count('state=handling:signed')).toBe(7)
    expect(await count('state=presence:checkedOut')).toBe(0)
    for (const bad of ['limit=0', 'limit=201', 'cursor=x', 'from=2026-13-01', 'state=x', 'other=1'])
      expect((await console.get(`/api/visits?${bad}`, cookie)).status, bad).toBe(400)
  })

  it('shows each change of a visit with its signer, checked now against the stored bytes', async () => {
    const id = await station.visit('help')
    await importAll()
    const cookie = await console.as('auditor')
    const read = async () =>
      (await (await console.get(`/api/visits/${station.id}/${id}`, cookie)).json()) as VisitDetail
    const detail = await read()
    expect(detail.changes.map(({ kind, verified, signer }) => [kind, verified, signer.name])).toEqual([
      ['create', true, '员front-desk'],
      ['do:assign', true, '员front-desk'],
      ['do:sign', true, '员officer'],
    ])
    expect(detail.changes[0]?.withheld).toEqual([{ field: 'slipCode', why: 'reach-stay' }])
    expect(detail.visit).toMatchObject({ number: 'V1', handling: 'signed', signatures: { byOfficer: 3, byGateway: 0 } })
    expect(detail.fields).not.toHaveProperty('visitor')
    await database.query(
      `update change set signature = set_byte(signature, 5, (get_byte(signature, 5) # 1)) where kind = 'do:assign'`,
    )
    const tampered = await read()
    expect(tampered.changes.map(({ verified, code }) => [verified, code])).toEqual([
      [true, null],
      [false, 'lane/entry-forged'],
      [true, null],
    ])
    expect(await database.query('select act, account, record from audit order by n')).toEqual([
      { act: 'visit.read', account: 'a-auditor', record: id },
      { act: 'visit.read', account: 'a-auditor', record: id },
    ])
    expect((await console.get(`/api/visits/${station.id}/${'0'.repeat(32)}`, cookie)).status).toBe(404)
  })

  it('counts visits by day, station and reason', async () => {
    await station.visit('help')
    await station.visit('help')
    await station.visit('consult')
    await importAll()
    const answer = await console.get('/api/figures/visits?from=2026-11-01', await console.as('unit-leader'))
    expect(await answer.json()).toEqual({
      rows: [
        { day: '2026-11-21', station: station.id, reason: 'consult', n: 1 },
        { day: '2026-11-21', station: station.id, reason: 'help', n: 2 },
      ],
    })
  })

  it('counts a wrong PIN before it looks, locks after five for a quarter of an hour, and says the same of an unknown account', async () => {
    const pin = await console.operators.add({ account: 'someone', name: 'Someone', role: 'auditor' })
    const codeOf = async (answer: Response) => ((await answer.json()) as { code?: string }).code ?? 'in'
    expect(await codeOf(await console.signIn('nobody-here', pin))).toBe('logon/failed')
    for (let i = 0; i < 5; i++) expect(await codeOf(await console.signIn('someone', 'wrong'))).toBe('logon/failed')
    expect(await codeOf(await console.signIn('someone', pin))).toBe('logon/locked')
    console.clock.advance(15 * 60 * 1000 + 1)
    expect(await codeOf(await console.signIn('someone', pin))).toBe('in')
    for (let i = 0; i < 4; i++) await console.signIn('someone', 'wrong')
    expect(await codeOf(await console.signIn('someone', pin))).toBe('in')
  })

  it('ends a session after thirty silent minutes, after twelve hours, and at signing out', async () => {
    const cookie = await console.as('auditor')
    expect(cookie).toMatch(/^__Host-console=/)
    console.clock.advance(29 * 60 * 1000)
    expect((await console.get('/api/session', cookie)).status).toBe(200)
    console.clock.advance(31 * 60 * 1000)
    expect((await console.get('/api/session', cookie)).status).toBe(401)
    const pin = await console.operators.add({ account: 'b', name: 'B', role: 'auditor' }).catch(() => '')
    expect(pin).toBe('') // an account has at least two characters
    const again = await console.as('unit-leader')
    for (let i = 0; i < 30; i++) {
      console.clock.advance(25 * 60 * 1000)
      const { status } = await console.get('/api/session', again)
      if ((i + 1) * 25 > 12 * 60) expect(status).toBe(401)
      else expect(status).toBe(200)
    }
    const last = await console.as('administrator')
    await console.app.request('/api/session', { method: 'DELETE', headers: { cookie: last } })
    expect((await console.get('/api/session', last)).status).toBe(401)
  })

  it('pokes an open console when something was imported, without a word of content', async () => {
    const cookie = await console.as('auditor')
    const answer = await console.get('/api/live', cookie)
    const reader = (answer.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .getReader()
    expect((await reader.read()).value).toContain('event: beat')
    console.live.poke({ kind: 'bundle', station: station.id })
    const { value } = await reader.read()
    expect(value).toContain('event: poke')
    expect(JSON.parse(/data: (.*)/.exec(value ?? '')?.[1] ?? '')).toEqual({ kind: 'bundle', station: station.id })
    console.live.close()
    expect((await reader.read()).done).toBe(true)
  })

  it('sends its page with run-time styles allowed, everything else without, and no page of another face', async () => {
    const page = await console.get('/console')
    expect(await page.text()).toContain('console')
    expect(page.headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'")
    expect(page.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
    expect((await console.get('/console/visits')).status).toBe(200)
    const api = await console.get('/api/hello')
    expect(api.headers.get('content-security-policy')).not.toContain('unsafe-inline')
    expect(api.headers.get('cache-control')).toBe('no-store')
    expect((await console.get('/assets/a.js')).headers.get('content-type')).toContain('text/javascript')
    for (const path of [
      '/desk',
      '/desk/index.html',
      '/assets/../desk/index.html',
      '/console/../../etc/passwd',
      '/hub-console/index.html',
    ])
      expect((await (await console.get(path)).text()).includes('desk'), path).toBe(false)
  })

  it('refuses what comes from another site, and errors carry a code and no stack', async () => {
    const cookie = await console.as('auditor')
    const foreign = await console.app.request('/api/stations', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    expect(foreign.status).toBe(403)
    await database.query('drop table figure')
    const broken = await console.get('/api/figures/visits', cookie)
    expect(broken.status).toBe(500)
    expect(await broken.json()).toEqual({ code: 'internal/fault', detail: {} })
    const large = await console.app.request('/api/session', { method: 'POST', body: 'x'.repeat(20_000) })
    expect(large.status).toBe(413)
  })

  it('lets an administrator go on with a new epoch after a fork, and writes down who and why', async () => {
    const other = await createTestStation(hub, 'station-one')
    other.core.random.bytes(5)
    const [epoch] = await station.seal()
    const [otherEpoch] = await other.seal()
    await hub.importer.importFile(epoch as Uint8Array)
    await hub.importer.importFile(otherEpoch as Uint8Array).catch(() => {})
    const { fork } = (
      (await (await console.get('/api/stations', await console.as('administrator'))).json()) as {
        stations: { fork: { epoch: string } }[]
      }
    ).stations[0] as { fork: { epoch: string } }
    const accept = async (cookie: string) =>
      console.app.request(`/api/stations/${station.id}/accept-epoch`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ epoch: fork.epoch, reason: '网关已按备份恢复' }),
      })
    expect((await accept(await console.as('auditor'))).status).toBe(403)
    const pin = await console.operators.add({ account: 'admin-two', name: 'A', role: 'administrator' })
    const cookie = ((await console.signIn('admin-two', pin)).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect((await accept(cookie)).status).toBe(204)
    expect((await hub.importer.importFile(otherEpoch as Uint8Array)).verdict).toBe('imported')
    expect(await database.query('select account, act from audit')).toEqual([
      { account: 'admin-two', act: 'lane.accept-epoch' },
    ])
    other.close()
  })
})
