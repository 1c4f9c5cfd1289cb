import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePayload, encodePayload } from '#protocols/device/payload.ts'
import { deviceTopics, type PayloadOf, type TopicKey } from '#protocols/device/topics.ts'

const id = 'a1'.repeat(16)
const utf8 = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const card = {
  documentType: 'identityCard',
  number: '00000019881222404X',
  name: '林小满',
  sex: 'f',
  birth: '1988-12-22',
  address: '云汐市拾贝路18号',
  validity: { from: '2018-05-21', until: '2038-05-21' },
} as const
const mrz = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']

/** One right payload for each topic: docs/reader-bridge.md prints the same ones. */
const right: { [K in TopicKey]: PayloadOf<K> } = {
  'up/<device>/swipe': { v: 1, seq: 7, at: 1_795_241_100_000, document: card },
  'up/<device>/match': {
    ...{ v: 1, seq: 8, at: 1_795_241_101_000, session: id, score: 931, threshold: 860 },
    ...{ model: 'simulator-1', decision: 'match' },
  },
  'up/<device>/health': { v: 1, seq: 9, at: 0, firmware: '2.4.1', paper: 'low', uptimeSeconds: 60, faults: ['E12'] },
  'up/<device>/presence': { v: 1, state: 'online', at: 0 },
  'down/<device>/result': { v: 1, seq: 7, outcome: 'refused', code: 'document/expired' },
  'down/<device>/compare': { v: 1, session: id, reader: id, seq: 7, threshold: 860, validUntil: 1_795_241_160_000 },
  'down/<device>/message': { v: 1, id, text: { zh: '请到窗口', en: 'Please go to the window' }, validUntil: 0 },
}
const keys = Object.keys(deviceTopics) as TopicKey[]

describe('every topic', () => {
  test.each(keys)('%s: a right payload goes out and comes back the same', (key) => {
    expect(decodePayload(key, encodePayload(key, right[key]))).toEqual({ ok: true, payload: right[key] })
  })

  test.each(keys)('%s: an unknown key, a missing one and another version are refused', (key) => {
    const malformed = { ok: false, code: 'wire/malformed' }
    expect(decodePayload(key, utf8({ ...right[key], extra: 1 }))).toMatchObject(malformed)
    expect(decodePayload(key, utf8(`{"__proto__":{},${JSON.stringify(right[key]).slice(1)}`))).toMatchObject(malformed)
    expect(decodePayload(key, utf8({ ...right[key], v: 2 }))).toMatchObject(malformed)
    for (const name of ['v', 'at', 'seq', 'session', 'text'].filter((name) => name in right[key])) {
      const { [name as 'v']: _gone, ...rest } = right[key]
      expect([name, decodePayload(key, utf8(rest)).ok]).toEqual([name, false])
    }
  })

  test.each(keys)('%s: any bytes give a value, never an exception', (key) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodePayload(key, bytes).ok).toBe(false)
      }),
      { seed: 20_261_121, numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(decodePayload(key, utf8(text)).ok).toBe(false)
      }),
      { seed: 20_261_121, numRuns: 200 },
    )
  })

  test.each(keys)('%s: one byte above its size is refused unread', (key) => {
    const { bytesMax } = deviceTopics[key]
    expect(decodePayload(key, new Uint8Array(bytesMax + 1).fill(0x20))).toMatchObject({ code: 'wire/too-large' })
  })
})

describe('a swipe', () => {
  const swipeOf = (document: unknown, rest: object = {}) =>
    decodePayload('up/<device>/swipe', utf8({ v: 1, seq: 1, at: 1, document, ...rest }))

  test('is a card, machine-readable lines, or something that could not be read', () => {
    expect(swipeOf(card).ok).toBe(true)
    expect(swipeOf({ ...card, validity: { until: 'longTerm' } }).ok).toBe(true)
    expect(swipeOf({ documentType: 'foreignPassport', mrz }).ok).toBe(true)
    expect(swipeOf({ unreadable: true, reason: 'damaged' }).ok).toBe(true)
  })

  test.each([
    ['both card and lines', { ...card, mrz }],
    ['a picture', { ...card, portrait: 'AAAA' }],
    ['an unknown kind of document', { ...card, documentType: 'libraryCard' }],
    ['a birth on a day that does not exist', { ...card, birth: '1900-02-29' }],
    ['a name of two lines', { ...card, name: 'a\nb' }],
    ['a name that turns the text around', { ...card, name: 'a\u202eb' }],
    ['a name of half a character', { ...card, name: '\ud800' }],
    ['an empty name', { ...card, name: '' }],
    ['a name of 81 characters', { ...card, name: 'x'.repeat(81) }],
    ['a number that is a number', { ...card, number: 110 }],
    ['four lines', { documentType: 'foreignPassport', mrz: [...mrz, ...mrz] }],
    ['lines in small letters', { documentType: 'foreignPassport', mrz: mrz.map((line) => line.toLowerCase()) }],
    ['unreadable: false', { unreadable: false, reason: 'damaged' }],
    ['a reason of its own', { unreadable: true, reason: 'coffee' }],
  ])('with %s is refused', (_title, document) => {
    expect(swipeOf(document)).toMatchObject({ ok: false, code: 'wire/malformed' })
  })

  test.each([0, -1, 1.5, 2 ** 53, '1', null])('with the number %s is refused', (seq) => {
    expect(swipeOf(card, { seq })).toMatchObject({ ok: false })
  })

  test('a refusal names a field of the schema and never a word from outside', () => {
    const refusal = swipeOf({ ...card, CANARY: 'CANARY' }, { at: 'CANARY' })
    expect(JSON.stringify(refusal)).not.toContain('CANARY')
    expect(swipeOf(card, { at: 'x' })).toMatchObject({ detail: { topic: 'up/<device>/swipe', field: 'at' } })
  })

  test('bytes that are no UTF-8, or begin with a byte order mark, are refused', () => {
    const text = JSON.stringify({ v: 1, seq: 1, at: 1, document: card })
    const broken = utf8(text)
    broken[text.indexOf('林') + 1] = 0xff
    expect(decodePayload('up/<device>/swipe', broken).ok).toBe(false)
    expect(decodePayload('up/<device>/swipe', utf8(`\ufeff${text}`)).ok).toBe(false)
  })
})

test('a report of a comparison has no room for a picture, and its score is a whole number up to 1000', () => {
  const report = right['up/<device>/match']
  for (const change of [{ picture: 'x' }, { score: 1001 }, { score: 93.1 }, { score: -1 }, { decision: 'yes' }])
    expect(decodePayload('up/<device>/match', utf8({ ...report, ...change })).ok).toBe(false)
})

test('a payload of ours that does not fit its schema is our bug', () => {
  expect(() => encodePayload('up/<device>/presence', { v: 1, state: 'away' } as never)).toThrow('assertion failed')
})
