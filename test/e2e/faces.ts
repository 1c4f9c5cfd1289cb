/** Hands for the faces: what a visitor, a front desk and an officer do on their screens, by the words they read there. */
import { expect, type Page } from '@playwright/test'
import { en as deskEn } from '../../client/desk/text/en.ts'
import { zhCN as deskText } from '../../client/desk/text/zh-CN.ts'
import { en as hubEn } from '../../client/hub-console/text/en.ts'
import { zhCN as hubText } from '../../client/hub-console/text/zh-CN.ts'
import { en as handheldEn } from '../../client/handheld/text/en.ts'
import { zhCN as handheldText } from '../../client/handheld/text/zh-CN.ts'
import { en as kioskEn } from '../../client/kiosk/text/en.ts'
import { zhCN as kioskText } from '../../client/kiosk/text/zh-CN.ts'
import { en as sharedEn } from '../../client/shared/i18n/text/en.ts'
import { zhCN as sharedText } from '../../client/shared/i18n/text/zh-CN.ts'
import type { DemoPerson } from '#protocols/http/session.ts'
import type { Locale } from '#protocols/text/text.ts'
import type { SameKeys } from '../../client/shared/i18n/catalogue.ts'

export { deskText, handheldText, hubText, kioskText, sharedText }

/** What the screens say in each language. */
const zhWords = { desk: deskText, handheld: handheldText, hub: hubText, kiosk: kioskText, shared: sharedText }
export type Words = { [Face in keyof typeof zhWords]: SameKeys<(typeof zhWords)[Face]> }
export const wordsIn: Readonly<Record<Locale, Words>> = {
  'zh-CN': zhWords,
  en: { desk: deskEn, handheld: handheldEn, hub: hubEn, kiosk: kioskEn, shared: sharedEn },
}

/** A text with {named} parts as a pattern that any value fits. */
export const like = (text: string): RegExp =>
  new RegExp(text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[a-z]+\}/gi, '.*'))

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first()

export async function enrolDesk(page: Page, url: string, person: DemoPerson, w: Words = zhWords): Promise<void> {
  await page.goto(url)
  await button(page, w.desk.enrol.demoSend).click()
  await page.getByLabel(w.desk.logon.policeNumber).fill(person.policeNumber)
  await page.locator('input[type="password"], input[inputmode="numeric"]').last().fill(person.pin)
  await page.keyboard.press('Enter')
  await expect(page.getByText(w.desk.lists.waiting).first()).toBeVisible({ timeout: 60_000 })
}

export async function enrolHandheld(page: Page, url: string, person: DemoPerson, w: Words = zhWords): Promise<void> {
  await page.goto(url)
  await button(page, w.handheld.enrol.demoSend).click()
  await page.getByRole('button', { name: new RegExp(person.policeNumber) }).click()
  await expect(page.getByRole('heading', { name: w.handheld.today.title })).toBeVisible({ timeout: 60_000 })
}

/** The PIN on the pad, as a thumb types it. */
export async function unlockHandheld(page: Page, person: DemoPerson, w: Words = zhWords): Promise<void> {
  // With one officer on the device the pad is there at once; with several, who it is comes first.
  const pad = page.getByRole('button', { name: '1', exact: true })
  const who = page.getByRole('button', { name: new RegExp(person.policeNumber) })
  await pad.or(who).first().waitFor({ timeout: 60_000 })
  if (!(await pad.isVisible())) await who.click()
  for (const digit of person.pin) await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: w.shared.pin.enter, exact: true }).click()
}

export async function enrolKiosk(page: Page, url: string, w: Words = zhWords): Promise<void> {
  await page.goto(url)
  await button(page, w.kiosk.enrol.demoSend).click()
  await expect(button(page, new RegExp(w.kiosk.start.checkIn))).toBeVisible({ timeout: 60_000 })
}

/** The hub's console, as one of its demo people. */
export async function signInAtHub(page: Page, url: string, w: Words = zhWords): Promise<void> {
  await page.goto(url)
  await page.getByText(w.hub.signIn.demoTitle).waitFor({ timeout: 30_000 })
  await page.locator('ul.people button').first().click()
  await expect(page.getByText(w.hub.figures.title).first()).toBeVisible({ timeout: 30_000 })
}

/** Chooses a visit in whatever list of the desk holds it. */
export async function chooseAtDesk(page: Page, number: string, list: string, w: Words = zhWords): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(list) }).or(page.getByRole('button', { name: new RegExp(`^${list}`) })).first().click()
  await page.locator('button[data-visit]').filter({ hasText: number }).click({ timeout: 20_000 })
}

export async function assignAtDesk(page: Page, officer: DemoPerson, w: Words = zhWords): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${w.desk.acts.assign.name}`) }).first().click()
  await page.getByRole('combobox').fill(officer.name)
  await page.getByRole('button', { name: like(w.desk.assign.to) }).click()
}

export interface SlipOnScreen {
  readonly number: string
  readonly code: string
}

/** From the start page to the slip, with the document that `lay` puts on the reader. */
export async function checkInAtKiosk(page: Page, lay: () => Promise<unknown>, reason: string, w: Words = zhWords): Promise<SlipOnScreen> {
  await button(page, new RegExp(w.kiosk.start.checkIn)).click()
  await expect(page.getByRole('heading', { name: w.kiosk.card.title })).toBeVisible()
  await lay()
  await button(page, w.kiosk.who.yes).click({ timeout: 20_000 })
  await button(page, new RegExp(w.kiosk.consent.yes)).click()
  await expect(page.getByRole('heading', { name: w.kiosk.match.sameTitle })).toBeVisible({ timeout: 40_000 })
  await button(page, w.kiosk.kiosk.goOn).click()
  await page.getByRole('radio', { name: reason }).click()
  await button(page, w.kiosk.reason.send).click()
  const facts = page.locator('dl.figures').first()
  await expect(facts).toBeVisible({ timeout: 20_000 })
  const number = (await facts.locator('dd').nth(0).innerText()).trim()
  const code = (await facts.locator('dd').nth(1).innerText()).trim()
  return { number, code }
}

export async function leaveAtKiosk(page: Page, slip: SlipOnScreen, w: Words = zhWords): Promise<void> {
  await button(page, w.kiosk.slip.done).click().catch(() => {})
  await button(page, new RegExp(w.kiosk.start.leave)).click({ timeout: 30_000 })
  await button(page, w.kiosk.leave.type).click()
  // Today's date stands there already; a slip may be of another day. The code's turn comes by itself.
  await button(page, w.kiosk.pad.clear).click()
  await typeOnPad(page, slip.number.replace(/^V/, ''))
  await typeOnPad(page, slip.code)
  await button(page, w.kiosk.leave.find).click()
  await button(page, w.kiosk.found.checkOut).click({ timeout: 20_000 })
}

/** The best grade on every dimension, no tags. */
export async function rateAtKiosk(page: Page, w: Words = zhWords): Promise<void> {
  await expect(page.getByRole('heading', { name: w.kiosk.rate.title })).toBeVisible({ timeout: 20_000 })
  for (const group of await page.getByRole('radiogroup').all()) await group.getByRole('radio').first().click()
  await button(page, w.kiosk.kiosk.next).click()
  await button(page, w.kiosk.rate.send).click()
  await expect(page.getByText(w.kiosk.thanks.rated).first()).toBeVisible({ timeout: 20_000 })
}

/** With the keys on the screen, as a visitor has no others. */
async function typeOnPad(page: Page, text: string): Promise<void> {
  const keys = page.locator('.pad')
  for (const sign of text.replace(/[^0-9A-Z]/g, '')) await keys.getByRole('button', { name: sign, exact: true }).click()
}
