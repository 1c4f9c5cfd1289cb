/** The release policy of the lane to the hub of the inner network, made from the declarations: every type may cross, every field by its reach. */
import { bornSlot } from '#protocols/change/apply.ts'
import { makePolicy, type ReleasePolicy } from '#protocols/lane/policy.ts'
import type { RecordDef } from '#protocols/record/define.ts'

export const innerPolicy = (defs: ReadonlyMap<string, RecordDef>): ReleasePolicy =>
  makePolicy({
    id: 'station-to-hub',
    reach: 'inner',
    records: [...defs.values()].map((def) => ({
      type: def.type,
      // The states a record is born in travel like its fields: without them the receiver could not fold it.
      allFields: { ...def.allFields, [bornSlot]: { reach: 'inner' as const } },
    })),
    ceiling: 'restricted',
    // Inside one network a person's approval is asked for nothing; towards the open network it is.
    approveAbove: 'restricted',
  })
