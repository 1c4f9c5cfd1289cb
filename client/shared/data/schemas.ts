/** The collections of a device, six of the thirteen that a realm may have (security.md, 8.6 f). A schema names only what is looked up or
 *  sorted by; the shape of a document is its type. A change of a schema needs the next version. */
import type { RxCollection, RxDatabase, RxJsonSchema } from 'rxdb/plugins/core'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { OfficerDoc } from './keyring.ts'
import type { OwnDoc } from './own-change.ts'
import type { DeviceState, QueueDoc, ReplicaState } from './tables.ts'

export interface DeviceCollections {
  readonly queue: RxCollection<QueueDoc>
  readonly officers: RxCollection<OfficerDoc>
  readonly state: RxCollection<DeviceState>
}
export interface OfficerCollections {
  readonly records: RxCollection<RecordDoc>
  readonly own: RxCollection<OwnDoc>
  readonly replica: RxCollection<ReplicaState>
}
export type DeviceRx = RxDatabase<DeviceCollections>
export type OfficerRx = RxDatabase<OfficerCollections>

const text = (maxLength: number) => ({ type: 'string', maxLength })
const whole = { type: 'integer', minimum: 0, maximum: 2 ** 47, multipleOf: 1 }

function schema<Doc>(
  idLength: number,
  properties: Readonly<Record<string, object>> = {},
  indexes: readonly (string | readonly string[])[] = [],
): { schema: RxJsonSchema<Doc> } {
  const names = Object.keys(properties)
  return {
    schema: {
      version: 0,
      primaryKey: 'id',
      type: 'object',
      properties: { id: text(idLength), ...properties },
      required: ['id', ...names],
      indexes,
    } as unknown as RxJsonSchema<Doc>,
  }
}

export const deviceSchemas = {
  queue: schema<QueueDoc>(12, { state: text(8) }, ['state']),
  officers: schema<OfficerDoc>(32),
  state: schema<DeviceState>(80),
}

export const officerSchemas = {
  records: schema<RecordDoc>(32, { type: text(40), updatedMs: whole, createdMs: whole }, [
    ['type', 'updatedMs'],
    ['type', 'createdMs'],
  ]),
  own: schema<OwnDoc>(64, { record: text(32), type: text(40) }, ['record', 'type']),
  replica: schema<ReplicaState>(220),
}
