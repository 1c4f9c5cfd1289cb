/** Bytes of a device to a payload and back. Whatever the bytes are, the answer is a value: a device can be wrong, broken or hostile. */
import { assert, refuse, type Refusal } from '../errors.ts'
import { deviceTopics, type PayloadOf, type TopicKey } from './topics.ts'

export type Decoded<K extends TopicKey> = { readonly ok: true; readonly payload: PayloadOf<K> } | Refusal

/** bytes: UTF-8 JSON of one object, at most the row's bytesMax. Codes: wire/too-large, wire/malformed. The detail says which field did not fit and
 *  never what stood in it. */
export function decodePayload<K extends TopicKey>(key: K, bytes: Uint8Array): Decoded<K> {
  const row = deviceTopics[key]
  if (bytes.length > row.bytesMax) return refuse('wire/too-large', { topic: key, sizeBytes: bytes.length })
  const value = parseJson(bytes)
  if (value === undefined) return refuse('wire/malformed', { topic: key, field: '' })
  const parsed = row.schema.safeParse(value)
  if (parsed.success) return { ok: true, payload: parsed.data as PayloadOf<K> }
  return refuse('wire/malformed', { topic: key, field: fieldOf(parsed.error.issues[0]?.path) })
}

/** Our own messages: one that does not fit its schema is our bug. */
export function encodePayload<K extends TopicKey>(key: K, payload: PayloadOf<K>): Uint8Array {
  const row = deviceTopics[key]
  assert(row.schema.safeParse(payload).success, 'A payload of ours fits its schema.')
  const bytes = new TextEncoder().encode(JSON.stringify(payload))
  assert(bytes.length <= row.bytesMax, 'A payload of ours fits its topic.')
  return bytes
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** Names of our own schema only: a path of foreign keys would carry foreign text into a log. */
const fieldOf = (path: readonly PropertyKey[] | undefined): string =>
  (path ?? []).filter((part) => typeof part === 'string' && /^[a-zA-Z]{1,20}$/.test(part)).join('.')
