/** One page: JSON, UTF-8, XChaCha20-Poly1305 under the database's key, with the page's place as additional data (security.md, 7), so that a page
 *  opens nowhere but where it was written. It must never let a byte of content out unsealed, nor a page in that was altered. */
import { concat, fromUtf8, utf8 } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { lock, unlock } from '#crypto/lock.ts'
import type { Random } from '#crypto/random.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import { assert } from '#protocols/errors.ts'
import type { PageKey } from './page-database.ts'

/** A document as RxDB keeps it; here only JSON. */
export type StoredDocument = Readonly<Record<string, unknown>>

/** What a page holds: versions of documents, or, in the page with the highest number of its set, the numbers of all other pages. Without this
 *  directory a page that got lost would not be missed. */
export type PageContent = { readonly documents: StoredDocument[] } | { readonly directory: number[] }

const label = 'page'
const placeOf = (key: PageKey): Uint8Array =>
  encodeCanonical([label, key.database, key.collection, key.number, key.schemaVersion])

const seal = (key32: Uint8Array, place: PageKey, json: Uint8Array, random: Random): Uint8Array => {
  assert(
    key32.some((byte) => byte !== 0),
    'A cleared key seals nothing.',
  )
  return lock(label, key32, json, placeOf(place), random)
}

const [open, comma, close] = [utf8('['), utf8(','), utf8(']')]

/** documents: each the JSON of one document, in UTF-8. */
export const sealDocuments = (key32: Uint8Array, place: PageKey, documents: readonly Uint8Array[], random: Random) => {
  const parts = documents.flatMap((json, i) => (i === 0 ? [json] : [comma, json]))
  return seal(key32, place, concat(open, ...parts, close), random)
}

export const sealDirectory = (key32: Uint8Array, place: PageKey, numbers: readonly number[], random: Random) =>
  seal(key32, place, utf8(JSON.stringify({ pages: numbers })), random)

/** null: the bytes do not open here under this key, or hold no page. */
export function openPage(key32: Uint8Array, place: PageKey, bytes: Uint8Array): PageContent | null {
  try {
    const value: unknown = JSON.parse(fromUtf8(unlock(label, key32, bytes, placeOf(place))))
    return Array.isArray(value) ? { documents: value } : { directory: (value as { pages: number[] }).pages }
  } catch (cause) {
    if (cause instanceof CannotOpen) return null
    throw cause
  }
}

export interface PageDocument {
  readonly id: string
  /** JSON in UTF-8. */
  readonly json: Uint8Array
}

/** Deals documents out to pages, in order. A document of more than half a page gets one to itself; so every page but the last is more than half
 *  full, and merging small pages always ends in fewer of them. */
export function dealToPages(
  documents: readonly PageDocument[],
  max: { readonly documents: number; readonly bytes: number },
): PageDocument[][] {
  const pages: PageDocument[][] = []
  let page: PageDocument[] = []
  let bytes = 0
  const closePage = (): void => {
    if (page.length > 0) pages.push(page)
    page = []
    bytes = 0
  }
  for (const document of documents) {
    const sizeBytes = document.json.length
    if (sizeBytes > max.bytes / 2) {
      pages.push([document])
      continue
    }
    if (page.length === max.documents || bytes + sizeBytes > max.bytes) closePage()
    page.push(document)
    bytes += sizeBytes
  }
  closePage()
  return pages
}
