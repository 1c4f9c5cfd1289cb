import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageDatabaseCases } from '../unit/client/data/page-store/page-database-cases.ts'
import { launch, launchKillable, run, type Site, servePage } from './page-store/browser-world.ts'

let site: Site
let shared: BrowserContext
const folders: string[] = []
const newProfile = (): string => {
  const profile = mkdtempSync(join(tmpdir(), 'page-store-'))
  folders.push(profile)
  return profile
}
beforeAll(async () => {
  site = await servePage()
  shared = await launch(newProfile())
})
afterAll(async () => {
  await shared.close()
  site.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const visit = async (context: BrowserContext, origin: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForFunction(() => 'run' in window)
  return page
}
/** A window of the shared browser with storage of its own. */
const freshPage = async (): Promise<Page> => visit(shared, await site.newOrigin())
/** A browser on a profile, for as long as `act` takes. */
const during = async <T>(profile: string, origin: string, act: (page: Page) => Promise<T>): Promise<T> => {
  const context = await launch(profile)
  try {
    return await act(await visit(context, origin))
  } finally {
    await context.close()
  }
}
const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)
/** Files of a folder that contain a text, as UTF-8 or UTF-16. */
const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
    const bytes = readFileSync(path)
    return bytes.includes(Buffer.from(text)) || bytes.includes(Buffer.from(text, 'utf16le'))
  })

describe('the page database in IndexedDB', () => {
  it('holds every law of a page database', async () => {
    const page = await freshPage()
    const laws = await run(page, 'caseNames')
    expect(laws).toEqual(Object.keys(pageDatabaseCases))
    for (const law of laws) expect([law, await run(page, 'runCase', { law })]).toEqual([law, 'held'])
  })
})

describe('the page store in a browser', () => {
  it('has no dev-mode in its build, and takes the browser build of libsodium', () => {
    const code = [...site.files.values()].join('\n')
    expect(code.includes('sodium-native')).toBe(false)
    expect(code.includes('crypto_pwhash')).toBe(true)
    expect(code.includes('RxDB dev-mode warning')).toBe(false)
  })
  it('finds after a restart of the browser what was written before', async () => {
    const [profile, origin] = [newProfile(), await site.newOrigin()]
    await during(profile, origin, async (page) => {
      expect(await run(page, 'insert', { from: 0, count: 400 })).toBe(0)
      expect(await run(page, 'insert', { from: 400, count: 1 })).toBe(0)
    })
    await during(profile, origin, async (page) => {
      expect(await run(page, 'ranks')).toEqual(range(401))
      expect(await run(page, 'find', { title: 'item 5' })).toEqual([5, 102, 199, 296, 393])
    })
  })
  it('is on disk, strictly, before anyone is told, before a reader sees it and before the answer', async () => {
    const page = await freshPage()
    expect(await run(page, 'order')).toEqual({
      log: ['begin readwrite strict strict', 'complete', 'told', 'answered'],
      seenBefore: [0],
    })
  })
  it('shows nothing of a write whose transaction was aborted, and writes nothing more until it is opened again', async () => {
    const page = await freshPage()
    expect(await run(page, 'failing', { how: 'abort' })).toEqual({
      failure: { code: 'store/read-only', reason: 'unknown' },
      told: false,
      ranks: [1],
      next: { code: 'store/read-only', reason: 'unknown' },
      reopened: [1],
    })
  })
  it('shows nothing of a write that IndexedDB throws at, and goes on', async () => {
    const page = await freshPage()
    expect(await run(page, 'failing', { how: 'throw' })).toMatchObject({
      failure: { code: 25 },
      told: false,
      ranks: [1],
      next: 'nothing thrown',
      reopened: [1, 3],
    })
  })
  it('says that the disk is full, keeps what it had, and goes on when there is room', async () => {
    const page = await freshPage()
    const session = await page.context().newCDPSession(page)
    const { origin } = new URL(page.url())
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 })
    await run(page, 'insert', { from: 0, count: 10 })
    const big = { from: 10, count: 2000, bodyChars: 1000 }
    expect(await run(page, 'tryInsert', big)).toEqual({ code: 'store/disk-full' })
    expect(await run(page, 'ranks')).toEqual(range(10))
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    // Chromium remembers the room of an origin while a connection is open.
    await run(page, 'close')
    expect(await run(page, 'tryInsert', big)).toBe('nothing thrown')
    await run(page, 'close')
    expect(await run(page, 'ranks')).toEqual(range(2010))
  })
  it('writes nothing more once another window took the database away, and says so', async () => {
    const page = await freshPage()
    expect(await run(page, 'takenAway')).toEqual({ code: 'store/read-only', reason: 'version-change' })
  })
  it('writes two databases and a row together or not at all', async () => {
    const page = await freshPage()
    expect(await run(page, 'atomic', { seq: 1, rank: 1 })).toBe('nothing thrown')
    expect(await run(page, 'atomic', { seq: 1, rank: 2 })).toEqual({ code: 'store/key-taken', store: 'changes' })
    expect(await run(page, 'atomic', { seq: 2, rank: 3 })).toBe('nothing thrown')
    for (const when of ['now', 'after a restart']) {
      expect([when, await run(page, 'ranks'), await run(page, 'deviceRanks'), await run(page, 'rows')]).toEqual([
        when,
        [1, 3],
        [1, 3],
        [1, 2],
      ])
      await run(page, 'close')
    }
  })
  it('of two windows lets the second writer of a seq fail whole', async () => {
    const origin = await site.newOrigin()
    const [a, b] = [await visit(shared, origin), await visit(shared, origin)]
    await run(a, 'atomic', { seq: 1, rank: 1 })
    expect(await run(b, 'ranks')).toEqual([1])
    await run(a, 'atomic', { seq: 2, rank: 2 })
    expect(await run(b, 'atomic', { seq: 2, rank: 7 })).toMatchObject({ code: 'store/key-taken' })
    expect(await run(b, 'atomic', { seq: 3, rank: 8 })).toEqual({ code: 'store/key-taken', store: 'pages' })
    await run(a, 'atomic', { seq: 3, rank: 3 })
    await run(a, 'close')
    expect(await run(a, 'ranks')).toEqual([1, 2, 3])
  })
  it('names the page of a flipped byte', async () => {
    const page = await freshPage()
    await run(page, 'insert', { from: 0, count: 250 })
    const { number, failure } = await run(page, 'overwriteByte')
    expect(failure).toEqual({
      code: 'store/corrupt',
      database: 'officer',
      collection: 'items',
      page: number,
      badPages: 1,
    })
  })
})

/** What must hold after any death: all steps up to one that is not older than the last acknowledged one, each whole. */
async function checkSurvival(page: Page, from: number, acknowledged: number): Promise<number> {
  const { ranks, rows, bulk, changedAt } = await run(page, 'survey')
  const last = rows.at(-1) as number | undefined
  if (last === undefined) {
    expect(acknowledged).toBeLessThan(from)
    return from - 1
  }
  expect(last - acknowledged).toBeGreaterThanOrEqual(0)
  expect(rows).toEqual(range(rows.length, rows[0] as number))
  const purged = new Set(
    range(last + 1)
      .filter((n) => n % 5 === 0)
      .map((n) => n - 60),
  )
  const singles = ranks.filter((rank) => rank >= 100 && rank < 1_000_000)
  expect(singles).toEqual(range(last - 99, 100).filter((n) => !purged.has(n)))
  expect(bulk).toEqual(last >= 105 ? [`bulk ${last - (last % 7)}`] : [])
  expect(changedAt).toBe(last)
  return last
}

describe('a death in the middle of writing', () => {
  it('of the window loses nothing that was acknowledged and leaves nothing half written, 12 times', async () => {
    const origin = await site.newOrigin()
    let [acknowledged, waiting] = [99, () => {}]
    let wanted = 0
    await shared.exposeFunction('told', (n: number) => {
      acknowledged = n
      if (n >= wanted) waiting()
    })
    let last = 99
    for (let round = 0; round < 12; round++) {
      const page = await visit(shared, origin)
      wanted = last + 5 + ((round * 13) % 37)
      const enough = new Promise<void>((resolve) => {
        waiting = resolve
      })
      run(page, 'writeForever', { from: last + 1 }).catch(() => {})
      await enough
      await page.close()
      const next = await visit(shared, origin)
      last = await checkSurvival(next, 100, acknowledged)
      await next.close()
    }
    expect(last).toBeGreaterThan(200)
  })
  it('of the whole browser by SIGKILL loses nothing that was acknowledged, 4 times', async () => {
    const [profile, origin] = [newProfile(), await site.newOrigin()]
    let last = 99
    for (let round = 0; round < 4; round++) {
      const victim = await launchKillable(profile)
      let acknowledged = last
      const page = await victim.context.newPage()
      await new Promise<void>((resolve, reject) => {
        const start = async () => {
          await page.exposeFunction('told', (n: number) => {
            acknowledged = n
            if (n >= last + 15 + round * 11) resolve()
          })
          await page.goto(origin)
          await page.waitForFunction(() => 'run' in window)
          run(page, 'writeForever', { from: last + 1 }).catch(reject)
        }
        start().catch(reject)
      })
      await victim.kill()
      last = await during(profile, origin, (page) => checkSurvival(page, 100, acknowledged))
    }
  })
})

describe('what lies on the disk', () => {
  it('shows no text of a document, in no value of IndexedDB and in no file of the profile', async () => {
    const [profile, origin] = [newProfile(), await site.newOrigin()]
    const [secret, control] = ['Zq7VwMarkerSealed3f9K', 'Zq7VwMarkerPlain8d2Lx']
    await during(profile, origin, async (page) => {
      await run(page, 'insert', { from: 0, count: 300, body: `${secret} 来访人` })
      await run(page, 'insert', { from: 300, count: 1, body: secret })
      await run(page, 'plainRow', { text: control })
      expect(await run(page, 'rawHits', { text: control })).toEqual(['state "control"'])
      expect(await run(page, 'rawHits', { text: secret })).toEqual([])
      expect((await run(page, 'openedHits', { text: secret })).length).toBeGreaterThan(3)
    })
    expect(filesWith(profile, control).length).toBeGreaterThan(0)
    expect(filesWith(profile, secret)).toEqual([])
  })
  it('is, for a page, its bytes under database, collection, schema version and number', async () => {
    const page = await freshPage()
    await run(page, 'insert', { from: 0, count: 10 })
    const [, pages] = await run(page, 'rawKeys')
    expect(pages?.store).toBe('pages')
    expect(pages?.kinds).toEqual(['[object Uint8Array]'])
    expect(pages?.keys).toContainEqual(['officer', 'items', 0, 1])
  })
  it('holds no version of a purged document in any page', async () => {
    const page = await freshPage()
    await run(page, 'insert', { from: 0, count: 350 })
    await run(page, 'insert', { from: 350, count: 1, body: 'GoneForGood' })
    expect(await run(page, 'openedHits', { text: 'GoneForGood' })).toHaveLength(1)
    await run(page, 'purge', { ranks: [350, 20] })
    expect(await run(page, 'openedHits', { text: 'GoneForGood' })).toEqual([])
    expect(await run(page, 'openedHits', { text: (20).toString(16).padStart(32, '0') })).toEqual([])
    await run(page, 'close')
    expect(await run(page, 'ranks')).toEqual(range(350).filter((n) => n !== 20))
  })
})

describe('speed, printed and not judged', () => {
  it('pulls 10,000 records of about 500 bytes', async () => {
    const page = await freshPage()
    const figures = await run(page, 'pull', { count: 10_000, batch: 1000, bodyChars: 380 })
    process.stdout.write(`page store, 10,000 records in batches of 1,000: ${JSON.stringify(figures)}\n`)
    expect(figures.pages).toBeGreaterThan(99)
  })
})
