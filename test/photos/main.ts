/** `npm run photos`: starts the demo station and photographs every screen at its size, in both languages, light and dark, offline and refused
 *  too, into photos/ with an index page. Whoever changes a screen looks at its picture. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import type { Locale } from '#protocols/text/text.ts'
import { type Cable, createCable } from '../fixtures/cable.ts'
import { launchChromium, openContext, type sizes } from '../fixtures/chromium.ts'
import { type DemoStation, projectRoot, startDemoStation } from '../fixtures/demo-station.ts'
import { assignAtDesk, chooseAtDesk, enrolDesk, enrolHandheld, enrolKiosk, like, signInAtHub, unlockHandheld, type Words, wordsIn } from '../e2e/faces.ts'

type Face = keyof typeof sizes
type Scheme = 'light' | 'dark'
interface Round {
  readonly station: DemoStation
  readonly browser: Browser
  readonly cable: Cable
  readonly locale: Locale
  readonly scheme: Scheme
  readonly w: Words
  shot(face: Face, name: string, page: Page): Promise<void>
}

const folder = join(projectRoot, 'photos')
const taken: string[] = []
const storageNames: Readonly<Record<Face, string>> = { kiosk: 'kiosk', handheld: 'handheld', desk: 'desk', hub: 'hub-console' }

async function open(round: Round, face: Face): Promise<Page> {
  const { context, page } = await openContext(round.browser, face, { locale: round.locale, colorScheme: round.scheme })
  await context.addInitScript(([key, locale]) => localStorage.setItem(key as string, locale as string), [`outpost.${storageNames[face]}.locale`, round.locale])
  return page
}
const person = (round: Round, name: string) => {
  const found = round.station.people.find((each) => each.name === name)
  if (!found) throw new Error(`nobody is called ${name}`)
  return found
}
const lay = async (round: Round, document: string) => {
  await fetch(new URL('/swipe', round.station.urls.reader), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ document }),
  })
}
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()

/** Returns the number of the visit that was made on the way. */
async function kioskScreens(round: Round): Promise<string> {
  const { w, shot } = round
  const page = await open(round, 'kiosk')
  await page.goto(round.station.urls.kiosk)
  await page.getByRole('button', { name: w.kiosk.enrol.demoSend }).waitFor()
  await shot('kiosk', 'enrol', page)
  await enrolKiosk(page, round.station.urls.kiosk, w)
  await shot('kiosk', 'start', page)
  await press(page, new RegExp(w.kiosk.start.checkIn))
  await page.getByRole('heading', { name: w.kiosk.card.title }).waitFor()
  await shot('kiosk', 'card', page)
  await press(page, new RegExp(w.kiosk.card.without))
  await page.getByRole('heading', { name: w.kiosk.typed.documentTitle }).waitFor()
  await shot('kiosk', 'typed', page)
  await press(page, new RegExp(w.kiosk.kiosk.back))
  await lay(round, 'lin')
  await page.getByRole('heading', { name: w.kiosk.who.title }).waitFor()
  await shot('kiosk', 'reading', page)
  await press(page, w.kiosk.who.yes)
  await page.getByRole('heading', { name: w.kiosk.consent.title }).waitFor()
  await shot('kiosk', 'consent', page)
  await press(page, new RegExp(w.kiosk.consent.yes))
  await page.getByRole('heading', { name: w.kiosk.match.sameTitle }).waitFor({ timeout: 40_000 })
  await shot('kiosk', 'matched', page)
  await press(page, w.kiosk.kiosk.goOn)
  await page.getByRole('radio').first().waitFor()
  await shot('kiosk', 'reason', page)
  await page.getByRole('radio').nth(2).click()
  await press(page, w.kiosk.reason.send)
  const number = await page.locator('dl.figures').first().locator('dd').first().innerText({ timeout: 20_000 })
  await shot('kiosk', 'slip', page)
  await press(page, w.kiosk.slip.done)
  await press(page, new RegExp(w.kiosk.start.leave))
  await page.getByRole('heading', { name: w.kiosk.leave.title }).waitFor()
  await shot('kiosk', 'leave', page)
  await press(page, w.kiosk.leave.type)
  await page.getByRole('heading', { name: w.kiosk.leave.numberTitle }).waitFor()
  await shot('kiosk', 'leave-number', page)
  await page.context().close()
  return number.trim()
}

async function deskScreens(round: Round, number: string): Promise<void> {
  const { w, shot } = round
  const page = await open(round, 'desk')
  await page.goto(round.station.urls.desk)
  await page.getByRole('button', { name: w.desk.enrol.demoSend }).waitFor()
  await shot('desk', 'enrol', page)
  await enrolDesk(page, round.station.urls.desk, person(round, '宋木槿'), w)
  await shot('desk', 'waiting', page)
  await chooseAtDesk(page, number, w.desk.lists.waiting, w)
  await shot('desk', 'visit', page)
  await press(page, new RegExp(`^${w.desk.acts.assign.name}`))
  await page.getByRole('combobox').waitFor()
  await shot('desk', 'assign', page)
  await page.keyboard.press('Escape')
  await assignAtDesk(page, person(round, '周银杏'), w)
  for (const place of ['muster', 'devices', 'refused'] as const) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/${place}`)
    await page.getByRole('heading').first().waitFor()
    await page.waitForLoadState('networkidle')
    await shot('desk', place, page)
  }
  await page.context().close()
}

async function handheldScreens(round: Round, number: string): Promise<void> {
  const { w, shot, cable } = round
  const officer = person(round, '周银杏')
  const page = await open(round, 'handheld')
  const url = `http://127.0.0.1:${cable.port}/h/`
  await page.goto(url)
  await page.getByRole('button', { name: w.handheld.enrol.demoSend }).waitFor()
  await shot('handheld', 'enrol', page)
  await page.getByRole('button', { name: w.handheld.enrol.demoSend }).click()
  await page.getByRole('button', { name: new RegExp(officer.policeNumber) }).waitFor({ timeout: 40_000 })
  await shot('handheld', 'logon', page)
  await enrolHandheldFrom(page, officer.policeNumber, w)
  await page.getByText(number).first().waitFor({ timeout: 30_000 })
  await shot('handheld', 'today', page)
  for (const place of ['visits', 'incidents', 'tasks', 'more', 'refused'] as const) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/${place}`)
    await page.getByRole('heading').first().waitFor()
    await shot('handheld', place, page)
  }
  await page.evaluate(() => {
    location.hash = '#/'
  })
  await cable.cut()
  await page.getByText(number).first().click()
  await page.getByRole('button', { name: new RegExp(`^${w.handheld.visit.sign}`) }).click()
  await page.getByRole('button', { name: new RegExp(`^${w.handheld.visit.begin}`) }).click()
  await shot('handheld', 'visit-offline', page)
  await page.getByRole('button', { name: new RegExp(`^${w.handheld.visit.feedback}`) }).click()
  await page.getByLabel(w.handheld.feedback.label).fill('已当面解答，材料齐全，告知七个工作日内领取。')
  await shot('handheld', 'feedback', page)
  await page.getByRole('button', { name: w.handheld.feedback.send }).click()
  await page.getByRole('link', { name: w.handheld.visit.addPhoto }).first().click()
  await page.getByRole('button', { name: w.handheld.camera.shutter }).click({ timeout: 20_000 })
  await page.getByText(like(w.handheld.camera.taken)).first().waitFor()
  await shot('handheld', 'camera', page)
  await page.reload()
  await page.getByRole('button', { name: '1', exact: true }).waitFor({ timeout: 40_000 })
  await shot('handheld', 'unlock-offline', page)
  await unlockHandheld(page, officer, w)
  await page.getByText(number).first().waitFor({ timeout: 40_000 })
  await page.locator('button.state').click()
  await shot('handheld', 'state-offline', page)
  await cable.mend()
  await page.context().close()
}

async function enrolHandheldFrom(page: Page, policeNumber: string, w: Words): Promise<void> {
  await page.getByRole('button', { name: new RegExp(policeNumber) }).click()
  await page.getByRole('heading', { name: w.handheld.today.title }).waitFor({ timeout: 60_000 })
}

async function hubScreens(round: Round): Promise<void> {
  const { w, shot } = round
  const page = await open(round, 'hub')
  await page.goto(round.station.urls.hub)
  await page.getByText(w.hub.signIn.demoTitle).waitFor()
  await shot('hub', 'sign-in', page)
  await signInAtHub(page, round.station.urls.hub, w)
  await page.locator('button.row').first().waitFor({ timeout: 30_000 })
  await shot('hub', 'visits', page)
  await page.locator('button.row').first().click()
  await page.getByRole('complementary').getByText(w.hub.changes.good).first().waitFor()
  await shot('hub', 'visit', page)
  for (const place of ['stations', 'quarantine'] as const) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/${place}`)
    await page.waitForLoadState('networkidle')
    await shot('hub', place, page)
  }
  await page.context().close()
}

/** A change that came too late, on the officer's screen. */
async function refusedScreens(round: Round): Promise<void> {
  const { w, shot, cable } = round
  const officer = person(round, '吴梧桐')
  const kiosk = await open(round, 'kiosk')
  await enrolKiosk(kiosk, round.station.urls.kiosk, w)
  const { checkInAtKiosk } = await import('../e2e/faces.ts')
  const reason = round.locale === 'zh-CN' ? '求助' : 'Ask for help'
  const slip = await checkInAtKiosk(kiosk, () => lay(round, 'chen'), reason, w)
  const leader = await open(round, 'desk')
  await enrolDesk(leader, round.station.urls.desk, person(round, '秦柏树'), w)
  await chooseAtDesk(leader, slip.number, w.desk.lists.waiting, w)
  await assignAtDesk(leader, officer, w)
  const page = await open(round, 'handheld')
  await enrolHandheld(page, `http://127.0.0.1:${cable.port}/h/`, officer, w)
  await page.getByText(slip.number).first().waitFor({ timeout: 30_000 })
  await cable.cut()
  await page.getByText(slip.number).first().click()
  await page.getByRole('button', { name: new RegExp(`^${w.handheld.visit.sign}`) }).click()
  await press(leader, new RegExp(`^${w.desk.acts.handBack.name}`))
  await leader.locator('textarea').fill('改由他人办理')
  await leader.locator('button[type="submit"]').last().click()
  await leader.locator('button[data-visit]').filter({ hasText: slip.number }).first().waitFor()
  await cable.mend()
  await page.evaluate(() => {
    location.hash = '#/refused'
  })
  await page.getByRole('button', { name: w.handheld.refused.dismiss }).first().waitFor({ timeout: 60_000 })
  await shot('handheld', 'refused-one', page)
  for (const each of [kiosk, leader, page]) await each.context().close()
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const station = await startDemoStation({ args: ['--fresh'] })
const browser = await launchChromium()
const cable = await createCable(station.ports)
let failed = false
try {
  for (const [locale, scheme] of [['zh-CN', 'light'], ['en', 'light'], ['zh-CN', 'dark'], ['en', 'dark']] as const) {
    const round: Round = {
      station,
      browser,
      cable,
      locale,
      scheme,
      w: wordsIn[locale],
      async shot(face, name, page) {
        const file = `${face}-${name}-${locale}-${scheme}.png`
        await page.screenshot({ path: join(folder, file), animations: 'disabled' })
        taken.push(file)
      },
    }
    const number = await kioskScreens(round)
    await deskScreens(round, number)
    await handheldScreens(round, number)
    await refusedScreens(round)
    await hubScreens(round)
    process.stdout.write(`${locale} ${scheme}: ${taken.length} pictures\n`)
  }
} catch (cause) {
  failed = true
  process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`)
} finally {
  await browser.close()
  await cable.close()
  await station.stop()
}
const rows = taken.map((file) => `<figure><img src="${file}" loading="lazy" width="360"><figcaption>${file}</figcaption></figure>`)
writeFileSync(join(folder, 'index.html'), `<!doctype html><meta charset="utf-8"><title>Outpost</title><body style="display:flex;flex-wrap:wrap;gap:16px">${rows.join('\n')}`)
process.stdout.write(`${taken.length} pictures in photos/, see photos/index.html\n`)
process.exit(failed ? 1 : 0)
