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

for (let i = 0; i < 24; i++) {
  const p = newProfile()
  const b = await launchKillable(p.path)
  const page = await visit(b.context, `${own.origin}/h/`)
  await until(page, 'status$', [], 'phase', 'unenrolled')
  await ask(page, 'enrolDemo')
  await ask(page, 'logon', person.policeNumber, person.pin)
  await until(page, 'status$', [], 'pending', 0)
  own.store.database.prepare('update device_cert set revoked = 1').run()
  const c = await ask(page, 'commit', { type: 'task', record: null, kind: 'create', values: { title: 'x', responsible: person.account, unit: own.unit, label: 'internal' } })
  const before = process.argv[2] ? await dump(page) : null
  await b.kill()
  own.store.database.prepare('update device_cert set revoked = 0').run()
  const b2 = { context: await launch(p.path), kill: async () => { await b2.context.close() } }
  const page2 = await visit(b2.context, `${own.origin}/h/`)
  const s = (await until(page2, 'status$', [], 'phase', 'locked')) as any
  if (i === 0) console.log(execSync(`find ${p.path}/Default/IndexedDB -type f | head -20; ls -la ${p.path}/Default/IndexedDB/*`).toString())
  if (s.pending !== 1) console.log('iteration', i, JSON.stringify(c), 'pending', s.pending, JSON.stringify(before), JSON.stringify(await dump(page2)))
  await b2.kill()
  p.remove()
}
console.log('done')
process.exit()
