import { rmSync } from 'node:fs'
import type { BrowserContext, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ready as cryptoReady } from '#crypto/sodium'
import { type LiveGateway, type LivePerson, startLiveGateway } from '../fixtures/live-gateway.ts'
import { ask, buildPages, launch, newProfile, ready, until, violations, visit } from './data/world.ts'
import { launchKillable } from './page-store/browser-world.ts'

let gateway: LiveGateway
let pagesFolder: string
let officer: LivePerson
const contexts: BrowserContext[] = []
const profiles: { path: string; remove(): void }[] = []

beforeAll(async () => {
  await cryptoReady
  pagesFolder = await buildPages()
  gateway = await startLiveGateway({ pagesFolder })
  officer = await gateway.addPerson('100300', ['officer'])
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
  for (const profile of profiles.splice(0)) profile.remove()
})
afterAll(async () => {
  await gateway.stop()
  rmSync(pagesFolder, { recursive: true, force: true })
})

const begin = async (): Promise<BrowserContext> => {
  const profile = newProfile()
  profiles.push(profile)
  const context = await launch(profile.path)
  contexts.push(context)
  return context
}
const handheld = (context: BrowserContext): Promise<Page> => visit(context, `${gateway.origin}/h/`)
const phase = (page: Page, wanted: string): Promise<Record<string, unknown>> =>
  until(page, 'status$', [], 'phase', wanted)
const must = async (page: Page, name: string, ...args: unknown[]): Promise<unknown> => {
  const answer = await ask(page, name, ...args)
  expect(answer, name).toMatchObject({ ok: true })
  return answer.value
}
const logOn = async (page: Page): Promise<void> => {
  await phase(page, 'unenrolled')
  await must(page, 'enrolDemo')
  await must(page, 'logon', officer.policeNumber, officer.pin)
  await phase(page, 'open')
}
const task = (title: string) => ({
  type: 'task',
  record: null,
  kind: 'create',
  values: { title, responsible: officer.account, unit: gateway.unit, label: 'internal', born: { task: 'issued' } },
})
const write = async (page: Page, title: string): Promise<string> =>
  ((await must(page, 'commit', task(title))) as { record: string }).record

describe('the data worker in a browser', () => {
  it('enrols, logs on, writes and is complete under the product’s own security policy, without one violation', async () => {
    const page = await handheld(await begin())
    await logOn(page)
    const record = await write(page, '浏览器')
    await until(page, 'own$', [], 'length', 0)
    expect(gateway.store.records.find(record)?.fields['title']).toBe('浏览器')
    const shown = await until<{ fields: { title: string } }>(page, 'watchOne', ['task', record], 'pendingChanges', 0)
    expect(shown.fields.title).toBe('浏览器')
    const status = await phase(page, 'open')
    expect(status).toMatchObject({ online: true, pending: 0, trouble: null })
    expect(status['complete']).not.toBeNull()
    expect(await violations(page)).toEqual([])
  })

  it('a refusal crosses to the page with its code and detail', async () => {
    const page = await handheld(await begin())
    await logOn(page)
    expect(await ask(page, 'unlock', officer.account, 'x')).toMatchObject({ ok: false, code: 'request/invalid' })
    const refused = { type: 'task', record: '0'.repeat(32), kind: 'update', values: { title: 'x' } }
    expect(await ask(page, 'commit', refused)).toMatchObject({ value: { ok: false, code: 'change/record-unknown' } })
  })

  it('is locked after the page was loaded anew, counts wrong PINs across that, and opens without the gateway', async () => {
    const own = await startLiveGateway({ pagesFolder })
    const person = await own.addPerson('100301', ['officer'])
    const page = await visit(await begin(), `${own.origin}/h/`)
    await phase(page, 'unenrolled')
    await must(page, 'enrolDemo')
    await must(page, 'logon', person.policeNumber, person.pin)
    const draft = { ...task('离线'), values: { ...task('离线').values, responsible: person.account, unit: own.unit } }
    const { record } = (await must(page, 'commit', draft)) as { record: string }
    await until(page, 'own$', [], 'length', 0)

    await page.reload()
    await ready(page)
    await phase(page, 'locked')
    expect(await must(page, 'officers')).toMatchObject([{ account: person.account }])
    expect(await ask(page, 'unlock', person.account, '00000001')).toMatchObject({
      code: 'logon/failed',
      detail: { left: 4 },
    })
    await page.reload()
    await ready(page)
    await phase(page, 'locked')
    expect(await ask(page, 'unlock', person.account, '00000002')).toMatchObject({
      code: 'logon/failed',
      detail: { left: 3 },
    })

    await own.stop()
    await must(page, 'unlock', person.account, person.pin)
    const shown = await until<{ fields: { title: string } }>(page, 'watchOne', ['task', record], 'pendingChanges', 0)
    expect(shown.fields.title).toBe('离线')
    expect(await must(page, 'commit', { type: 'task', record, kind: 'do:takeUp', values: {} })).toMatchObject({
      ok: true,
    })
    expect(await until(page, 'status$', [], 'pending', 1)).toMatchObject({ phase: 'open' })
  })

  it('locking clears the keys and loads the page anew', async () => {
    const page = await handheld(await begin())
    await logOn(page)
    const loaded = page.waitForEvent('load')
    await ask(page, 'lock').catch(() => {})
    await loaded
    await ready(page)
    await phase(page, 'locked')
    expect(await ask(page, 'commit', task('x'))).toMatchObject({ ok: false, code: 'session/none' })
  })

  it('a second window stands aside; when it takes over, the first one is loaded anew and stands aside', async () => {
    const context = await begin()
    const first = await handheld(context)
    await logOn(first)
    const second = await handheld(context)
    await phase(second, 'elsewhere')
    const loaded = first.waitForEvent('load')
    await must(second, 'takeOver')
    await phase(second, 'locked')
    await loaded
    await ready(first)
    await phase(first, 'elsewhere')
    await must(second, 'unlock', officer.account, officer.pin)
    await write(second, '接管之后')
    await until(second, 'own$', [], 'length', 0)
  })

  it('the device’s own key signs and cannot be read out', async () => {
    const page = await handheld(await begin())
    await logOn(page)
    const found = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('outpost-handheld')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      const row = await new Promise<Record<string, CryptoKey>>((resolve) => {
        const request = database.transaction('keys').objectStore('keys').get('device')
        request.onsuccess = () => resolve(request.result)
      })
      database.close()
      const exported = async (key: CryptoKey, format: 'raw' | 'pkcs8' | 'jwk') =>
        crypto.subtle.exportKey(format as 'jwk', key).then(
          () => 'exported',
          (cause: Error) => cause.name,
        )
      const { d1, secretKey } = row as { d1: CryptoKey; secretKey: CryptoKey }
      return {
        algorithms: [d1.algorithm.name, secretKey.algorithm.name],
        tries: await Promise.all([exported(d1, 'pkcs8'), exported(d1, 'jwk'), exported(secretKey, 'raw')]),
      }
    })
    expect(found).toEqual({
      algorithms: ['Ed25519', 'AES-GCM'],
      tries: ['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError'],
    })
  })

  it('an edit that was confirmed survives the death of the browser, and goes up after it', async () => {
    const own = await startLiveGateway({ pagesFolder })
    const person = await own.addPerson('100302', ['officer'])
    const profile = newProfile()
    profiles.push(profile)
    const browser = await launchKillable(profile.path)
    const page = await visit(browser.context, `${own.origin}/h/`)
    await phase(page, 'unenrolled')
    await must(page, 'enrolDemo')
    await must(page, 'logon', person.policeNumber, person.pin)
    await until(page, 'status$', [], 'pending', 0)
    const draft = { ...task('断电'), values: { ...task('断电').values, responsible: person.account, unit: own.unit } }
    // The gateway takes nothing in meanwhile, so that only the disk can bring it back.
    own.store.database.prepare('update device_cert set revoked = 1').run()
    const { record } = (await must(page, 'commit', draft)) as { record: string }
    await browser.kill()
    expect(own.store.records.find(record)).toBeNull()
    own.store.database.prepare('update device_cert set revoked = 0').run()

    const context = await launch(profile.path)
    contexts.push(context)
    const again = await visit(context, `${own.origin}/h/`)
    expect(await phase(again, 'locked')).toMatchObject({ pending: 1 })
    await must(again, 'unlock', person.account, person.pin)
    await until(again, 'status$', [], 'pending', 0)
    await until(again, 'own$', [], 'length', 0)
    expect(own.store.records.find(record)?.fields['title']).toBe('断电')
    await own.stop()
  })
})

describe('the kiosk session in a browser', () => {
  it('enrols, is there again after a reload, and breaks no policy', async () => {
    const page = await visit(await begin(), `${gateway.origin}/kiosk`)
    await until(page, 'state$', [], 'phase', 'unenrolled')
    await must(page, 'enrolDemo')
    await until(page, 'state$', [], 'online', true)
    expect(await must(page, 'call', '/api/kiosk/begin', {})).toMatchObject({ reader: 'offline' })
    await page.reload()
    await ready(page)
    await until(page, 'state$', [], 'online', true)
    expect(await must(page, 'call', '/api/kiosk/begin', {})).toMatchObject({ reader: 'offline' })
    expect(await violations(page)).toEqual([])
  })
})
