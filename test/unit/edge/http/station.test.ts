import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { fromBase64Url } from '#crypto/bytes.ts'
import { encodeChange } from '#protocols/change/change.ts'
import { openManifest } from '#protocols/sync/manifest.ts'
import type { PullAnswer } from '#protocols/sync/pull.ts'
import type { KioskFound, Slip } from '#protocols/http/kiosk.ts'
import type { DocumentReading } from '#protocols/device/reading.ts'
import {
  createGatewayApp,
  enrolBrowser,
  type GatewayApp,
  listenKiosk,
  type TestBrowser,
} from '../../../fixtures/gateway-app.ts'

await ready
let gateway: GatewayApp
beforeEach(async () => {
  gateway = await createGatewayApp()
})
afterEach(() => gateway.core.close())

const numberOf = { officer: '100100', desk: '100101', auditor: '100103' }

const reading: DocumentReading = {
  ok: true,
  documentType: 'identityCard',
  number: '00000019881222404X',
  numberMasked: '000***********404X',
  name: '林小满',
  nameVerified: false,
  sex: 'f',
  birth: '1988-12-22',
  address: null,
  nationality: null,
  validFrom: null,
  validUntil: null,
  passed: ['document/check-digit'],
  failed: [],
}

/** A kiosk page that stands at a unit with a reader. */
async function standKiosk(): Promise<{ kiosk: TestBrowser; reader: string; unit: string }> {
  const { core, staff } = gateway
  const common = { unit: staff.unit, label: 'internal' }
  const unit = await core.make('device', { ...common, kind: 'kiosk', name: 'K1' })
  const reader = await core.make('device', { ...common, kind: 'reader', name: 'R1', kiosk: unit })
  const kiosk = await enrolBrowser(gateway, 'kiosk')
  await kiosk.kioskSession()
  return { kiosk, reader, unit }
}

async function visitAtKiosk() {
  const { kiosk, reader } = await standKiosk()
  const events = listenKiosk(gateway, kiosk.device)
  await kiosk.json('POST', '/api/kiosk/begin', {})
  gateway.kiosks.onReading(reader, 1, reading)
  const shown = events.find((event) => event.kind === 'document')
  if (shown?.kind !== 'document') throw new Error('no document')
  const { visit } = await kiosk.json<{ visit: string }>('POST', '/api/kiosk/arrive', {
    reading: shown.reading.reading,
    typed: null,
  })
  await kiosk.json('POST', '/api/kiosk/match', { visit, consent: true })
  await gateway.kiosks.onMatch({
    session: visit,
    score: 812,
    threshold: 700,
    model: 'simulator-1',
    decision: 'match',
    failed: [],
  })
  const slip = await kiosk.json<Slip>('POST', '/api/kiosk/check-in', {
    visit,
    reason: 'advice',
    reasonText: '',
    host: null,
    companions: 0,
  })
  return { kiosk, visit, slip, events, shown }
}

describe('enrolment and log-on', () => {
  it('takes a ticket once, for its face only', async () => {
    const browser = await enrolBrowser(gateway, 'handheld')
    const again = await browser.request('POST', '/api/enrol', browser.enrolRequest)
    expect(again.status).toBe(403)
  })
  it('gives the same refusal for an unknown number and a wrong PIN, and pauses after five', async () => {
    const browser = await enrolBrowser(gateway, 'handheld')
    expect(await (await browser.logon('999999')).json()).toMatchObject({ code: 'logon/failed' })
    for (let tries = 0; tries < 5; tries++) expect((await browser.logon(numberOf.officer, '00000000')).status).toBe(401)
    expect(await (await browser.logon(numberOf.officer)).json()).toMatchObject({ code: 'logon/locked' })
  })
  it('opens a session again by the keys that the grant names, without a PIN', async () => {
    const browser = await enrolBrowser(gateway, 'handheld')
    await browser.logon(numberOf.officer)
    browser.forgetCookie()
    expect((await browser.request('POST', '/api/live-ticket', {})).status).toBe(401)
    expect((await browser.session()).status).toBe(200)
    expect((await browser.request('POST', '/api/live-ticket', {})).status).toBe(200)
  })
  it('refuses a request that another site made', async () => {
    const response = await gateway.app.request('/api/hello', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(response.status).toBe(403)
  })
})

describe('a visit over HTTP', () => {
  it('goes through kiosk, desk and handheld, and the manifest agrees with what was pulled', async () => {
    const { kiosk, visit, events } = await visitAtKiosk()
    const desk = await enrolBrowser(gateway, 'desk')
    const handheld = await enrolBrowser(gateway, 'handheld')
    await desk.logon(numberOf.desk)
    await handheld.logon(numberOf.officer)
    const officer = gateway.staff.accounts['officer'] as string
    expect((await desk.push(desk.sign('visit', visit, 'do:assign', { officer }))).rows[0]?.outcome).toBe('admitted')
    const pulled = await handheld.json<PullAnswer>('POST', '/api/sync/pull', { checkpoint: null, limit: 1000 })
    const types = pulled.rows.map((row) => (row.dir === 'in' ? row.doc.type : row.type))
    expect(types).toContain('visit')
    const person = pulled.rows.find((row) => row.dir === 'in' && row.doc.type === 'person')
    expect(person?.dir === 'in' && Object.keys(person.doc.fields).sort()).toEqual([
      'documentType',
      'name',
      'numberMasked',
      'sex',
      'unit',
    ])
    const manifest = openManifest(fromBase64Url(pulled.manifest ?? ''), gateway.core.keys.sign.publicKey)
    expect(manifest.count).toBe(pulled.rows.filter((row) => row.dir === 'in').length)
    const receipt = await handheld.push(
      handheld.sign('visit', visit, 'do:sign'),
      handheld.sign('visit', visit, 'do:begin'),
      handheld.sign('visit', visit, 'update', { feedback: [['0'.repeat(32), '已说明']] }),
      handheld.sign('visit', visit, 'do:finish'),
    )
    expect(receipt.rows.map((row) => row.outcome)).toEqual(['admitted', 'admitted', 'admitted', 'admitted'])
    expect(await kiosk.json('POST', '/api/kiosk/check-out', { visit })).toEqual({ mayRate: true })
    await kiosk.json('POST', '/api/kiosk/rate', {
      visit,
      quality: 5,
      efficiency: 4,
      environment: 5,
      attitude: 5,
      tags: ['patient'],
    })
    expect(gateway.core.store.records.find(visit)?.tracks).toEqual({ presence: 'checkedOut', handling: 'closed' })
    expect(events.some((event) => event.kind === 'visit' && event.handling === 'closed')).toBe(true)
    const next = await handheld.json<PullAnswer>('POST', '/api/sync/pull', {
      checkpoint: pulled.checkpoint,
      limit: 1000,
    })
    expect(next.rows.length).toBeGreaterThan(0)
    const quiet = await handheld.json<PullAnswer>('POST', '/api/sync/pull', {
      checkpoint: next.checkpoint,
      limit: 1000,
    })
    expect(quiet.rows).toEqual([])
  })

  it('shows the kiosk nothing but a masked name and number', async () => {
    const { shown, events } = await visitAtKiosk()
    expect(shown.reading.numberMasked).toBe('000***********404X')
    expect(JSON.stringify(events)).not.toContain('林小满')
    expect(JSON.stringify(events)).not.toContain('00000019881222404X')
  })

  it('finds a visit by the slip alone, and says the same to a wrong number and a wrong code', async () => {
    const { kiosk, slip } = await visitAtKiosk()
    await kiosk.json('POST', '/api/kiosk/begin', {})
    const byQr = await kiosk.json<KioskFound>('POST', '/api/kiosk/find', {
      qr: slip.qr,
      number: null,
      code: null,
      reading: null,
    })
    expect(byQr).toMatchObject({ number: slip.number, mayCheckOut: true })
    const typed = { qr: null, number: slip.shortNumber, code: slip.code, reading: null }
    expect((await kiosk.json<KioskFound>('POST', '/api/kiosk/find', typed)).number).toBe(slip.number)
    const wrongCode = await kiosk.request('POST', '/api/kiosk/find', {
      ...typed,
      code: slip.code === '0000' ? '1111' : '0000',
    })
    const wrongNumber = await kiosk.request('POST', '/api/kiosk/find', { ...typed, number: '201231-9999' })
    expect([wrongCode.status, await wrongCode.text()]).toEqual([wrongNumber.status, await wrongNumber.text()])
  })

  it('lets no kiosk act on a visit that it did not make or find', async () => {
    const { visit } = await visitAtKiosk()
    const other = await enrolBrowser(gateway, 'kiosk')
    await other.kioskSession()
    expect((await other.request('POST', '/api/kiosk/check-out', { visit })).status).toBe(404)
  })

  it('refuses a document with a wrong check digit in words and keeps nothing of it', async () => {
    const { kiosk, reader } = await standKiosk()
    const events = listenKiosk(gateway, kiosk.device)
    await kiosk.json('POST', '/api/kiosk/begin', {})
    gateway.kiosks.onReading(reader, 1, { ...reading, failed: ['document/check-digit'], passed: [] })
    expect(events).toEqual([{ kind: 'document-refused', code: 'document/check-digit' }])
    const typed = { name: '某', documentType: 'identityCard', documentNumber: '110105194912310021', phone: '' }
    const answer = await kiosk.request('POST', '/api/kiosk/arrive', { reading: null, typed })
    expect(await answer.json()).toMatchObject({ code: 'document/check-digit' })
    expect(gateway.core.store.records.all('person')).toEqual([])
  })
})

describe('bad input at the border', () => {
  it('refuses a change with a broken signature, without a place in the log', async () => {
    const { visit } = await visitAtKiosk()
    const desk = await enrolBrowser(gateway, 'desk')
    await desk.logon(numberOf.desk)
    const change = desk.sign('visit', visit, 'update', { companions: 2 })
    const size = gateway.core.store.log.size()
    const broken = { ...change, signature: change.signature.map((byte, index) => (index === 5 ? byte ^ 1 : byte)) }
    expect((await desk.push(broken)).rows[0]).toMatchObject({ outcome: 'change/forged', seq: 0 })
    expect(gateway.core.store.log.size()).toBe(size)
    expect((await desk.push(change)).rows[0]?.outcome).toBe('admitted')
  })
  it('refuses every single flipped byte of a pushed change and stays alive', async () => {
    const { visit } = await visitAtKiosk()
    const desk = await enrolBrowser(gateway, 'desk')
    await desk.logon(numberOf.desk)
    const bytes = encodeChange(desk.sign('visit', visit, 'update', { companions: 2 }))
    let refused = 0
    for (let index = 0; index < bytes.length; index++) {
      const flipped = bytes.slice()
      flipped[index] = (flipped[index] as number) ^ 0x01
      const response = await desk.pushBytes(flipped)
      if (response.status !== 200) refused++
      else {
        const { rows } = await import('#protocols/sync/receipt.ts').then(async ({ openReceipt }) =>
          openReceipt(new Uint8Array(await response.arrayBuffer()), gateway.core.keys.sign.publicKey),
        )
        if (rows[0]?.outcome !== 'admitted') refused++
      }
    }
    expect(refused).toBe(bytes.length)
    expect((await desk.pushBytes(bytes)).status).toBe(200)
  })
  it('reads lists by rights: an officer sees the own visits only, nobody without a session anything', async () => {
    await visitAtKiosk()
    const handheld = await enrolBrowser(gateway, 'handheld')
    expect((await handheld.request('GET', '/api/records/visit')).status).toBe(401)
    await handheld.logon(numberOf.officer)
    expect((await handheld.json<{ rows: unknown[] }>('GET', '/api/records/visit')).rows).toEqual([])
    const auditor = await enrolBrowser(gateway, 'desk')
    await auditor.logon(numberOf.auditor)
    expect((await auditor.json<{ rows: unknown[] }>('GET', '/api/records/visit')).rows).toHaveLength(1)
  })
})
