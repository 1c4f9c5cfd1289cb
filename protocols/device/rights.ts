/** Who may say and hear what on the broker, as pure questions to the table of topics. Deny by default: whatever has no row is refused. */
import { type ErrorCode, refuse, type Refusal } from '../errors.ts'
import type { Principal } from './kinds.ts'
import { deviceQos, deviceTopics, parseTopic, type TopicKey } from './topics.ts'

export interface Publication {
  readonly topic: string
  readonly qos: number
  readonly retain: boolean
  readonly sizeBytes: number
}

export type PublishVerdict = { readonly ok: true; readonly key: TopicKey; readonly deviceId: string } | Refusal
export type Verdict = { readonly ok: true } | Refusal

/** Also asked for a last will, when it is handed in and again when it is due. */
export function mayPublish(who: Principal, publication: Publication): PublishVerdict {
  const parsed = parseTopic(publication.topic)
  if (!parsed) return deny('device/topic-denied')
  const row = deviceTopics[parsed.key]
  if (!isSender(who, parsed.key, parsed.deviceId)) return deny('device/topic-denied', parsed.key)
  if (publication.qos !== deviceQos) return deny('device/qos-denied', parsed.key)
  if (publication.retain !== row.retain) return deny('device/retain-denied', parsed.key)
  if (publication.sizeBytes > row.bytesMax) return deny('wire/too-large', parsed.key)
  if (publication.sizeBytes === 0) return deny('wire/malformed', parsed.key)
  return { ok: true, ...parsed }
}

/** A device: `down/<own>/#` or one down topic of its kind by name. The gateway: `up/#`.
 *  qos 0 is refused for a session that outlives its connection: the broker would keep messages for it that it never asked to have kept. */
export function maySubscribe(who: Principal, filter: string, qos: number, cleanSession: boolean): Verdict {
  if (!cleanSession && qos === 0) return deny('device/qos-denied')
  if (who.kind === 'gateway') return filter === 'up/#' ? { ok: true } : deny('device/topic-denied')
  if (filter === `down/${who.deviceId}/#`) return { ok: true }
  return mayReceive(who, filter)
}

/** Asked once more for each message before it leaves the broker. */
export function mayReceive(who: Principal, topic: string): Verdict {
  const parsed = parseTopic(topic)
  if (!parsed) return deny('device/topic-denied')
  const row = deviceTopics[parsed.key]
  const isReceiver =
    who.kind === 'gateway'
      ? row.direction === 'up'
      : row.direction === 'down' && parsed.deviceId === who.deviceId && row.kinds.includes(who.kind)
  return isReceiver ? { ok: true } : deny('device/topic-denied', parsed.key)
}

function isSender(who: Principal, key: TopicKey, deviceId: string): boolean {
  const row = deviceTopics[key]
  if (who.kind === 'gateway') return row.direction === 'down'
  return row.direction === 'up' && deviceId === who.deviceId && row.kinds.includes(who.kind)
}

/** The detail names a row of the table, never the text that came from outside. */
const deny = (code: ErrorCode, key?: TopicKey): Refusal => refuse(code, key ? { topic: key } : {})
