import { execSync } from 'node:child_process'
import { ready as cryptoReady } from '#crypto/sodium'
import { startLiveGateway } from '../fixtures/live-gateway.ts'
import { ask, buildPages, until, visit, newProfile, launch } from './data/world.ts'
import { launchKillable } from './page-store/browser-world.ts'
await cryptoReady
const pagesFolder = await buildPages()
const own = await startLiveGateway({ pagesFolder })
const person = await own.addPerson('100302', ['officer'])
const profile = newProfile()
const dump = (page: any) => page.evaluate(async () => {
  const db = await new Promise<IDBDatabase>((res, rej) => { const r = indexedDB.open('outpost-handheld'); r.onsuccess = () => res(r.result); r.onerror = () => rej(r.error) })
  const keys = (s: string) => new Promise<any[]>((res) => { const r = db.transaction(s).objectStore(s).getAllKeys(); r.onsuccess = () => res(r.result) })
  const out = { changes: await keys('changes'), pages: (await keys('pages')).map((k: any) => k.join('/')) }
  db.close()
  return out
})

let bad = 0
for (let i = 0; i < 70; i++) {
  const p = newProfile()
  const b = await launchKillable(p.path)
  const page = await visit(b.context, `${own.origin}/h/`)
  await until(page, 'status$', [], 'phase', 'unenrolled')
  await ask(page, 'enrolDemo')
  await ask(page, 'logon', person.policeNumber, person.pin)
  await until(page, 'status$', [], 'pending', 0)
  own.store.database.prepare('update device_cert set revoked = 1').run()
  const c = await ask(page, 'commit', { type: 'task', record: null, kind: 'create', values: { title: 'x', responsible: person.account, unit: own.unit, label: 'internal' } })
  await b.kill()
  execSync(`rm -rf /tmp/lossdir/now; cp -r ${p.path} /tmp/lossdir/now`)
  own.store.database.prepare('update device_cert set revoked = 0').run()
  const context = await launch(p.path)
  const page2 = await visit(context, `${own.origin}/h/`)
  const s = (await until(page2, 'status$', [], 'phase', 'locked')) as any
  if (s.pending !== 1) {
    bad++
    console.log('iteration', i, JSON.stringify(c), 'pending', s.pending, JSON.stringify(s), JSON.stringify(await dump(page2)), JSON.stringify(own.store.database.prepare('select seq, type, kind, outcome, detail from change_log order by seq desc limit 3').all()))
    execSync(`cp -r /tmp/lossdir/now /tmp/lossdir/bad-${i}`)
    await ask(page2, 'unlock', person.account, person.pin)
    console.log(JSON.stringify(await until(page2, 'status$', [], 'phase', 'open')))
  }
  await context.close()
  p.remove()
}
console.log('done', bad)
process.exit()
