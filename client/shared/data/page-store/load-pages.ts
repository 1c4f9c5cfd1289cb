/** Reads all pages of one set. Fails closed: one page that is missing, altered or too many fails the set and names the page; nothing is dropped
 *  in silence. `readPageSet` also tells what did open, for a rescue by hand. */
import { type ErrorDetail, Fault } from '#protocols/errors.ts'
import { openPage, type PageContent, type StoredDocument } from './page-codec.ts'
import type { PageDatabase, PageSet } from './page-database.ts'

export interface OpenedPage {
  readonly number: number
  readonly documents: readonly StoredDocument[]
  readonly bytes: number
}

export interface PageSetReading {
  /** Pages of documents that opened, by rising number. */
  readonly pages: readonly OpenedPage[]
  /** The highest number in use; 0 for a set that was never written. */
  readonly lastNumber: number
  /** Numbers of pages that do not open, are missing, or should not be there. */
  readonly bad: readonly number[]
  /** Pages that opened, the directory included. */
  readonly openedCount: number
}

/** Never throws for what it finds in a page. */
export async function readPageSet(database: PageDatabase, key32: Uint8Array, set: PageSet): Promise<PageSetReading> {
  const stored = await database.readPages(set)
  const contents = stored.map(({ number, bytes }) => openPage(key32, { ...set, number }, bytes))
  const lastNumber = stored.at(-1)?.number ?? 0
  const last = contents.at(-1)
  const listed = last && 'directory' in last ? new Set(last.directory) : null
  const bad = new Set<number>(stored.length > 0 && listed === null ? [lastNumber] : [])
  const pages: OpenedPage[] = []
  stored.forEach(({ number, bytes }, i) => {
    const content = contents[i] as PageContent | null
    if (content === null || (number !== lastNumber && !isListed(content, number, listed))) bad.add(number)
    if (content && 'documents' in content) pages.push({ number, documents: content.documents, bytes: bytes.length })
  })
  const found = new Set(stored.map((page) => page.number))
  for (const number of listed ?? []) if (!found.has(number)) bad.add(number)
  const openedCount = contents.filter((content) => content !== null).length
  return { pages, lastNumber, bad: [...bad].sort((a, b) => a - b), openedCount }
}

/** Without a directory every page of documents is taken as one that belongs: what is wrong then is the directory. */
const isListed = (content: PageContent, number: number, listed: ReadonlySet<number> | null): boolean =>
  'documents' in content && (listed?.has(number) ?? true)

/** Throws Fault 'store/wrong-key' when no page of the whole database opens, else Fault 'store/corrupt' { database, collection, page, badPages } with
 *  the first bad page. */
export async function loadPages(database: PageDatabase, key32: Uint8Array, set: PageSet): Promise<PageSetReading> {
  const reading = await readPageSet(database, key32, set)
  const [page] = reading.bad
  if (page === undefined) return reading
  const detail: ErrorDetail = { database: set.database, collection: set.collection, page, badPages: reading.bad.length }
  if (reading.openedCount > 0 || (await opensElsewhere(database, key32, set))) throw new Fault('store/corrupt', detail)
  throw new Fault('store/wrong-key', { database: set.database })
}

/** Authentication cannot tell a wrong key from an altered page; the rest of the database can. */
async function opensElsewhere(database: PageDatabase, key32: Uint8Array, failed: PageSet): Promise<boolean> {
  const sets = new Map<string, PageSet>()
  for (const { collection, schemaVersion } of await database.listPages(failed.database)) {
    if (collection === failed.collection && schemaVersion === failed.schemaVersion) continue
    sets.set(`${schemaVersion} ${collection}`, { database: failed.database, collection, schemaVersion })
  }
  for (const set of sets.values()) if ((await readPageSet(database, key32, set)).openedCount > 0) return true
  return false
}
