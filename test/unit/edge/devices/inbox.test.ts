import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MqttClient } from 'mqtt'
import { Fault } from '#protocols/errors.ts'
import { createInbox, type Inbox, type InboxOptions } from '../../../../edge/devices/inbox.ts'
import {
  type DeviceMessage,
  readMessage,
  rejectedMessage,
  type RejectedMessage,
} from '../../../../edge/devices/message.ts'
import type { DeviceRegister } from '../../../../edge/devices/register.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'
import {
  connected,
  createLog,
  kindById,
  kioskId,
  messagesOf,
  otherReaderId,
  readerId,
  secretOf,
  startStation,
  type Station,
  strangerId,
} from '../broker/station.ts'

// Real processes and sockets on a machine that may be busy: a limit against hanging, not a measure.
vi.setConfig({ testTimeout: 60_000 })

const register: DeviceRegister = {
  find: (deviceId) => {
    const kind = kindById[deviceId]
    return kind && { deviceId, kind, isEnabled: deviceId !== otherReaderId }
  },
  all: () => [],
}
const swipe = (seq: number) => ({ v: 1, seq, at: 1, document: { unreadable: true, reason: 'damaged' } }) as const

let station: Station
let clock: FakeClock
let inboxes: Inbox[]
let rejected: RejectedMessage[]
let log: ReturnType<typeof createLog>
beforeEach(async () => {
  station = await startStation()
  clock = createFakeClock()
  inboxes = []
  rejected = []
  log = createLog()
})
afterEach(async () => {
  await Promise.all(inboxes.map((inbox) => inbox.close()))
  await station.close()
})

const open = (ingest: InboxOptions['ingest'], rest: Partial<InboxOptions> = {}): Inbox => {
  const inbox = createInbox({
    url: station.url,
    secret: secretOf('gateway'),
    register,
    ingest,
    onRejected: (message) => void rejected.push(message),
    clock,
    timers: clock,
    log,
    retryMs: 5,
    ...rest,
  })
  inboxes.push(inbox)
  return inbox
}
const reader = async (clientId = readerId): Promise<MqttClient> => {
  const client = station.client(clientId)
  await connected(client)
  return client
}
const lay = (client: MqttClient, seq: number) =>
  client.publishAsync(`up/${client.options.clientId}/swipe`, JSON.stringify(swipe(seq)), { qos: 1 })
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
const seqOf = (message: DeviceMessage) => ('seq' in message.payload ? message.payload.seq : 0)

describe('nothing is acknowledged before it is committed', () => {
  test('while the commit is under way the broker keeps the message, after it not', async () => {
    const commit = Promise.withResolvers<void>()
    const seen: DeviceMessage[] = []
    const inbox = open((message) => {
      seen.push(message)
      return commit.promise
    })
    await lay(await reader(), 1)
    await until(() => seen.length === 1)
    expect(seen[0]).toEqual({
      deviceId: readerId,
      kind: 'reader',
      topic: 'up/<device>/swipe',
      payload: swipe(1),
      receivedAtMs: clock.nowMs(),
    })
    expect(station.queue.depth('gateway')).toBe(1)
    expect(inbox.counts().taken).toBe(0)
    commit.resolve()
    await until(() => station.queue.depth('gateway') === 0)
    expect(inbox.counts()).toEqual({ taken: 1, rejected: 0, failed: 0 })
  })

  test('messages come one at a time and in their order', async () => {
    const order: string[] = []
    open(async (message) => {
      order.push(`begin ${seqOf(message)}`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`end ${seqOf(message)}`)
    })
    const client = await reader()
    await Promise.all([1, 2, 3].map((seq) => lay(client, seq)))
    await until(() => order.length === 6)
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
  })

  test.each([
    ['a fault to try again later', () => new Fault('store/disk-full')],
    ['an error that nobody foresaw', () => new Error('bug')],
  ])('%s leaves the message with the broker, which brings it again before the next', async (_title, errorOf) => {
    const order: number[] = []
    let failures = 2
    open(async (message) => {
      order.push(seqOf(message))
      if (seqOf(message) === 1 && failures-- > 0) throw errorOf()
    })
    const client = await reader()
    await lay(client, 1)
    await lay(client, 2)
    await until(() => station.queue.depth('gateway') === 0)
    expect(order.filter((seq) => seq === 1)).toHaveLength(3)
    expect(order.lastIndexOf(1)).toBeLessThan(order.indexOf(2))
    expect(rejected).toEqual([])
    expect(log.lines.filter(({ code }) => code === 'device/ingest-failed')).toHaveLength(2)
  })

  test('a commit that never ends is given up at its time, and the message comes again', async () => {
    let calls = 0
    open(() => (++calls === 1 ? new Promise(() => {}) : Promise.resolve()), { ingestTimeoutMs: 20_000 })
    await lay(await reader(), 1)
    await until(() => calls === 1)
    clock.advance(20_000)
    await until(() => station.queue.depth('gateway') === 0)
    expect(calls).toBe(2)
  })

  test('a connection that breaks during the commit: the late answer acknowledges nothing on the new one', async () => {
    const commits: PromiseWithResolvers<void>[] = []
    const seen: number[] = []
    const inbox = open((message) => {
      seen.push(seqOf(message))
      const commit = Promise.withResolvers<void>()
      commits.push(commit)
      return commit.promise
    })
    const client = await reader()
    await lay(client, 1)
    await lay(client, 2)
    await until(() => commits.length === 1)
    // The same id on a second connection: the broker ends the first one.
    const rival = station.client('gateway')
    await connected(rival)
    await until(() => !inbox.isConnected())
    commits[0]?.resolve()
    await rival.endAsync(true)
    await until(() => commits.length === 2)
    expect(seen).toEqual([1, 1])
    expect(station.queue.depth('gateway')).toBe(2)
    commits[1]?.resolve()
    await until(() => commits.length === 3)
    commits[2]?.resolve()
    await until(() => station.queue.depth('gateway') === 0)
    expect(seen).toEqual([1, 1, 2])
  })

  test('closing waits for the commit in hand; what was not taken comes to the next inbox', async () => {
    const commit = Promise.withResolvers<void>()
    let calls = 0
    const first = open(() => {
      calls += 1
      return commit.promise
    })
    const client = await reader()
    await lay(client, 1)
    await lay(client, 2)
    await until(() => calls === 1)
    const closed = first.close()
    commit.resolve()
    await closed
    expect(calls).toBe(1)
    const later: number[] = []
    open(async (message) => void later.push(seqOf(message)))
    await until(() => station.queue.depth('gateway') === 0)
    expect(later.at(-1)).toBe(2)
  })
})

describe('what cannot be taken is set aside and stands in nobody’s way', () => {
  test('malformed, of a disabled device, refused for ever: each with its code, and the next one is taken', async () => {
    const taken: number[] = []
    const inbox = open(async (message) => {
      if (seqOf(message) === 2) throw new Fault('change/denied')
      taken.push(seqOf(message))
    })
    const client = await reader()
    await client.publishAsync(`up/${readerId}/swipe`, '{"v":1,"CANARY":1}', { qos: 1 })
    await lay(await reader(otherReaderId), 1)
    await lay(client, 2)
    await lay(client, 3)
    await until(() => station.queue.depth('gateway') === 0)
    expect(taken).toEqual([3])
    expect(rejected.map(({ deviceId, code }) => [deviceId, code])).toEqual([
      [readerId, 'wire/malformed'],
      [otherReaderId, 'device/unknown'],
      [readerId, 'change/denied'],
    ])
    expect(rejected[0]).toMatchObject({
      topic: 'up/<device>/swipe',
      sizeBytes: 18,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(inbox.counts()).toEqual({ taken: 1, rejected: 3, failed: 0 })
    expect(JSON.stringify([log.lines, rejected])).not.toContain('CANARY')
  })

  test('when it cannot even be set aside it stays with the broker', async () => {
    let tries = 0
    open(async () => {}, {
      onRejected: () => {
        tries += 1
        if (tries < 3) throw new Error('disk full')
      },
    })
    await (await reader()).publishAsync(`up/${readerId}/swipe`, 'x', { qos: 1 })
    await until(() => station.queue.depth('gateway') === 0)
    expect(tries).toBe(3)
  })

  test('whatever another broker lets through is judged here too', () => {
    const judge = (topic: string, payload: string | Uint8Array) => {
      const raw = { topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload }
      const read = readMessage(raw, register, 0)
      return read.ok ? 'taken' : rejectedMessage(raw, read).code
    }
    const right = JSON.stringify(swipe(1))
    expect(judge(`up/${readerId}/swipe`, right)).toBe('taken')
    expect(judge(`up/${readerId}/swipe`, right.padEnd(4097))).toBe('wire/too-large')
    expect(judge(`up/${readerId}/swipe`, '')).toBe('wire/malformed')
    expect(judge(`up/${kioskId}/swipe`, right)).toBe('device/topic-denied')
    expect(judge(`up/${strangerId}/swipe`, right)).toBe('device/unknown')
    expect(judge(`down/${readerId}/result`, '{}')).toBe('device/topic-denied')
    expect(judge('up/CANARY/swipe', right)).toBe('device/topic-denied')
    const stray = { topic: 'up/CANARY/CANARY', payload: Buffer.from('x') }
    expect(rejectedMessage(stray, { code: 'device/topic-denied', detail: {} })).toMatchObject({
      deviceId: null,
      topic: null,
    })
  })
})

describe('answers', () => {
  test('an answer reaches the reader', async () => {
    const inbox = open(async () => {})
    await inbox.ready
    const client = await reader()
    await client.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    const heard = messagesOf(client, 1)
    await inbox.send('down/<device>/result', readerId, { v: 1, seq: 1, outcome: 'accepted' })
    expect(JSON.parse((await heard)[0]?.text ?? '')).toEqual({ v: 1, seq: 1, outcome: 'accepted' })
  })

  test('an answer may be awaited while its message is being committed', async () => {
    const inbox = open((message) =>
      inbox.send('down/<device>/result', message.deviceId, { v: 1, seq: 1, outcome: 'accepted' }),
    )
    await inbox.ready
    await lay(await reader(), 1)
    await until(() => station.queue.depth('gateway') === 0)
    expect(inbox.counts()).toEqual({ taken: 1, rejected: 0, failed: 0 })
  })

  test('without a broker an answer fails at once and does not wait', async () => {
    const inbox = open(async () => {})
    await inbox.ready
    await station.broker.close()
    await until(() => !inbox.isConnected())
    const sent = inbox.send('down/<device>/result', readerId, { v: 1, seq: 1, outcome: 'accepted' })
    await expect(sent).rejects.toMatchObject({ code: 'device/unreachable' })
  })
})

test('a gateway that starts later is told the presence that the broker kept', async () => {
  const client = await reader()
  const presence = JSON.stringify({ v: 1, state: 'online', at: 1 })
  await client.publishAsync(`up/${readerId}/presence`, presence, { qos: 1, retain: true })
  const first = open(async () => {})
  await until(() => station.queue.depth('gateway') === 0)
  await first.close()
  const seen: DeviceMessage[] = []
  open(async (message) => void seen.push(message))
  await until(() => seen.length > 0)
  expect(seen[0]).toMatchObject({ deviceId: readerId, topic: 'up/<device>/presence', payload: { state: 'online' } })
})
