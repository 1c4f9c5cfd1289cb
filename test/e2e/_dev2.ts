import { expect as see } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createCable } from '../fixtures/cable.ts'
import { launchChromium, openContext } from '../fixtures/chromium.ts'
import { checkInAtKiosk, deskText, enrolDesk, enrolHandheld, enrolKiosk, handheldText, leaveAtKiosk, like, unlockHandheld, kioskText } from './faces.ts'
const ready = JSON.parse(readFileSync('/tmp/m1.out','utf8').split('\n')[0]!)
const P = (n: string) => ready.people.find((p: any) => p.name === n)
const browser = await launchChromium()
const cable = await createCable(9900)
const t0 = Date.now(); const log = (s: string) => console.log(((Date.now()-t0)/1000).toFixed(1), s)
const kiosk = await openContext(browser, 'kiosk'), desk = await openContext(browser, 'desk'), handheld = await openContext(browser, 'handheld')
const all = { kiosk, desk, handheld }
const shot = async (n: string) => { for (const [k, c] of Object.entries(all)) await c.page.screenshot({ path: `/tmp/shots/${n}-${k}.png` }).catch(()=>{}) }
for (const [k,c] of Object.entries(all)) c.page.on('console', m => { if (m.type()==='error'||m.type()==='warning') console.log(k, m.text().slice(0,300)) })
try {
  const officer = P('周银杏')
  await enrolKiosk(kiosk.page, ready.urls.kiosk); log('kiosk enrolled')

  kiosk.page.on('websocket', ws => ws.on('framereceived', f => console.log('ws', String(f.payload).slice(0,200))))
  kiosk.page.on('response', async r => { if (r.url().includes('/api/')) console.log(r.status(), r.url().slice(-30), (await r.text().catch(()=>'')).slice(0,160)) })
  await kiosk.page.waitForTimeout(2500)
  await kiosk.page.getByRole('button', { name: new RegExp(kioskText.start.checkIn) }).first().click()
  await kiosk.page.waitForTimeout(1000)
  const r = await fetch(new URL('/swipe', ready.urls.reader), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ document: 'lin' }) }); log(await r.text())
  for (let i=0;i<5;i++) { await kiosk.page.waitForTimeout(1500); console.log(await kiosk.page.locator('h1').first().innerText()) }
  await kiosk.page.getByRole('button', { name: kioskText.who.yes }).click(); 
  for (let i=0;i<8;i++) { await kiosk.page.waitForTimeout(1000); console.log(await kiosk.page.locator('h1').first().innerText()) }
} catch (e) { console.log(String(e).slice(0, 1200)); await shot('x') }
for (const [k, c] of Object.entries(all)) console.log(k, c.faults)
await browser.close(); await cable.close()
