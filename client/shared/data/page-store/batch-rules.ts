/** What every page database holds a batch to before it is written. A breach is our own bug. */
import { assert } from '#protocols/errors.ts'
import type { CommitBatch, RowStores } from './page-database.ts'

export const pageStoreName = 'pages'

export function checkRowStores(rowStores: RowStores): void {
  assert(!(pageStoreName in rowStores), 'Rows have stores of their own, apart from the pages.')
}

export function checkBatch(batch: CommitBatch, rowStores: RowStores): void {
  for (const page of batch.pages) {
    assert(Number.isSafeInteger(page.number) && page.number > 0, 'Pages are numbered from 1.')
    assert(page.bytes.byteLength === page.bytes.buffer.byteLength, 'A page has a buffer of its own.')
  }
  for (const row of batch.rows) {
    const policy = rowStores[row.store]
    assert(policy !== undefined, 'Rows are written into a declared store.')
    assert(row.mode !== 'put' || policy === 'replaceable', 'An insert-only row is never replaced.')
  }
}
