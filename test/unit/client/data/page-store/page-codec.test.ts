import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import {
  dealToPages,
  openPage,
  sealDirectory,
  sealDocuments,
} from '../../../../../client/shared/data/page-store/page-codec.ts'
import { keyNamed } from './page-store-world.ts'

await ready
const random = createSeededRandom('page codec')
const key = keyNamed('a')
const place = { database: 'officer', collection: 'matters', schemaVersion: 2, number: 5 }
const texts = ['{"id":"1","title":"来访"}', '{"id":"2"}']
const documents = texts.map(utf8)

describe('a page', () => {
  const page = sealDocuments(key, place, documents, random)

  it('gives back the documents that were sealed', () => {
    expect(openPage(key, place, page)).toEqual({ documents: texts.map((text) => JSON.parse(text)) })
  })
  it('gives back a directory as such', () => {
    expect(openPage(key, place, sealDirectory(key, place, [3, 4], random))).toEqual({ directory: [3, 4] })
  })
  it('is as long as its JSON, a nonce and a tag', () => {
    const plain = new TextEncoder().encode(`[${texts.join(',')}]`)
    expect(page.length).toBe(plain.length + 24 + 16)
    expect(page.byteLength).toBe(page.buffer.byteLength)
  })
  it('does not open at another place', () => {
    const places = [
      { ...place, number: 6 },
      { ...place, database: 'device' },
      { ...place, collection: 'matter' },
      { ...place, schemaVersion: 3 },
    ]
    for (const other of places) expect(openPage(key, other, page)).toBeNull()
  })
  it('does not open under another key', () => {
    expect(openPage(keyNamed('b'), place, page)).toBeNull()
  })
  it('does not open with any one bit changed, nor cut', () => {
    for (let bit = 0; bit < page.length * 8; bit++) {
      const altered = page.slice()
      altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(openPage(key, place, altered)).toBeNull()
    }
    for (let length = 0; length < page.length; length++) expect(openPage(key, place, page.slice(0, length))).toBeNull()
  })
  it('is never sealed under a cleared key', () => {
    expect(() => sealDocuments(new Uint8Array(32), place, documents, random)).toThrow('cleared key')
  })
  it('is sealed under a fresh nonce each time', () => {
    expect(sealDocuments(key, place, documents, random).slice(0, 24)).not.toEqual(page.slice(0, 24))
  })
})

describe('dealing documents to pages', () => {
  const max = { documents: 10, bytes: 100 }
  const sized = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 80 })
  const documentsOf = (lengths: number[]) => lengths.map((n, i) => ({ id: `${i}`, json: new Uint8Array(n) }))

  it('puts every document on one page', () => {
    fc.assert(
      fc.property(sized, (lengths) => {
        const dealt = dealToPages(documentsOf(lengths), max).flat()
        expect(dealt.map(({ id }) => id).sort()).toEqual(lengths.map((_, i) => `${i}`).sort())
      }),
    )
  })
  it('exceeds no maximum but for a document that is too large for half a page and stands alone', () => {
    fc.assert(
      fc.property(sized, (lengths) => {
        for (const page of dealToPages(documentsOf(lengths), max)) {
          const bytes = page.reduce((sum, { json }) => sum + json.length, 0)
          expect(page.length).toBeGreaterThan(0)
          expect(page.length).toBeLessThanOrEqual(max.documents)
          expect(bytes <= max.bytes || page.length === 1).toBe(true)
        }
      }),
    )
  })
  it('leaves at most one page less than half full', () => {
    fc.assert(
      fc.property(sized, (lengths) => {
        const small = dealToPages(documentsOf(lengths), max).filter((page) => {
          const bytes = page.reduce((sum, { json }) => sum + json.length, 0)
          return page.length <= max.documents / 2 && bytes <= max.bytes / 2
        })
        expect(small.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
