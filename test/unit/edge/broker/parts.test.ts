import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBacklogGate } from '../../../../edge/broker/backlog-gate.ts'
import { createGroupWriter, type WriteOp } from '../../../../edge/broker/group-writer.ts'
import { createHeldAcks } from '../../../../edge/broker/held-acks.ts'
import { readFrameHeader } from '../../../../edge/broker/mqtt-frame.ts'
import { createTally } from '../../../../edge/broker/tally.ts'
import { createTokenBucket } from '../../../../edge/broker/token-bucket.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'
import { createLog, frame } from './station.ts'

describe('frame header', () => {
  test.each([
    [0, [0x30, 0x00], 2],
    [127, [0x30, 0x7f], 2],
    [128, [0x30, 0x80, 0x01], 3],
    [16_383, [0x30, 0xff, 0x7f], 3],
    [16_384, [0x30, 0x80, 0x80, 0x01], 4],
    [2_097_151, [0x30, 0xff, 0xff, 0x7f], 4],
    [2_097_152, [0x30, 0x80, 0x80, 0x80, 0x01], 5],
    [268_435_455, [0x30, 0xff, 0xff, 0xff, 0x7f], 5],
  ])('a Remaining Length of %i is read as the standard writes it (table 2.4)', (bodyBytes, bytes, headerBytes) => {
    expect(readFrameHeader(Uint8Array.from(bytes))).toEqual({ type: 3, headerBytes, bodyBytes })
    for (let length = 0; length < bytes.length; length++)
      expect(readFrameHeader(Uint8Array.from(bytes.slice(0, length)))).toBe('more')
  })

  test('a fifth byte of length and the reserved types are malformed', () => {
    expect(readFrameHeader(Uint8Array.of(0x10, 0x80, 0x80, 0x80, 0x80, 0x01))).toBe('malformed')
    expect(readFrameHeader(Uint8Array.of(0x00))).toBe('malformed')
    expect(readFrameHeader(Uint8Array.of(0xf0))).toBe('malformed')
  })
})

describe('held acknowledgements', () => {
  const puback = (messageId: number) => frame(0x40, Buffer.from([messageId >> 8, messageId & 255]))
  const other = frame(0x90, Buffer.from([0, 9, 1]))

  test('a PUBACK of a message being stored waits, all else goes on', () => {
    const acks = createHeldAcks()
    acks.hold(300)
    expect(acks.pass(Buffer.concat([other, puback(300), puback(4), other]))).toEqual(
      Buffer.concat([other, puback(4), other]),
    )
    expect(acks.release(300)).toEqual(puback(300))
    expect(acks.release(300)).toBe(null)
  })

  test('a message that is stored before its PUBACK is written is not held', () => {
    const acks = createHeldAcks()
    acks.hold(1)
    expect(acks.release(1)).toBe(null)
    expect(acks.pass(puback(1))).toEqual(puback(1))
  })

  test('a repeated message under way twice is acknowledged twice', () => {
    const acks = createHeldAcks()
    acks.hold(1)
    acks.hold(1)
    expect(acks.pass(Buffer.concat([puback(1), puback(1)])).length).toBe(0)
    expect([acks.release(1), acks.release(1)]).toEqual([puback(1), puback(1)])
  })

  test('however the bytes are cut, the same bytes come out', () => {
    const frames = Buffer.concat([
      other,
      puback(1),
      frame(0x30, Buffer.alloc(300, 7)),
      puback(2),
      frame(0xd0, Buffer.alloc(0)),
    ])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: frames.length - 1 }), { maxLength: 12 }), (cuts) => {
        const acks = createHeldAcks()
        const edges = [0, ...cuts.toSorted((a, b) => a - b), frames.length]
        const out = edges.slice(1).map((end, index) => acks.pass(frames.subarray(edges[index], end)))
        expect(Buffer.concat(out)).toEqual(frames)
      }),
      { seed: 20_261_121 },
    )
  })
})

describe('token bucket', () => {
  test('it gives its reserve, then so many a second', () => {
    const clock = createFakeClock()
    const bucket = createTokenBucket(clock, 10, 3)
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false])
    expect(bucket.waitMs()).toBe(100)
    clock.advance(99)
    expect(bucket.take()).toBe(false)
    clock.advance(1)
    expect(bucket.take()).toBe(true)
    clock.advance(60_000)
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false])
  })

  test('a clock that is set back takes nothing away and gives nothing', () => {
    const clock = createFakeClock()
    const bucket = createTokenBucket(clock, 10, 2)
    bucket.take()
    clock.setMs(0)
    expect(bucket.take()).toBe(true)
    expect(bucket.take()).toBe(false)
    clock.advance(100)
    expect(bucket.take()).toBe(true)
  })
})

describe('backlog gate', () => {
  test('what arrives while a session opens runs when the last of them is open, in its order', () => {
    const gate = createBacklogGate()
    const ran: number[] = []
    gate.whenOpen(() => ran.push(1))
    const first = gate.opening()
    const second = gate.opening()
    gate.whenOpen(() => ran.push(2))
    gate.whenOpen(() => ran.push(3))
    first()
    first()
    expect(ran).toEqual([1])
    second()
    expect(ran).toEqual([1, 2, 3])
  })
})

describe('tally', () => {
  test('a flood is one line at once and one number later', () => {
    const clock = createFakeClock()
    const log = createLog()
    const tally = createTally(log, clock, 10_000)
    for (let n = 0; n < 500; n++) tally.count('device/unknown')
    expect(log.lines).toHaveLength(1)
    clock.advance(10_000)
    expect(log.lines[1]).toEqual({ level: 'warn', code: 'device/unknown', fields: { count: 500, durationMs: 10_000 } })
    tally.count('device/unknown')
    expect(tally.totals()).toEqual({ 'device/unknown': 501 })
    tally.close()
    expect(clock.pending()).toBe(0)
  })
})

describe('group writer', () => {
  /** A level that writes when told. */
  const disk = () => {
    const groups: { keys: string[]; sync: boolean; done: (error?: Error) => void }[] = []
    const batch = (ops: WriteOp[], { sync }: { sync: boolean }) =>
      new Promise<void>((resolve, reject) =>
        groups.push({ keys: ops.map(({ key }) => key), sync, done: (error) => (error ? reject(error) : resolve()) }),
      )
    return { groups, level: { batch } as never }
  }
  const put = (key: string): WriteOp[] => [{ type: 'put', key, value: Buffer.from(key) }]
  const settle = () => new Promise((resolve) => setImmediate(resolve))

  test('what comes while one group is written goes into the next, and all answers come in order', async () => {
    const { groups, level } = disk()
    const writer = createGroupWriter(level)
    const order: string[] = []
    for (const key of ['a', 'b', 'c']) void writer.write(put(key), key === 'c').then(() => order.push(key))
    await settle()
    expect(groups.map(({ keys, sync }) => [keys, sync])).toEqual([[['a'], false]])
    groups[0]?.done()
    await settle()
    expect(groups.map(({ keys, sync }) => [keys, sync])).toEqual([
      [['a'], false],
      [['b', 'c'], true],
    ])
    groups[1]?.done()
    await settle()
    expect(order).toEqual(['a', 'b', 'c'])
  })

  test('what is not written yet can be seen already, and what was deleted cannot', async () => {
    const { groups, level } = disk()
    const writer = createGroupWriter(level)
    void writer.write(put('a'), true)
    void writer.write([{ type: 'del', key: 'b' }], true)
    expect(writer.peek('a')).toEqual(Buffer.from('a'))
    expect(writer.peek('b')).toBe(null)
    expect(writer.peek('c')).toBe(undefined)
    groups[0]?.done()
    await settle()
    groups[1]?.done()
    await settle()
    expect(writer.peek('a')).toBe(undefined)
    expect(writer.peek('b')).toBe(undefined)
  })

  test('a group that could not be written fails for all in it and for nobody else', async () => {
    const { groups, level } = disk()
    const writer = createGroupWriter(level)
    const answers = ['a', 'b'].map((key) =>
      writer.write(put(key), true).then(
        () => 'written',
        (error) => error.message,
      ),
    )
    await settle()
    groups[0]?.done(new Error('disk full'))
    await settle()
    groups[1]?.done()
    expect(await Promise.all(answers)).toEqual(['disk full', 'written'])
    await writer.settled()
  })
})
