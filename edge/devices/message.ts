/** A device's message as the gateway takes it in: known sender, known topic, checked payload. */
import { createHash } from 'node:crypto'
import type { DeviceKind } from '#protocols/device/kinds.ts'
import { decodePayload } from '#protocols/device/payload.ts'
import { mayPublish } from '#protocols/device/rights.ts'
import {
  deviceQos,
  deviceTopics,
  isUpTopic,
  parseTopic,
  type PayloadOf,
  type UpTopic,
} from '#protocols/device/topics.ts'
import { type ErrorCode, type ErrorDetail, refuse, type Refusal } from '#protocols/errors.ts'
import type { DeviceRegister } from './register.ts'

interface MessageOf<K extends UpTopic> {
  readonly deviceId: string
  readonly kind: DeviceKind
  readonly topic: K
  readonly payload: PayloadOf<K>
  /** By the gateway's clock. */
  readonly receivedAtMs: number
}
export type DeviceMessage = { [K in UpTopic]: MessageOf<K> }[UpTopic]

/** What is kept of a message that was not taken: never its content. */
export interface RejectedMessage {
  /** null when not even the topic named a device. */
  readonly deviceId: string | null
  readonly topic: UpTopic | null
  readonly code: ErrorCode
  /** Which field did not fit, if that was it. */
  readonly detail: ErrorDetail
  readonly sizeBytes: number
  /** SHA-256 of the payload, 64 hex: tells repeats of one broken message from many. */
  readonly hash: string
}

export interface RawMessage {
  readonly topic: string
  readonly payload: Uint8Array
}

/** The broker has asked the same questions already; another broker, by setting, may not have. */
export function readMessage(
  raw: RawMessage,
  register: DeviceRegister,
  nowMs: number,
): { readonly ok: true; readonly message: DeviceMessage } | Refusal {
  const parsed = parseTopic(raw.topic)
  if (!parsed || !isUpTopic(parsed.key)) return refuse('device/topic-denied')
  const { key, deviceId } = parsed
  const device = register.find(deviceId)
  if (!device?.isEnabled) return refuse('device/unknown')
  const { retain } = deviceTopics[key]
  const sizeBytes = raw.payload.length
  const may = mayPublish({ kind: device.kind, deviceId }, { topic: raw.topic, qos: deviceQos, retain, sizeBytes })
  if (!may.ok) return may
  const decoded = decodePayload(key, raw.payload)
  if (!decoded.ok) return decoded
  const message = { deviceId, kind: device.kind, topic: key, payload: decoded.payload, receivedAtMs: nowMs }
  return { ok: true, message: message as DeviceMessage }
}

export function rejectedMessage(raw: RawMessage, { code, detail }: Pick<Refusal, 'code' | 'detail'>): RejectedMessage {
  const parsed = parseTopic(raw.topic)
  return {
    deviceId: parsed?.deviceId ?? null,
    topic: parsed && isUpTopic(parsed.key) ? parsed.key : null,
    code,
    detail,
    sizeBytes: raw.payload.length,
    hash: createHash('sha256').update(raw.payload).digest('hex'),
  }
}
