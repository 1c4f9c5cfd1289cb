/** What RxDB sees of an open collection. Reads go to memory; writes go through the store, which makes them durable first. */
import type { RxStorageInstance } from 'rxdb/plugins/core'
import { assert } from '#protocols/errors.ts'
import type { MemorySide } from './memory-side.ts'
import type { OpenCollection } from './open-collection.ts'
import type { CreationParams, WriteError, WriteRow } from './rx-types.ts'

/** The acts of an instance that need the store. All wait for their turn. */
export interface InstanceActs {
  write(rows: WriteRow[], context: string): Promise<WriteError[]>
  purgeDeleted(minimumAgeMs: number): Promise<void>
  close(): Promise<void>
  remove(): Promise<void>
}

export function createStorageInstance<RxDocType>(
  collection: OpenCollection,
  { schema, options }: CreationParams,
  acts: InstanceActs,
): RxStorageInstance<RxDocType, unknown, unknown> {
  let closing: Promise<void> | undefined
  const open = (): MemorySide['instance'] => {
    assert(!closing, 'A closed collection is not used.')
    return collection.memory.instance
  }
  return {
    databaseName: collection.set.database,
    collectionName: collection.set.collection,
    schema: schema as RxStorageInstance<RxDocType, unknown, unknown>['schema'],
    options,
    internals: {},
    async bulkWrite(rows, context) {
      open()
      return { error: await acts.write(rows, context) }
    },
    findDocumentsById: async (ids, withDeleted) => open().findDocumentsById(ids, withDeleted),
    query: async (query) => open().query(query),
    count: async (query) => open().count(query),
    changeStream: () => open().changeStream(),
    getAttachmentData: async () =>
      assert(false, 'Attachments are files of their own, not parts of documents.') as never,
    async cleanup(minimumDeletedTimeMs) {
      open()
      await acts.purgeDeleted(minimumDeletedTimeMs)
      return true
    },
    close() {
      closing ??= acts.close()
      return closing
    },
    remove() {
      open()
      closing = acts.remove()
      return closing
    },
  }
}
