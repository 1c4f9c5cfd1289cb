import { describe, expect, test } from 'vitest'
import { deviceKinds, type Principal } from '#protocols/device/kinds.ts'
import { mayPublish, mayReceive, maySubscribe } from '#protocols/device/rights.ts'
import { deviceTopics, parseTopic, type TopicKey, topicOf } from '#protocols/device/topics.ts'

const own = 'a1'.repeat(16)
const other = 'a2'.repeat(16)
const principals: Principal[] = [{ kind: 'gateway' }, ...deviceKinds.map((kind) => ({ kind, deviceId: own }))]
const keys = Object.keys(deviceTopics) as TopicKey[]

/** The table as the specification of the bridge prints it, written down a second time by hand. */
const senders: Record<TopicKey, readonly Principal['kind'][]> = {
  'up/<device>/swipe': ['reader'],
  'up/<device>/match': ['kiosk'],
  'up/<device>/health': ['reader', 'kiosk', 'printer'],
  'up/<device>/presence': ['reader', 'kiosk', 'printer'],
  'down/<device>/result': ['gateway'],
  'down/<device>/compare': ['gateway'],
  'down/<device>/message': ['gateway'],
}
const receivers: Record<TopicKey, readonly Principal['kind'][]> = {
  'up/<device>/swipe': ['gateway'],
  'up/<device>/match': ['gateway'],
  'up/<device>/health': ['gateway'],
  'up/<device>/presence': ['gateway'],
  'down/<device>/result': ['reader', 'kiosk'],
  'down/<device>/compare': ['kiosk'],
  'down/<device>/message': ['kiosk'],
}

describe('the matrix of rights', () => {
  test('every topic, principal, owner, delivery and retain flag has exactly one answer, and it is the table', () => {
    let cells = 0
    let allowed = 0
    for (const key of keys) {
      for (const who of principals) {
        for (const deviceId of [own, other]) {
          for (const qos of [0, 1, 2]) {
            for (const retain of [false, true]) {
              const isOwn = who.kind === 'gateway' || deviceId === own
              const expected =
                senders[key].includes(who.kind) && isOwn && qos === 1 && retain === (key === 'up/<device>/presence')
              const verdict = mayPublish(who, { topic: topicOf(key, deviceId), qos, retain, sizeBytes: 10 })
              expect([key, who.kind, deviceId === own, qos, retain, verdict.ok]).toEqual([
                ...[key, who.kind, deviceId === own, qos, retain],
                expected,
              ])
              cells += 1
              if (verdict.ok) allowed += 1
            }
          }
        }
      }
    }
    expect(cells).toBe(7 * 4 * 2 * 3 * 2)
    expect(allowed).toBe(8 + 3 * 2)
  })

  test('what may be received is the table too', () => {
    for (const key of keys) {
      for (const who of principals) {
        for (const deviceId of [own, other]) {
          const isOwn = who.kind === 'gateway' || deviceId === own
          const expected = receivers[key].includes(who.kind) && isOwn
          expect([key, who.kind, isOwn, mayReceive(who, topicOf(key, deviceId)).ok]).toEqual([
            key,
            who.kind,
            isOwn,
            expected,
          ])
        }
      }
    }
  })
})

describe('subscriptions', () => {
  const reader: Principal = { kind: 'reader', deviceId: own }
  test.each([
    [`down/${own}/#`, true],
    [`down/${own}/result`, true],
    [`down/${own}/compare`, false],
    [`down/${own}/+`, false],
    [`down/${other}/#`, false],
    ['down/+/result', false],
    ['down/#', false],
    [`up/${own}/#`, false],
    ['#', false],
    ['+/#', false],
    ['$SYS/#', false],
    ['$share/group/up/#', false],
  ])('a reader and %s: %s', (filter, expected) => {
    expect(maySubscribe(reader, filter, 1, false).ok).toBe(expected)
  })

  test('the gateway has up/# alone', () => {
    for (const filter of ['#', 'up/+/swipe', 'down/#', '$SYS/#', '+/#'])
      expect(maySubscribe({ kind: 'gateway' }, filter, 1, false).ok).toBe(false)
    expect(maySubscribe({ kind: 'gateway' }, 'up/#', 1, false).ok).toBe(true)
  })

  test('a lasting session may not ask for less than at-least-once', () => {
    expect(maySubscribe(reader, `down/${own}/#`, 0, false)).toMatchObject({ ok: false, code: 'device/qos-denied' })
    expect(maySubscribe(reader, `down/${own}/#`, 0, true).ok).toBe(true)
  })
})

describe('topics', () => {
  test('a topic with a foreign id, level or name is none', () => {
    for (const topic of [
      ...['up', 'up/', `up/${own}`, `up/${own}/`, `up/${own}/swipe/`, `up/${own}/swipe/x`, `/up/${own}/swipe`],
      ...[`up/${own.toUpperCase()}/swipe`, `up/${own.slice(1)}/swipe`, `up/<device>/swipe`, `up/${own}/toString`],
      ...[`sideways/${own}/swipe`, `up/${own}/result`, `down/${own}/swipe`, '', '//', `up//swipe`],
    ])
      expect([topic, parseTopic(topic)]).toEqual([topic, null])
  })

  test('every topic of the table is read back from its concrete form', () => {
    for (const key of keys) expect(parseTopic(topicOf(key, own))).toEqual({ key, deviceId: own })
  })

  test('what is too large for its topic is refused by its size alone', () => {
    for (const key of keys.filter((key) => key.startsWith('up/'))) {
      const { bytesMax, kinds, retain } = deviceTopics[key]
      const who: Principal = { kind: kinds[0] ?? 'reader', deviceId: own }
      const publication = { topic: topicOf(key, own), qos: 1, retain }
      expect(mayPublish(who, { ...publication, sizeBytes: bytesMax }).ok).toBe(true)
      expect(mayPublish(who, { ...publication, sizeBytes: bytesMax + 1 })).toMatchObject({ code: 'wire/too-large' })
      expect(mayPublish(who, { ...publication, sizeBytes: 0 })).toMatchObject({ code: 'wire/malformed' })
    }
  })
})
