import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MqttClient } from 'mqtt'
import { createCredentials } from '../../../../edge/broker/credentials.ts'
import {
  connected,
  connectFrame,
  credentialsFile,
  ended,
  frame,
  kioskId,
  messagesOf,
  otherReaderId,
  printerId,
  rawPeer,
  readerId,
  secretOf,
  startStation,
  type Station,
  strangerId,
} from './station.ts'

// Real processes and sockets on a machine that may be busy: a limit against hanging, not a measure.
vi.setConfig({ testTimeout: 60_000 })

let station: Station
beforeEach(async () => {
  station = await startStation()
})
afterEach(() => station.close())

const gateway = async () => {
  const client = station.client('gateway')
  await connected(client)
  await client.subscribeAsync('up/#', { qos: 1 })
  return client
}
const device = async (clientId: string) => {
  const client = station.client(clientId)
  await connected(client)
  return client
}
const say = (client: MqttClient, topic: string, text = '{}', options: { qos?: 0 | 1 | 2; retain?: boolean } = {}) =>
  client.publish(topic, text, { qos: 1, ...options }, () => {})

describe('who may connect', () => {
  const refusedBy = (clientId: string, options: object) =>
    new Promise<number>((resolve) => {
      station.client(clientId, options).once('error', (error) => resolve((error as unknown as { code: number }).code))
    })

  test('a device with its secret is let in, and nobody else', async () => {
    await connected(station.client(readerId))
    expect(await refusedBy(readerId, { password: 'another' })).toBe(5)
    expect(await refusedBy(readerId, { password: secretOf(otherReaderId) })).toBe(5)
    expect(await refusedBy(readerId, { username: otherReaderId, password: secretOf(otherReaderId) })).toBe(5)
    expect(await refusedBy(strangerId, {})).toBe(5)
    expect(await refusedBy('gateway', { password: 'another' })).toBe(5)
    expect(station.broker.refused()).toMatchObject({ 'logon/failed': 3, 'device/unknown': 2 })
  })

  test('a stranger who uses the id of a device does not push the device out', async () => {
    const real = await device(readerId)
    await refusedBy(readerId, { password: 'another' })
    await real.publishAsync(`up/${readerId}/health`, '{}', { qos: 1 })
    expect(real.connected).toBe(true)
  })

  test('a gateway that begins a clean session is refused, because its queue would be lost', async () => {
    await ended(station.client('gateway', { clean: true }))
    expect(station.broker.refused()).toMatchObject({ 'device/clean-session-denied': 1 })
  })

  test('MQTT 3.1 and MQTT 5 are refused', async () => {
    await ended(station.client(readerId, { protocolVersion: 5 }))
    await ended(station.client(readerId, { protocolVersion: 3, protocolId: 'MQIsdp' }))
    expect(station.broker.refused()).toMatchObject({ 'wire/version-unknown': 2 })
  })

  test('a keep-alive of none or too long is refused', async () => {
    expect(await refusedBy(readerId, { keepalive: 0 })).toBe(6)
    expect(await refusedBy(readerId, { keepalive: 121 })).toBe(6)
  })

  test('a device that was removed is cut off, one that stays is not, and the removed one cannot come back', async () => {
    const gone = await device(readerId)
    const stays = await device(kioskId)
    const cut = ended(gone)
    await station.broker.setCredentials(createCredentials(credentialsFile([kioskId])))
    await cut
    expect(stays.connected).toBe(true)
    expect(await refusedBy(readerId, {})).toBe(5)
  })

  test('a device whose secret was changed is cut off', async () => {
    const client = await device(readerId)
    const cut = ended(client)
    const file = credentialsFile()
    const devices = file.devices.map((entry) => ({ ...entry, secretHash: 'ab'.repeat(32) }))
    await station.broker.setCredentials(createCredentials({ ...file, devices }))
    await cut
  })
})

describe('what may be said', () => {
  test('a swipe reaches the gateway as it was sent', async () => {
    const inbox = await gateway()
    const heard = messagesOf(inbox, 1)
    const reader = await device(readerId)
    await reader.publishAsync(`up/${readerId}/swipe`, '{"any":"bytes"}', { qos: 1 })
    expect(await heard).toEqual([{ topic: `up/${readerId}/swipe`, text: '{"any":"bytes"}' }])
  })

  const denials: [string, string, string, { qos?: 0 | 1 | 2; retain?: boolean }, string][] = [
    ['another device', readerId, `up/${otherReaderId}/swipe`, {}, 'device/topic-denied'],
    ['a topic of another kind', readerId, `up/${readerId}/match`, {}, 'device/topic-denied'],
    ['a topic that does not exist', readerId, `up/${readerId}/anything`, {}, 'device/topic-denied'],
    ['its own down topic', readerId, `down/${readerId}/result`, {}, 'device/topic-denied'],
    ['the system topics', readerId, '$SYS/broker/log', {}, 'device/topic-denied'],
    ['at most once', readerId, `up/${readerId}/swipe`, { qos: 0 }, 'device/qos-denied'],
    ['exactly once', readerId, `up/${readerId}/swipe`, { qos: 2 }, 'device/qos-denied'],
    ['a retained swipe', readerId, `up/${readerId}/swipe`, { retain: true }, 'device/retain-denied'],
    ['presence that is not retained', readerId, `up/${readerId}/presence`, {}, 'device/retain-denied'],
    ['up as the gateway', 'gateway', `up/${readerId}/swipe`, {}, 'device/topic-denied'],
    ['a retained answer', 'gateway', `down/${readerId}/result`, { retain: true }, 'device/retain-denied'],
  ]
  test.each(denials)('%s is denied and ends the connection', async (_title, who, topic, options, code) => {
    const client = await device(who)
    const cut = ended(client)
    say(client, topic, '{}', options)
    await cut
    expect(station.broker.refused()).toMatchObject({ [code]: 1 })
  })

  test('a swipe above 4 KiB, an empty one and a topic of nine levels are denied', async () => {
    for (const [topic, text] of [
      [`up/${readerId}/swipe`, 'x'.repeat(4097)],
      [`up/${readerId}/swipe`, ''],
      ['a/b/c/d/e/f/g/h/i', '{}'],
    ] as const) {
      const client = await device(readerId)
      const cut = ended(client)
      say(client, topic, text)
      await cut
    }
    expect(station.broker.refused()).toMatchObject({
      'wire/too-large': 1,
      'wire/malformed': 1,
      'device/topic-denied': 1,
    })
  })

  test('no log line and no counter carries what was said', async () => {
    const client = await device(readerId)
    const cut = ended(client)
    say(client, `up/${otherReaderId}/CANARY-TOPIC`, 'CANARY-BODY')
    await cut
    expect(station.log.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify([station.log.lines, station.broker.refused()])).not.toContain('CANARY')
  })
})

describe('what may be heard', () => {
  const grantOf = async (client: MqttClient, filter: string, qos: 0 | 1 = 1) =>
    new Promise<number>((resolve) => {
      client.subscribe(filter, { qos }, (error, granted) => resolve(error ? 128 : (granted?.[0]?.qos ?? -1)))
    })

  test('a device hears its own down topics and nothing else', async () => {
    const reader = await device(readerId)
    expect(await grantOf(reader, `down/${readerId}/#`)).toBe(1)
    expect(await grantOf(reader, `down/${readerId}/result`)).toBe(1)
    for (const filter of [
      '#',
      'down/#',
      'down/+/result',
      `down/${otherReaderId}/#`,
      'up/#',
      '$SYS/#',
      `up/${readerId}/#`,
    ])
      expect([filter, await grantOf(reader, filter)]).toEqual([filter, 128])
    expect(await grantOf(reader, `down/${readerId}/compare`)).toBe(128)
    expect(await grantOf(reader, `down/${readerId}/#`, 0)).toBe(128)
  })

  test('the gateway hears up and nothing else', async () => {
    const inbox = await gateway()
    for (const filter of ['#', 'down/#', '$SYS/#', 'up/+/swipe'])
      expect([filter, await grantOf(inbox, filter)]).toEqual([filter, 128])
  })

  test('an answer reaches the device it is for, and no other', async () => {
    const inbox = await gateway()
    const reader = await device(readerId)
    const other = await device(otherReaderId)
    await reader.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    await other.subscribeAsync(`down/${otherReaderId}/#`, { qos: 1 })
    const strayed: string[] = []
    other.on('message', (topic) => strayed.push(topic))
    const heard = messagesOf(reader, 2)
    await inbox.publishAsync(`down/${readerId}/result`, 'first', { qos: 1 })
    await inbox.publishAsync(`down/${readerId}/result`, 'second', { qos: 1 })
    expect((await heard).map(({ text }) => text)).toEqual(['first', 'second'])
    expect(strayed).toEqual([])
  })

  test('an answer of a kind that the device does not know is not forwarded to it', async () => {
    const inbox = await gateway()
    const reader = await device(readerId)
    await reader.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    const heard = messagesOf(reader, 1)
    await inbox.publishAsync(`down/${readerId}/compare`, 'for kiosks', { qos: 1 })
    await inbox.publishAsync(`down/${readerId}/result`, 'for readers', { qos: 1 })
    expect((await heard).map(({ text }) => text)).toEqual(['for readers'])
  })
})

describe('last wills', () => {
  const will = (topic: string, options = {}) => ({
    topic,
    payload: Buffer.from('{}'),
    qos: 1 as const,
    retain: true,
    ...options,
  })

  test('a device that is cut off leaves its will, retained for a gateway that comes later', async () => {
    const reader = station.client(readerId, { will: will(`up/${readerId}/presence`) })
    await connected(reader)
    const present = await gateway()
    const heardNow = messagesOf(present, 1)
    reader.stream.destroy()
    expect((await heardNow)[0]?.topic).toBe(`up/${readerId}/presence`)
    await present.endAsync(true)
    const later = station.client('gateway')
    const heardLater = messagesOf(later, 1)
    await connected(later)
    await later.subscribeAsync('up/#', { qos: 1 })
    expect((await heardLater)[0]?.topic).toBe(`up/${readerId}/presence`)
  })

  test.each([
    ['of another device', `up/${otherReaderId}/presence`, {}],
    ['on a topic of another kind', `up/${readerId}/match`, { retain: false }],
    ['on the system topics', '$SYS/will', {}],
    ['that is not retained', `up/${readerId}/presence`, { retain: false }],
    ['at most once', `up/${readerId}/presence`, { qos: 0 }],
  ])('a will %s is refused when it is handed in', async (_title, topic, options) => {
    const client = station.client(readerId, { will: will(topic, options) })
    const code = await new Promise((resolve) => client.once('error', (error) => resolve((error as never)['code'])))
    expect(code).toBe(5)
  })
})

describe('sizes, before anything is kept', () => {
  test('a CONNECT that announces more than 4 KiB is cut off before it was sent', async () => {
    const peer = await rawPeer(station.port)
    peer.socket.write(frame(0x10, Buffer.alloc(10), 4097))
    await peer.closed
    expect(station.broker.refused()).toMatchObject({ 'broker/connect-too-large': 1 })
  })

  test('256 MiB announced as the first packet is cut off, whatever its type', async () => {
    const peer = await rawPeer(station.port)
    peer.socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))
    await peer.closed
    expect(station.broker.refused()).toMatchObject({ 'broker/connect-expected': 1 })
  })

  test('a length of five bytes and a reserved type are cut off', async () => {
    for (const bytes of [
      [0x10, 0xff, 0xff, 0xff, 0xff, 0x01],
      [0x00, 0x00],
      [0xf0, 0x00],
    ]) {
      const peer = await rawPeer(station.port)
      peer.socket.write(Buffer.from(bytes))
      await peer.closed
    }
    expect(station.broker.refused()).toMatchObject({ 'broker/malformed': 3 })
  })

  test('a stranger who sends on before the answer to CONNECT is cut off after 4 KiB', async () => {
    const peer = await rawPeer(station.port)
    const secret = 'wrong'
    peer.socket.write(Buffer.concat([connectFrame(strangerId, secret), Buffer.alloc(8192, 0x30)]))
    await peer.closed
    expect(peer.received().length).toBeLessThanOrEqual(4)
  })

  test('a CONNECT just below 4 KiB is read and answered', async () => {
    const peer = await rawPeer(station.port)
    peer.socket.write(connectFrame(readerId, secretOf(readerId), 3900))
    expect([...(await peer.waitForBytes(4))]).toEqual([0x20, 2, 0, 5])
  })

  test('after CONNECT a packet that announces more than 64 KiB ends the connection', async () => {
    const peer = await rawPeer(station.port)
    peer.socket.write(connectFrame(readerId, secretOf(readerId)))
    expect([...(await peer.waitForBytes(4))]).toEqual([0x20, 2, 0, 0])
    peer.socket.write(frame(0x32, Buffer.alloc(10), 64 * 1024 + 1))
    await peer.closed
    expect(station.broker.refused()).toMatchObject({ 'broker/packet-too-large': 1 })
  })

  test('a packet that is cut into single bytes is read all the same', async () => {
    const peer = await rawPeer(station.port)
    peer.socket.setNoDelay(true)
    for (const byte of connectFrame(readerId, secretOf(readerId))) peer.socket.write(Buffer.from([byte]))
    expect([...(await peer.waitForBytes(4))]).toEqual([0x20, 2, 0, 0])
  })

  test('a second CONNECT ends the connection', async () => {
    const peer = await rawPeer(station.port)
    const connect = connectFrame(readerId, secretOf(readerId))
    peer.socket.write(connect)
    await peer.waitForBytes(4)
    peer.socket.write(connect)
    await peer.closed
  })
})

describe('queues', () => {
  test('what devices say while there is no gateway waits for it, in order', async () => {
    const reader = await device(readerId)
    for (let n = 1; n <= 20; n++) await reader.publishAsync(`up/${readerId}/swipe`, String(n), { qos: 1 })
    expect(station.queue.depth('gateway')).toBe(20)
    const inbox = station.client('gateway')
    const heard = await messagesOf(inbox, 20)
    expect(heard.map(({ text }) => Number(text))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  test('many devices at once: the gateway that listens hears every message, each device in its order', async () => {
    const inbox = await gateway()
    const heard = messagesOf(inbox, 4 * 250)
    const ids = [readerId, otherReaderId, kioskId, printerId]
    const sayAll = async (id: string) => {
      const client = await device(id)
      const sent = Array.from({ length: 250 }, (_, n) => {
        const isPresence = n % 5 === 4
        const topic = isPresence ? `up/${id}/presence` : `up/${id}/health`
        return client.publishAsync(topic, String(n), { qos: 1, retain: isPresence })
      })
      await Promise.all(sent)
    }
    await Promise.all(ids.map(sayAll))
    const all = await heard
    for (const id of ids) {
      const health = all.filter(({ topic }) => topic === `up/${id}/health`).map(({ text }) => Number(text))
      expect(health).toEqual(Array.from({ length: 250 }, (_, n) => n).filter((n) => n % 5 !== 4))
      expect(new Set(all.filter(({ topic }) => topic === `up/${id}/presence`).map(({ text }) => text)).size).toBe(50)
    }
  })

  test('a device that is away keeps only its newest answers', async () => {
    await station.close()
    station = await startStation({ deviceQueueMax: 3 })
    const reader = await device(readerId)
    await reader.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    await reader.endAsync(true)
    const inbox = await gateway()
    for (let n = 1; n <= 5; n++) await inbox.publishAsync(`down/${readerId}/result`, String(n), { qos: 1 })
    const back = station.client(readerId)
    expect((await messagesOf(back, 3)).map(({ text }) => text)).toEqual(['3', '4', '5'])
  })

  test("when the gateway's queue is full a device keeps its message: it is neither taken nor acknowledged", async () => {
    await station.close()
    station = await startStation({ inboxQueueMax: 2 })
    const reader = await device(readerId)
    await reader.publishAsync(`up/${readerId}/swipe`, '1', { qos: 1 })
    await reader.publishAsync(`up/${readerId}/swipe`, '2', { qos: 1 })
    const cut = ended(reader)
    let isAcknowledged = false
    reader.publish(`up/${readerId}/swipe`, '3', { qos: 1 }, (error) => {
      isAcknowledged = !error
    })
    await cut
    expect(isAcknowledged).toBe(false)
    expect(station.queue.depth('gateway')).toBe(2)
    expect(station.broker.refused()).toMatchObject({ 'device/queue-full': 1 })
  })

  test('queue, subscription and presence of a removed device are gone', async () => {
    const reader = await device(readerId)
    await reader.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    await reader.publishAsync(`up/${readerId}/presence`, '{}', { qos: 1, retain: true })
    await reader.endAsync(true)
    const inbox = await gateway()
    await inbox.publishAsync(`down/${readerId}/result`, '1', { qos: 1 })
    expect(station.queue.depth(readerId)).toBe(1)
    await station.broker.setCredentials(createCredentials(credentialsFile([kioskId])))
    expect(station.queue.depth(readerId)).toBe(0)
    expect(await station.queue.clientIds()).toEqual(['gateway'])
  })
})

test('a device without tokens is made to wait and loses nothing', async () => {
  await station.close()
  station = await startStation({ packetsPerSecond: 200, packetsBurst: 5 })
  const inbox = await gateway()
  const heard = messagesOf(inbox, 40)
  const reader = await device(readerId)
  const sent = Array.from({ length: 40 }, (_, n) => reader.publishAsync(`up/${readerId}/health`, String(n), { qos: 1 }))
  await Promise.all(sent)
  expect((await heard).map(({ text }) => Number(text))).toEqual(Array.from({ length: 40 }, (_, n) => n))
})

test('connections above the limit are closed, and one more than may wait unaccepted', async () => {
  await station.close()
  station = await startStation({ connectionsMax: 3, pendingConnectionsMax: 2 })
  const waiting = [await rawPeer(station.port), await rawPeer(station.port)]
  const third = await rawPeer(station.port)
  await third.closed
  expect(station.broker.refused()).toMatchObject({ 'broker/too-many-connections': 1 })
  for (const { socket } of waiting) socket.destroy()
})

test('a connection that never sends CONNECT is closed', async () => {
  await station.close()
  station = await startStation({ connectTimeoutMs: 50 })
  const peer = await rawPeer(station.port)
  await peer.closed
  expect(station.broker.refused()).toMatchObject({ 'broker/connect-timeout': 1 })
})
