/** The sixteen keys that a change signs (change/SPEC.md, "Header"). Ids and hashes are bytes here and hex in records. */
import { decodeCanonical, encodeCanonical } from '../cbor.ts'
import { bytesOf, intOf, mapOf, textOf } from '../cbor-read.ts'
import { Fault } from '../errors.ts'
import { limits } from '../limits.ts'

export const changeVersion = 1
export const suiteVersion = 1

export const plainKinds = [
  'create',
  'update',
  'handOver',
  'takeOver',
  'clockReset',
  'erase',
  'hold',
  'read',
  'lookup',
  'signoff',
  'narrative',
  'narrative-live',
  'decide',
] as const
export type ChangeKind = (typeof plainKinds)[number] | `do:${string}`

/** On whose behalf the gateway signed: device kind, device id, attested officer or null. */
export interface Via {
  readonly kind: string
  readonly device: Uint8Array
  readonly officer: Uint8Array | null
}

export interface ChangeHeader {
  /** Home of the record: 16 bytes. */
  readonly station: Uint8Array
  readonly type: string
  readonly record: Uint8Array
  readonly kind: ChangeKind
  readonly device: Uint8Array
  /** Null for changes of the gateway and for captures. */
  readonly officer: Uint8Array | null
  /** Hash of the grant's body, 32 bytes; null with officer. */
  readonly grant: Uint8Array | null
  readonly via: Via | null
  /** Counts per device from 1. */
  readonly seq: number
  /** Id of this device's change before; 32 zero bytes for the first. */
  readonly prev: Uint8Array
  /** 48-bit ms and 16-bit counter. */
  readonly hlc: Uint8Array
  /** Version of the last admitted state that this replica held; null for create. */
  readonly base: Uint8Array | null
  /** Version of the record type's declaration. */
  readonly schema: number
  readonly payloadRoot: Uint8Array
}

const headerKeys = [
  'v',
  'suite',
  'station',
  'type',
  'record',
  'kind',
  'device',
  'officer',
  'grant',
  'via',
  'seq',
  'prev',
  'hlc',
  'base',
  'schema',
  'payloadRoot',
]

export const encodeHeader = (header: ChangeHeader): Uint8Array =>
  encodeCanonical({
    ...header,
    v: changeVersion,
    suite: suiteVersion,
    via: header.via && [header.via.kind, header.via.device, header.via.officer],
  })

/** bytes: canonical CBOR of one header. Throws Fault 'wire/…'; unknown keys are refused. */
export function decodeHeader(bytes: Uint8Array): ChangeHeader {
  const map = mapOf(decodeCanonical(bytes, { bytesMax: limits.changeBytesMax }), 'header')
  for (const key of map.keys()) if (!headerKeys.includes(key)) throw new Fault('wire/malformed', { key })
  if (intOf(map.get('v'), 'v') !== changeVersion) throw new Fault('wire/version-unknown', { v: intOf(map.get('v'), 'v') })
  if (intOf(map.get('suite'), 'suite') !== suiteVersion)
    throw new Fault('wire/version-unknown', { suite: intOf(map.get('suite'), 'suite') })
  const orNull = (key: string, length: number) => {
    const value = map.get(key)
    return value === null ? null : bytesOf(value, key, length)
  }
  const kind = textOf(map.get('kind'), 'kind')
  if (!isKind(kind)) throw new Fault('wire/malformed', { key: 'kind' })
  const seq = intOf(map.get('seq'), 'seq')
  if (seq < 1) throw new Fault('wire/malformed', { key: 'seq' })
  return {
    station: bytesOf(map.get('station'), 'station', 16),
    type: textOf(map.get('type'), 'type'),
    record: bytesOf(map.get('record'), 'record', 16),
    kind,
    device: bytesOf(map.get('device'), 'device', 16),
    officer: orNull('officer', 16),
    grant: orNull('grant', 32),
    via: decodeVia(map.get('via')),
    seq,
    prev: bytesOf(map.get('prev'), 'prev', 32),
    hlc: bytesOf(map.get('hlc'), 'hlc', 8),
    base: orNull('base', 32),
    schema: intOf(map.get('schema'), 'schema'),
    payloadRoot: bytesOf(map.get('payloadRoot'), 'payloadRoot', 32),
  }
}

const isKind = (kind: string): kind is ChangeKind =>
  (plainKinds as readonly string[]).includes(kind) || /^do:[a-z][A-Za-z]{1,39}$/.test(kind)

function decodeVia(value: unknown): Via | null {
  if (value === null) return null
  if (!Array.isArray(value) || value.length !== 3) throw new Fault('wire/malformed', { key: 'via' })
  return {
    kind: textOf(value[0], 'via'),
    device: bytesOf(value[1], 'via', 16),
    officer: value[2] === null ? null : bytesOf(value[2], 'via', 16),
  }
}
