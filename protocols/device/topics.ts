/** Every topic of the device side: literal topic -> schema, who may send it, size. A topic that is not in this table does not exist.
 *  `<device>` stands for the device's own id. "up" is from a device to the gateway, "down" the other way. */
import type { z } from 'zod'
import { limits } from '../limits.ts'
import { health, presence } from './health.ts'
import { deviceKinds, type DeviceKind, isDeviceId } from './kinds.ts'
import { compare, match, message } from './kiosk.ts'
import { result, swipe } from './reader.ts'

export interface TopicRow {
  readonly direction: 'up' | 'down'
  /** Sender of an up topic, receiver of a down topic. */
  readonly kinds: readonly DeviceKind[]
  readonly schema: z.ZodType
  readonly bytesMax: number
  /** True: the sender must set the retain flag. False: it must not. */
  readonly retain: boolean
}

const bytesMax = limits.deviceReportBytesMax

export const deviceTopics = {
  'up/<device>/swipe': row('up', ['reader'], swipe, limits.deviceSwipeBytesMax),
  'up/<device>/match': row('up', ['kiosk'], match, bytesMax),
  'up/<device>/health': row('up', deviceKinds, health, bytesMax),
  'up/<device>/presence': { ...row('up', deviceKinds, presence, bytesMax), retain: true },
  'down/<device>/result': row('down', ['reader', 'kiosk'], result, bytesMax),
  'down/<device>/compare': row('down', ['kiosk'], compare, bytesMax),
  'down/<device>/message': row('down', ['kiosk'], message, 2 * bytesMax),
} as const

function row<S extends z.ZodType, D extends 'up' | 'down'>(
  direction: D,
  kinds: readonly DeviceKind[],
  schema: S,
  bytesMax: number,
) {
  return { direction, kinds, schema, bytesMax, retain: false as boolean }
}

export type TopicKey = keyof typeof deviceTopics
export type UpTopic = Extract<TopicKey, `up/${string}`>
export type DownTopic = Extract<TopicKey, `down/${string}`>
export type PayloadOf<K extends TopicKey> = z.infer<(typeof deviceTopics)[K]['schema']>

/** Every topic is sent with at-least-once delivery: one that is sent with less could be lost without a word. */
export const deviceQos = 1

export const topicOf = (key: TopicKey, deviceId: string): string => key.replace('<device>', deviceId)

/** The row of a concrete topic; null for a topic outside the table or with an id that is none. */
export function parseTopic(topic: string): { readonly key: TopicKey; readonly deviceId: string } | null {
  const parts = topic.split('/')
  const [direction, deviceId, name] = parts
  if (parts.length !== 3 || deviceId === undefined || !isDeviceId(deviceId)) return null
  const key = `${direction}/<device>/${name}`
  return isTopicKey(key) ? { key, deviceId } : null
}

export const isTopicKey = (key: string): key is TopicKey => Object.hasOwn(deviceTopics, key)
export const isUpTopic = (key: TopicKey): key is UpTopic => deviceTopics[key].direction === 'up'
