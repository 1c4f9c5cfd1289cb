/** One set of pages, written: turns a change of documents into sealed pages and keeps the ledger. `prepare` changes nothing; `adopt` is called
 *  when the prepared pages are on disk, and never otherwise. One change at a time: between the two no other may be prepared. */
import { utf8 } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { limits } from '#protocols/limits.ts'
import type { PageSetReading } from './load-pages.ts'
import { dealToPages, type PageDocument, sealDirectory, sealDocuments, type StoredDocument } from './page-codec.ts'
import type { PageKey, PageSet, StoredPage } from './page-database.ts'
import { createLedger, type LedgerMax, type PageEntry } from './page-ledger.ts'

export interface DocumentChange {
  readonly written: readonly StoredDocument[]
  /** Ids of which no version may stay in any page. */
  readonly forgotten: readonly string[]
  /** Ids of which no version but the newest may stay. */
  readonly scrubbed: readonly string[]
}

export interface PreparedPages {
  readonly pages: readonly (PageKey & StoredPage)[]
  readonly removals: readonly PageKey[]
  adopt(): void
}

export interface PageWriter {
  /** current: the newest version of a document that is not in the change. */
  prepare(change: DocumentChange, current: (id: string) => StoredDocument, key32: Uint8Array): PreparedPages
  /** Every page of the set, to remove it whole. */
  keys(): PageKey[]
  counts(): { readonly stored: number; readonly live: number; readonly pages: number }
}

export interface PageWriterOptions {
  readonly set: PageSet
  readonly primaryPath: string
  readonly reading: PageSetReading
  readonly random: Random
  readonly max?: LedgerMax
}

export function createPageWriter({ set, primaryPath, reading, random, max = limits }: PageWriterOptions): PageWriter {
  const idOf = (document: StoredDocument): string => document[primaryPath] as string
  const found = reading.pages.map(({ number, documents, bytes }) => ({ number, ids: documents.map(idOf), bytes }))
  const ledger = createLedger(found, max)
  let lastNumber = reading.lastNumber
  const keyOf = (number: number): PageKey => ({ ...set, number })

  return {
    prepare({ written, forgotten, scrubbed }, current, key32) {
      const plan = ledger.plan({ written: written.map(idOf), forgotten, scrubbed })
      const documents: PageDocument[] = [...plan.carried.map(current), ...written].map((document) => ({
        id: idOf(document),
        json: utf8(JSON.stringify(document)),
      }))
      const dealt = dealToPages(documents, { documents: max.pageDocumentsMax, bytes: max.pagePlainBytesMax })
      const entries: PageEntry[] = []
      const pages = dealt.map((page, i) => {
        const place = keyOf(lastNumber + 1 + i)
        const bytes = sealDocuments(
          key32,
          place,
          page.map(({ json }) => json),
          random,
        )
        entries.push({ number: place.number, ids: page.map(({ id }) => id), bytes: bytes.length })
        return { ...place, bytes }
      })
      const gone = new Set(plan.removed)
      const numbers = [...ledger.numbers().filter((number) => !gone.has(number)), ...entries.map((e) => e.number)]
      const directory = keyOf(lastNumber + dealt.length + 1)
      const removals = plan.removed.map(keyOf)
      if (lastNumber > 0) removals.push(keyOf(lastNumber))
      return {
        pages: [...pages, { ...directory, bytes: sealDirectory(key32, directory, numbers, random) }],
        removals,
        adopt() {
          ledger.adopt(plan, forgotten, entries)
          lastNumber = directory.number
        },
      }
    },
    keys: () => (lastNumber === 0 ? [] : [...ledger.numbers(), lastNumber].map(keyOf)),
    counts: () => ({ ...ledger.counts(), pages: ledger.numbers().length }),
  }
}
