/** The release policy of a lane: which types and fields may cross, made from declarations and settings (lane/SPEC.md, "Release").
 *  What it does not name does not cross. Both ends hold it and name it by its hash. */
import { hash } from '#crypto/hash.ts'
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts'
import { arrayOf, closedMapOf, intOf, mapOf, textOf, wordOf } from '../cbor-read.ts'
import { limits } from '../limits.ts'
import type { Reach } from '../record/field.ts'
import { type RecordLabel, recordLabels } from './entry.ts'

export const laneReaches = ['inner', 'open'] as const
export type LaneReach = (typeof laneReaches)[number]

export interface AttachmentFormat {
  readonly format: string
  readonly sizeBytesMax: number
}

export interface ReleasePolicy {
  readonly id: string
  readonly reach: LaneReach
  /** type -> field -> the id of the rule that withholds it, or null: it may cross. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, string | null>>
  /** Above this label nothing leaves. */
  readonly ceiling: RecordLabel
  /** Above this label a second person approves. */
  readonly approveAbove: RecordLabel
  readonly attachmentFormats: readonly AttachmentFormat[]
}

export interface PolicySettings {
  readonly id: string
  readonly reach: LaneReach
  /** Record declarations (record/define.ts), or plain objects of that shape. A type that is not listed does not leave. */
  readonly records: readonly {
    readonly type: string
    readonly allFields: Readonly<Record<string, { readonly reach: Reach }>>
  }[]
  readonly ceiling?: RecordLabel
  readonly approveAbove?: RecordLabel
  readonly attachmentFormats?: readonly AttachmentFormat[]
}

/** Rule ids name the reach that keeps the field back: `reach-stay`, `reach-inner`. */
export function makePolicy(settings: PolicySettings): ReleasePolicy {
  const ruleOf = (reach: Reach): string | null =>
    reach === 'open' || (reach === 'inner' && settings.reach === 'inner') ? null : `reach-${reach}`
  return {
    id: settings.id,
    reach: settings.reach,
    types: new Map(
      settings.records.map(({ type, allFields }) => [
        type,
        new Map(Object.entries(allFields).map(([name, { reach }]) => [name, ruleOf(reach)])),
      ]),
    ),
    ceiling: settings.ceiling ?? 'restricted',
    approveAbove: settings.approveAbove ?? 'public',
    attachmentFormats: settings.attachmentFormats ?? [],
  }
}

export const encodePolicy = (policy: ReleasePolicy): Uint8Array =>
  encodeCanonical({
    v: 1,
    id: policy.id,
    reach: policy.reach,
    types: policy.types,
    ceiling: policy.ceiling,
    approveAbove: policy.approveAbove,
    attachmentFormats: policy.attachmentFormats.map(({ format, sizeBytesMax }) => [format, sizeBytesMax]),
  })

/** Names the policy in every bundle that it governs. Returns 32 bytes. */
export const policyHashOf = (policy: ReleasePolicy): Uint8Array => hash('policy', encodePolicy(policy))

/** Throws Fault 'wire/…'. */
export function decodePolicy(bytes: Uint8Array): ReleasePolicy {
  const map = closedMapOf(decodeCanonical(bytes, { bytesMax: limits.policyBytesMax }), 'policy', [
    'v',
    'id',
    'reach',
    'types',
    'ceiling',
    'approveAbove',
    'attachmentFormats',
  ])
  intOf(map.get('v'), 'v', 1, 1)
  return {
    id: textOf(map.get('id'), 'id', 64),
    reach: wordOf(map.get('reach'), 'reach', laneReaches),
    types: new Map([...mapOf(map.get('types'), 'types')].map(([type, fields]) => [type, fieldsOf(fields)])),
    ceiling: wordOf(map.get('ceiling'), 'ceiling', recordLabels),
    approveAbove: wordOf(map.get('approveAbove'), 'approveAbove', recordLabels),
    attachmentFormats: arrayOf(map.get('attachmentFormats'), 'attachmentFormats').map((row) => {
      const [format, sizeBytesMax] = arrayOf(row, 'attachmentFormats', 2)
      return { format: textOf(format, 'format', 64), sizeBytesMax: intOf(sizeBytesMax, 'sizeBytesMax', 1) }
    }),
  }
}

const fieldsOf = (value: CborValue): Map<string, string | null> =>
  new Map([...mapOf(value, 'fields')].map(([name, rule]) => [name, rule === null ? null : textOf(rule, 'rule', 64)]))

export const isAbove = (label: RecordLabel, bound: RecordLabel): boolean =>
  recordLabels.indexOf(label) > recordLabels.indexOf(bound)
export const higherLabel = (a: RecordLabel, b: RecordLabel): RecordLabel => (isAbove(a, b) ? a : b)
