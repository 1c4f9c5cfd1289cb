import { boxKeyPair } from '#crypto/seal.ts'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { bundleTypes, partsOf } from '#protocols/lane/bundle.ts'
import { encodeContent } from '#protocols/lane/content.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import { nextPlace } from '#protocols/lane/place.ts'
import { makePolicy } from '#protocols/lane/policy.ts'
import { sealBundle } from '#protocols/lane/seal.ts'
import { createLaneRig, dayMs, type LaneRig, rigNowMs } from '../../../vectors/lane/rig.ts'
import { twinBundleHash, twinSeal } from '../../../vectors/lane/twin.ts'

await ready

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'sealed'
}
/** One change whose outcome pads the content to exactly `sizeBytes`. */
const contentOfSize = (rig: LaneRig, sizeBytes: number): Entry[] => {
  const entry = rig.entryOf(rig.change())
  const withPadding = (length: number) => rig.withList([{ ...entry, outcome: new Uint8Array(length) } as ChangeEntry])
  const plain = encodeContent(withPadding(70_000)).bytes.length - 70_000
  const entries = withPadding(sizeBytes - plain)
  const off = encodeContent(entries).bytes.length - sizeBytes
  return off === 0 ? entries : withPadding(sizeBytes - plain - off)
}

describe('a sealed bundle', () => {
  it('is opened by its recipient and holds what went in', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    const receiver = rig.createReceiver()
    receiver.take(sender.begin().bytes)
    const entries = rig.withList([
      rig.entryOf(rig.change({ visitor: '王芳' })),
      ...rig.keyEntries,
      rig.checkpointEntry(),
    ])
    const opened = receiver.take(sender.send(entries).bytes)
    expect(opened.verdict).toBe('new')
    if (opened.verdict === 'new') expect(opened.content.bytes).toEqual(encodeContent(entries).bytes)
  })

  it.each([65_535, 65_536, 65_537, 131_072, 131_073])(
    'of %i bytes of content has the bytes of the twin',
    (sizeBytes) => {
      const rig = createLaneRig()
      const sender = rig.createSender()
      sender.begin()
      const head = sender.head()
      const bytes = (n: number) => new Uint8Array(n).fill(7)
      const entries = contentOfSize(rig, sizeBytes)
      const sealed = sealBundle({
        lane: rig.lane,
        senderKey: rig.senderKey,
        recipientPublicKey: rig.recipientKey.publicKey,
        place: nextPlace(head ?? { epoch: new Uint8Array(8), seq: 1, bundleHash: new Uint8Array(32) }),
        niceness: 3,
        createdMs: rigNowMs,
        expiresMs: rigNowMs + dayMs,
        isLastOfEpoch: true,
        entries,
        policy: rig.policy,
        random: { bytes },
      })
      const body = encodeContent(entries).bytes
      expect(body.length).toBe(sizeBytes)
      const twin = twinSeal({
        header: { ...sealed.header, flags: 2, type: bundleTypes.data },
        body,
        ephemeralSecret: boxKeyPair({ bytes }).secretKey,
        recipientPublic: rig.recipientKey.publicKey,
        senderSeed: rig.senderKey.secretKey.slice(0, 32),
      })
      expect(Buffer.compare(twin, sealed.bytes)).toBe(0)
      expect(sealed.bundleHash).toEqual(twinBundleHash(twin))
    },
  )

  it('is compressed when that helps, and opens to the same content', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    const receiver = rig.createReceiver()
    receiver.take(sender.begin().bytes)
    const entries = rig.withList(Array.from({ length: 50 }, () => rig.entryOf(rig.change({ visitor: '欧阳长风' }))))
    const sealed = sender.send(entries, { compressor: rig.zstd })
    expect(sealed.header.isCompressed).toBe(true)
    expect(partsOf(sealed.bytes).sealed.length).toBeLessThan(sealed.header.plainLen)
    const opened = receiver.take(sealed.bytes)
    expect(opened.verdict === 'new' && opened.content.bytes).toEqual(encodeContent(entries).bytes)
  })

  it('goes uncompressed when it would shrink past the ratio, or not at all', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    const receiver = rig.createReceiver()
    receiver.take(sender.begin('first-use', { compressor: rig.zstd }).bytes)
    const shrinking = sender.send(contentOfSize(rig, 200_000), { compressor: rig.zstd })
    expect(shrinking.header.isCompressed).toBe(false)
    expect(receiver.take(shrinking.bytes).verdict).toBe('new')
  })

  it('has other ciphertext each time, though place and content are the same', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    sender.begin()
    const entries = rig.withList([rig.entryOf(rig.change())])
    const head = sender.head()
    const first = sender.send(entries)
    sender.restore(head, 1)
    const second = sender.send(entries)
    expect(second.header.seq).toBe(first.header.seq)
    expect(second.header.ephemeralPub).not.toEqual(first.header.ephemeralPub)
    expect(partsOf(second.bytes).sealed).not.toEqual(partsOf(first.bytes).sealed)
  })

  it('keeps its content from who has no key: no run of its plaintext stands in it', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    sender.begin()
    const marker = 'CANARY-7c1d'
    const sealed = sender.send(rig.withList([rig.entryOf(rig.change({ visitor: marker }))]))
    expect(Buffer.from(sealed.bytes).includes(marker)).toBe(false)
    expect(Buffer.from(sealed.bytes).includes('visit')).toBe(false)
  })
})

describe('nothing is sealed', () => {
  const rig = createLaneRig()
  const sender = rig.createSender()
  const receiver = rig.createReceiver()
  receiver.take(sender.begin().bytes)
  const all = makePolicy({
    id: 'all',
    reach: 'inner',
    records: [
      {
        type: 'visit',
        allFields: { label: { reach: 'open' }, reason: { reach: 'open' }, slipCode: { reach: 'open' } },
      },
    ],
  })
  const restricted = () => rig.withList([rig.entryOf(rig.change({ label: 'restricted' }))])

  it.each<[string, string, () => unknown]>([
    [
      'that the policy keeps back',
      'lane/policy',
      () => sender.send(rig.withList([rig.entryOf(rig.change({ slipCode: 'ab' }), all)])),
    ],
    [
      'above the ceiling',
      'lane/policy',
      () =>
        sender.send(rig.withList([rig.entryOf(rig.change({ label: 'restricted' }), rig.openPolicy)]), {
          policy: rig.openPolicy,
        }),
    ],
    ['without its approval', 'lane/approval', () => sender.send(restricted())],
    ['without its withheld list', 'lane/withheld', () => sender.send([rig.entryOf(rig.change())])],
    ['that lives too long', 'lane/cap', () => sender.sendOne({ expiresMs: rigNowMs + 91 * dayMs })],
    ['that is expired when made', 'lane/cap', () => sender.sendOne({ expiresMs: rigNowMs })],
    [
      'with an entry twice',
      'lane/content-form',
      () => {
        const entry = rig.entryOf(rig.change())
        return sender.send(rig.withList([entry, entry]))
      },
    ],
    [
      'with an entry beyond its size',
      'lane/content-form',
      () => sender.send(rig.withList([{ ...rig.entryOf(rig.change()), outcome: new Uint8Array(1024 * 1024 + 4096) }])),
    ],
    ['as an epoch with data', 'lane/schema', () => sender.send(restricted(), { policy: null })],
  ])('%s', (_, code, run) => {
    expect(codeOf(run)).toBe(code)
  })

  it('and an approval lets a restricted record out', () => {
    const entries = restricted()
    const sealed = sender.send([...entries, rig.approvalEntry(entries, rig.policy, 'restricted')])
    expect(receiver.take(sealed.bytes).verdict).toBe('new')
  })
})
