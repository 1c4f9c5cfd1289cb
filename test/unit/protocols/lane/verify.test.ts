import { concat, toHex } from '#crypto/bytes.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { hardCaps } from '#protocols/lane/bundle.ts'
import type { Compressor } from '#protocols/lane/compressor.ts'
import { type GateContext, judgeBundle, type LaneChannel } from '#protocols/lane/verify.ts'
import { createLaneRig, dayMs, rigNowMs } from '../../../vectors/lane/rig.ts'

await ready

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'taken'
}
const begun = (changes = {}) => {
  const rig = createLaneRig()
  const sender = rig.createSender()
  const receiver = rig.createReceiver(changes)
  const epoch = sender.begin()
  receiver.take(epoch.bytes)
  return { rig, sender, receiver, epoch }
}

describe('one flipped bit', () => {
  const { sender, receiver } = begun()
  const file = sender.sendOne().bytes
  const early = ['lane/length', 'lane/header', 'lane/cap', 'lane/unknown', 'lane/sender-key', 'lane/bundle-forged']

  it('anywhere in a bundle refuses it, without a secret', () => {
    const found = new Map<string, number>()
    for (let at = 0; at < file.length; at++)
      for (let bit = 1; bit < 256; bit <<= 1) {
        const altered = file.slice()
        altered[at] = (altered[at] as number) ^ bit
        const code = codeOf(() => receiver.open(altered))
        found.set(code, (found.get(code) ?? 0) + 1)
      }
    expect([...found.keys()].filter((code) => !early.includes(code))).toEqual([])
    expect([...found.values()].reduce((sum, count) => sum + count)).toBe(file.length * 8)
    expect(found.get('lane/bundle-forged')).toBeGreaterThan(file.length * 4)
  })

  it('in each byte of the header refuses it in every value of that byte', () => {
    for (let at = 0; at < 256; at++)
      for (const value of [0, 1, 127, 128, 255]) {
        if (file[at] === value) continue
        const altered = file.slice()
        altered[at] = value
        expect(early, `${at}`).toContain(codeOf(() => receiver.open(altered)))
      }
  })

  it('cut at every length, or with anything behind it, it is refused', () => {
    for (let length = 0; length < file.length; length++)
      expect(codeOf(() => receiver.open(file.slice(0, length)))).toBe('lane/length')
    expect(codeOf(() => receiver.open(concat(file, file)))).toBe('lane/length')
  })
})

describe('the order of the check', () => {
  it('steps 1 to 8 ask for no secret', () => {
    const { rig, sender, receiver } = begun()
    const { boxKeyOf: _, compressor: __, knownKeys: ___, ...gate } = receiver.context
    const judged = judgeBundle(sender.sendOne().bytes, gate satisfies GateContext)
    expect([judged.verdict, judged.placed.seq]).toEqual(['new', 2])
    expect(toHex(judged.channel.recipient)).toBe(toHex(rig.lane.recipient))
  })

  it('of several faults the earliest step gives the code', () => {
    const { rig, sender, receiver } = begun()
    const sealed = sender.sendOne()
    // A bundle with a fault in every step from 2 to 6, healed from the front.
    const bad = sealed.bytes.slice()
    bad[bad.length - 1] = (bad[bad.length - 1] as number) ^ 1
    const faults: [string, number, number][] = [
      ['lane/header', 4, 9],
      ['lane/cap', 120, 0xff],
      ['lane/unknown', 8, (bad[8] as number) ^ 1],
      ['lane/sender-key', 24, (bad[24] as number) ^ 1],
    ]
    for (const [, at, value] of faults) bad[at] = value
    expect(codeOf(() => receiver.open(concat(bad, new Uint8Array(1))))).toBe('lane/length')
    for (const [code, at] of faults) {
      expect(codeOf(() => receiver.open(bad))).toBe(code)
      bad[at] = sealed.bytes[at] as number
    }
    expect(codeOf(() => receiver.open(bad))).toBe('lane/bundle-forged')
    bad[bad.length - 1] = sealed.bytes.at(-1) as number
    expect(codeOf(() => rig.createReceiver().open(bad))).toBe('lane/epoch')
    expect(codeOf(() => receiver.open(bad))).toBe('taken')
  })

  it('a duplicate is found before its age, its recipient or its keys matter', () => {
    const { sender, receiver } = begun()
    const sealed = sender.sendOne()
    receiver.take(sealed.bytes)
    Object.assign(receiver.context, {
      nowMs: rigNowMs + 400 * dayMs,
      isOwnKeyId: () => false,
      boxKeyOf: () => undefined,
    })
    expect(receiver.open(sealed.bytes).verdict).toBe('duplicate')
  })
})

describe('keys and recipients', () => {
  const channelWith = (
    channel: LaneChannel,
    key: Partial<NonNullable<ReturnType<LaneChannel['senderKeyOf']>>>,
  ): LaneChannel => ({
    ...channel,
    senderKeyOf: (keyId) => {
      const found = channel.senderKeyOf(keyId)
      return found && { ...found, ...key }
    },
  })

  it('a revoked sender key is refused, whenever the bundle was made', () => {
    const { rig, sender, receiver } = begun()
    Object.assign(receiver.context, { channelOf: () => channelWith(rig.channel, { isRevoked: true }) })
    expect(codeOf(() => receiver.open(sender.sendOne().bytes))).toBe('lane/sender-key')
  })

  it('a key that lapsed since it sealed spoils nothing', () => {
    const { rig, sender, receiver } = begun()
    Object.assign(receiver.context, {
      nowMs: rigNowMs + 20 * dayMs,
      channelOf: () => channelWith(rig.channel, { notAfterMs: rigNowMs }),
    })
    expect(codeOf(() => receiver.open(sender.sendOne().bytes))).toBe('taken')
    expect(codeOf(() => receiver.open(sender.sendOne({ createdMs: rigNowMs + 1 }).bytes))).toBe('lane/sender-key')
  })

  it('a bundle sealed for one is refused by another', () => {
    const { rig, sender, receiver } = begun()
    const file = sender.sendOne().bytes
    const other = boxKeyPair(rig.random)
    Object.assign(receiver.context, { self: rig.lane.sender })
    expect(codeOf(() => receiver.open(file))).toBe('lane/recipient')
    Object.assign(receiver.context, { self: rig.lane.recipient, isOwnKeyId: () => false })
    expect(codeOf(() => receiver.open(file))).toBe('lane/recipient')
    // Even a receiver that claims the key id cannot open it with another key.
    Object.assign(receiver.context, { isOwnKeyId: () => true, boxKeyOf: () => other })
    expect(codeOf(() => receiver.open(file))).toBe('crypto/cannot-open')
  })

  it('the caps of the lane hold below the hard ones', () => {
    const { rig, sender, receiver } = begun()
    const file = sender.sendOne().bytes
    const under = (caps: object) =>
      Object.assign(receiver.context, { channelOf: () => ({ ...rig.channel, caps: { ...hardCaps, ...caps } }) })
    under({ fileBytesMax: file.length - 1 })
    expect(codeOf(() => receiver.open(file))).toBe('lane/length')
    under({ entriesMax: 1 })
    expect(codeOf(() => receiver.open(file))).toBe('lane/cap')
    under({})
    expect(codeOf(() => receiver.open(file))).toBe('taken')
  })
})

describe('time', () => {
  it('a day of clock skew in either direction loses nothing', () => {
    for (const skewMs of [-dayMs, 0, dayMs]) {
      const { sender, receiver } = begun()
      Object.assign(receiver.context, { nowMs: rigNowMs + skewMs })
      expect(codeOf(() => receiver.take(sender.sendOne({ expiresMs: rigNowMs + dayMs }).bytes))).toBe('taken')
    }
  })

  it('expiry is judged by the receiver, after its grace', () => {
    const { sender, receiver } = begun()
    const file = sender.sendOne({ expiresMs: rigNowMs + dayMs }).bytes
    Object.assign(receiver.context, { nowMs: rigNowMs + 3 * dayMs })
    expect(codeOf(() => receiver.open(file))).toBe('taken')
    Object.assign(receiver.context, { nowMs: rigNowMs + 3 * dayMs + 1 })
    expect(codeOf(() => receiver.open(file))).toBe('lane/expired')
  })
})

describe('sizes', () => {
  it('a small bundle cannot unfold past its declared length', () => {
    const asked: number[] = []
    const spy: Compressor = {
      compress: (bytes) => bytes,
      decompress: (_, plainLen) => {
        asked.push(plainLen)
        return new Uint8Array(plainLen + 1)
      },
    }
    const { rig, sender, receiver } = begun({ compressor: spy })
    const entries = rig.withList(Array.from({ length: 20 }, () => rig.entryOf(rig.change())))
    const sealed = sender.send(entries, { compressor: rig.zstd })
    expect(sealed.header.isCompressed).toBe(true)
    expect(codeOf(() => receiver.open(sealed.bytes))).toBe('lane/content-size')
    expect(asked).toEqual([sealed.header.plainLen])
  })
})

describe('whole or not at all', () => {
  it('a refused bundle leaves no trace in the ledger', () => {
    const { sender, receiver } = begun()
    const before = receiver.ledger()
    const file = sender.sendOne().bytes
    file[300] = (file[300] as number) ^ 1
    expect(codeOf(() => receiver.take(file))).toBe('lane/bundle-forged')
    expect(receiver.ledger()).toBe(before)
  })

  it('order and number of copies do not matter', () => {
    const { sender, receiver, epoch } = begun()
    const files = Array.from({ length: 6 }, () => sender.sendOne().bytes)
    const order = [3, 0, 5, 5, 1, 4, 0, 2]
    const verdicts = order.map((at) => receiver.take(files[at] as Uint8Array).verdict)
    expect(verdicts).toEqual(['new', 'new', 'new', 'duplicate', 'new', 'new', 'duplicate', 'new'])
    expect(receiver.ledger().epochs.map(({ imported }) => imported)).toEqual([[[1, 7]]])
    expect(receiver.take(epoch.bytes).verdict).toBe('duplicate')
  })
})
