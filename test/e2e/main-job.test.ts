/** The main job on real parts: a visit from the kiosk to the hub, with the handheld offline in the middle. */
import { type Browser, expect as see } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DemoPerson } from '#protocols/http/session.ts'
import { visit } from '#protocols/records/visit.ts'
import { errorText } from '#protocols/text/errors.ts'
import { t, textOf } from '#protocols/text/text.ts'
import { type Cable, createCable } from '../fixtures/cable.ts'
import { launchChromium, openContext } from '../fixtures/chromium.ts'
import { type DemoStation, startDemoStation } from '../fixtures/demo-station.ts'
import {
  assignAtDesk,
  checkInAtKiosk,
  chooseAtDesk,
  deskText,
  enrolDesk,
  enrolHandheld,
  enrolKiosk,
  handheldText,
  hubText,
  leaveAtKiosk,
  like,
  rateAtKiosk,
  signInAtHub,
  unlockHandheld,
} from './faces.ts'

let station: DemoStation
let browser: Browser
let cable: Cable

beforeAll(async () => {
  station = await startDemoStation({ args: ['--fresh'] })
  browser = await launchChromium()
  cable = await createCable(station.ports)
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(async () => {
  await browser?.close()
  await cable?.close()
  await station?.stop()
})

const named = (name: string): DemoPerson => {
  const person = station.people.find((each) => each.name === name)
  if (!person) throw new Error(`nobody is called ${name}`)
  return person
}
const layDocument = async (document: string) => {
  const response = await fetch(new URL('/swipe', station.urls.reader), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ document }),
  })
  expect(response.status).toBe(200)
}

describe('a visit from the kiosk to the hub', () => {
  it('survives an officer without a network in the middle, and arrives signed', async () => {
    const officer = named('周银杏')
    const kiosk = await openContext(browser, 'kiosk')
    const desk = await openContext(browser, 'desk')
    const handheld = await openContext(browser, 'handheld')
    await enrolKiosk(kiosk.page, station.urls.kiosk)
    await enrolDesk(desk.page, station.urls.desk, named('宋木槿'))
    await enrolHandheld(handheld.page, `http://127.0.0.1:${cable.port}/h/`, officer)

    const slip = await checkInAtKiosk(kiosk.page, () => layDocument('lin'), '咨询')

    // The desk sees it without a reload, and assigns.
    await chooseAtDesk(desk.page, slip.number, deskText.lists.waiting)
    await assignAtDesk(desk.page, officer)

    // The officer is told; then the network is gone.
    const field = handheld.page
    await see(field.getByText(slip.number).first()).toBeVisible({ timeout: 20_000 })
    await see(field.getByText(handheldText.today.notificationsTitle).first()).toBeVisible()
    await cable.cut()
    await field.getByText(slip.number).first().click()
    await field.getByRole('button', { name: new RegExp(`^${handheldText.visit.sign}`) }).click()
    await field.getByRole('button', { name: new RegExp(`^${handheldText.visit.begin}`) }).click()
    await field.getByRole('button', { name: new RegExp(`^${handheldText.visit.feedback}`) }).click()
    await field.getByLabel(handheldText.feedback.label).fill('已当面解答，材料齐全。')
    await field.getByRole('button', { name: handheldText.feedback.send }).click()
    await field.getByRole('link', { name: handheldText.visit.addPhoto }).first().click()
    await field.getByRole('button', { name: handheldText.camera.shutter }).click({ timeout: 20_000 })
    await see(field.getByText(like(handheldText.camera.taken)).first()).toBeVisible({ timeout: 20_000 })
    await field.goBack()
    await field.getByRole('button', { name: new RegExp(`^${handheldText.visit.finish}`) }).click()
    await field.getByRole('dialog').getByRole('button', { name: like(handheldText.visit.finishDo) }).click()

    // A reload without a network: the page opens from the device, the PIN opens the replica, everything is there.
    await field.reload()
    await unlockHandheld(field, officer)
    await see(field.getByText(slip.number).first()).toBeVisible({ timeout: 60_000 })
    await see(field.getByText('已当面解答，材料齐全。').first()).toBeVisible()
    await see(field.locator('img[src^="blob:"]').first()).toBeVisible()

    // The network returns: desk and kiosk see it.
    await cable.mend()
    await see(desk.page.getByText('已当面解答，材料齐全。').first()).toBeVisible({ timeout: 60_000 })
    await leaveAtKiosk(kiosk.page, slip)
    await rateAtKiosk(kiosk.page)

    // And the hub holds it, with the officer's signature verified.
    const hub = await openContext(browser, 'hub')
    await signInAtHub(hub.page, station.urls.hub)
    const crossed = hub.page.locator('button.row').filter({ hasText: slip.number })
    await see(crossed).toBeVisible({ timeout: 60_000 })
    await see(crossed.getByText(hubText.signatures.verified)).toBeVisible()
    await crossed.click()
    const detail = hub.page.getByRole('complementary', { name: hubText.visits.detail })
    await see(detail.getByText(officer.name).first()).toBeVisible({ timeout: 20_000 })
    await see(detail.getByText(hubText.changes.good).first()).toBeVisible()
    await see(detail.getByText(hubText.changes.notGood)).toHaveCount(0)
    expect(hub.faults).toEqual([])
    for (const face of [kiosk, desk, handheld]) expect(face.faults).toEqual([])
  }, 240_000)

  it('leaves a change that came too late on the handheld, with its reason and what to do', async () => {
    const officer = named('吴梧桐')
    const kiosk = await openContext(browser, 'kiosk')
    const desk = await openContext(browser, 'desk')
    const leader = await openContext(browser, 'desk')
    const handheld = await openContext(browser, 'handheld')
    await enrolKiosk(kiosk.page, station.urls.kiosk)
    await enrolDesk(desk.page, station.urls.desk, named('宋木槿'))
    await enrolDesk(leader.page, station.urls.desk, named('秦柏树'))
    await enrolHandheld(handheld.page, `http://127.0.0.1:${cable.port}/h/`, officer)
    const slip = await checkInAtKiosk(kiosk.page, () => layDocument('chen'), '求助')
    await chooseAtDesk(desk.page, slip.number, deskText.lists.waiting)
    await assignAtDesk(desk.page, officer)
    await see(handheld.page.getByText(slip.number).first()).toBeVisible({ timeout: 20_000 })

    // Out of reach the officer signs, while the duty leader takes the visit back.
    await cable.cut()
    await handheld.page.getByText(slip.number).first().click()
    await handheld.page.getByRole('button', { name: new RegExp(`^${handheldText.visit.sign}`) }).click()
    await chooseAtDesk(leader.page, slip.number, deskText.lists.inHand)
    await leader.page.getByRole('button', { name: new RegExp(`^${deskText.acts.handBack.name}`) }).first().click()
    await leader.page.locator('textarea').fill('改由他人办理')
    await leader.page.locator('button[type="submit"]').last().click()
    await see(desk.page.locator('button[data-visit]').filter({ hasText: slip.number }).first()).toBeVisible({ timeout: 20_000 })

    await cable.mend()
    await handheld.page.goto(`http://127.0.0.1:${cable.port}/h/`)
    await unlockHandheld(handheld.page, officer)
    await handheld.page.getByText(like(handheldText.today.refused.split('|')[0] ?? '')).first().click({ timeout: 60_000 })
    // The visit itself has left this officer's scope; the act, its reason and what to do stay.
    await see(handheld.page.getByText(textOf(visit.tracks['handling']?.transitions['sign']?.title ?? t('', ''), 'zh-CN')).first()).toBeVisible()
    await see(handheld.page.getByText(errorText('change/denied', 'zh-CN').happened).first()).toBeVisible()
    await see(handheld.page.getByRole('button', { name: handheldText.refused.dismiss }).first()).toBeVisible()
    for (const face of [kiosk, desk, leader, handheld]) expect(face.faults).toEqual([])
  }, 240_000)
})
