/** What crosses between a page and its data worker: the methods of api.ts as calls and streams, and the worker's own signs to the page. */
import type { DeviceFace } from '#protocols/http/session.ts'
import type { Data } from './api.ts'
import type { PageSigns } from './data-service.ts'
import type { Calls, Streams } from './rpc.ts'

type Methods<Names extends keyof Data> = { readonly [Name in Names]: Data[Name] }

export const callNames = [
  'enrol',
  'enrolDemo',
  'demoPeople',
  'officers',
  'logon',
  'unlock',
  'lock',
  'takeOver',
  'commit',
  'dismissRefused',
  'saveDraft',
  'draft',
  'addFile',
  'openFile',
  'syncNow',
  'call',
] as const satisfies readonly (keyof Data)[]

export type DataCalls = Methods<(typeof callNames)[number]> & PageSigns & Calls
export type DataStreams = {
  readonly status: () => Data['status$']
  readonly own: () => Data['own$']
  readonly actor: () => Data['actor$']
  readonly watch: Data['watch']
  readonly watchOne: Data['watchOne']
} & Streams

/** The first message to a worker. */
export interface WorkerStart {
  readonly start: DeviceFace
}
/** The worker's word that the page has to be loaded anew. */
export interface WorkerEnd {
  readonly end: true
}
