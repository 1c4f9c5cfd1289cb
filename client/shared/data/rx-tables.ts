/** Tables over RxDB and the sealed page store: reads come from memory, a write of several tables and rows is one transaction. */
import { type MangoQuery, normalizeMangoQuery, prepareQuery, type RxCollection } from 'rxdb/plugins/core'
import type { PageDatabase } from './page-store/page-database.ts'
import type { PageStore } from './page-store/page-store.ts'
import type { CollectionRef } from './page-store/rx-types.ts'
import type { DeviceRx, OfficerRx } from './schemas.ts'
import type { TableDocs, TableName, Table, Tables } from './tables.ts'

/** The row store with the sealed changes: add-only, key = seq. */
export const changeStore = 'changes'

/** Without RxDB's own fields. */
export function plainDoc<Doc>(raw: object): Doc {
  const { _deleted, _attachments, _meta, _rev, ...doc } = raw as Record<string, unknown>
  return doc as Doc
}

/** Name and place of a collection for the page store. */
export const refOf = <Doc>(collection: RxCollection<Doc>): CollectionRef => ({
  name: collection.name,
  database: { name: collection.database.name },
  schema: { version: collection.schema.version },
})

export function tableOf<Doc extends { readonly id: string }>(collection: RxCollection<Doc>): Table<Doc> {
  const { jsonSchema } = collection.schema
  async function find(selector: object): Promise<Doc[]> {
    const query = normalizeMangoQuery<Doc>(jsonSchema, { selector } as MangoQuery<Doc>)
    const { documents } = await collection.internalStorageInstance.query(prepareQuery<Doc>(jsonSchema, query))
    return documents.map((raw) => plainDoc<Doc>(raw))
  }
  return {
    async get(id) {
      const [raw] = await collection.internalStorageInstance.findDocumentsById([id], false)
      return raw ? plainDoc<Doc>(raw) : null
    },
    where: (match) => find(Object.fromEntries(Object.entries(match).map(([name, value]) => [name, { $eq: value }]))),
    all: () => find({}),
  }
}

export interface RxTablesOptions {
  readonly store: PageStore
  readonly pages: PageDatabase
  readonly device: DeviceRx
  readonly officer: OfficerRx
}

export function createRxTables({ store, pages, device, officer }: RxTablesOptions): Tables {
  const collections: { readonly [Name in TableName]: RxCollection<TableDocs[Name]> } = {
    queue: device.queue,
    device: device.state,
    records: officer.records,
    own: officer.own,
    replica: officer.replica,
  }
  return {
    queue: tableOf(collections.queue),
    device: tableOf(collections.device),
    records: tableOf(collections.records),
    own: tableOf(collections.own),
    replica: tableOf(collections.replica),
    change: async (seq) => ((await pages.readRow(changeStore, seq)) as Uint8Array | undefined) ?? null,
    write: (stage) =>
      store.atomic((atomic) =>
        stage({
          put: (table, docs) => {
            if (docs.length > 0) atomic.upsert(refOf(collections[table] as RxCollection<unknown>), docs as never)
          },
          purge: (table, ids) => {
            if (ids.length > 0) atomic.purge(refOf(collections[table] as RxCollection<unknown>), ids)
          },
          addChange: (seq, sealed) =>
            // Its own buffer: a structured clone takes the whole one along.
            atomic.row({ store: changeStore, key: seq, mode: 'add', value: sealed.slice() }),
        }),
      ),
  }
}
