/** The part of RxDB's types that the page store works with. A page store holds collections of any type, so documents are records of JSON. */
import type {
  BulkWriteRow,
  RxDocumentData,
  RxStorageInstanceCreationParams,
  RxStorageWriteError,
} from 'rxdb/plugins/core'

type Json = any
export type Doc = RxDocumentData<Json>
export type WriteRow = BulkWriteRow<Json>
export type WriteError = RxStorageWriteError<Json>
export type CreationParams = RxStorageInstanceCreationParams<Json, Json>

/** What is needed of an RxCollection to name it. */
export interface CollectionRef {
  readonly name: string
  readonly database: { readonly name: string }
  readonly schema: { readonly version: number }
}
