import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { documentTypes } from '#protocols/device/reader.ts'
import { decodePayload } from '#protocols/device/payload.ts'
import { deviceTopics, type TopicKey } from '#protocols/device/topics.ts'

const text = readFileSync(new URL('../../../../docs/reader-bridge.md', import.meta.url), 'utf8')
const keys = Object.keys(deviceTopics) as TopicKey[]

describe('the page for vendors says what the code does', () => {
  test('its table of topics is the table: sender, receiver, size, retain', () => {
    const rows = [
      ...text.matchAll(/^\| `((?:up|down)\/<device>\/\w+)` \| ([^|]+) \| ([^|]+) \| (\d+) bytes \| ([^|]+) \|$/gm),
    ]
    const said = rows.map(([, key, from, to, bytes, retained]) => [
      key,
      from,
      to,
      Number(bytes),
      retained?.includes('yes'),
    ])
    const meant = keys.map((key) => {
      const { direction, kinds, bytesMax, retain } = deviceTopics[key]
      const devices = kinds.join(', ')
      return [key, ...(direction === 'up' ? [devices, 'gateway'] : ['gateway', devices]), bytesMax, retain]
    })
    expect(said).toEqual(meant)
  })

  test('each of its examples is a right payload of some topic, and there is one for each kind of swipe', () => {
    const examples = [...text.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json = '']) => json)
    const topics = examples.map((json) => keys.filter((key) => decodePayload(key, new TextEncoder().encode(json)).ok))
    expect(topics).toEqual([
      ['up/<device>/swipe'],
      ['up/<device>/swipe'],
      ['up/<device>/swipe'],
      ['down/<device>/result'],
      ['up/<device>/health'],
      ['down/<device>/compare'],
      ['up/<device>/match'],
    ])
  })

  test('it names every kind of document', () => {
    for (const documentType of documentTypes) expect(text).toContain(`\`${documentType}\``)
  })
})
