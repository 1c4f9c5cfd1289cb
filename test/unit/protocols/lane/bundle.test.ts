import fc from 'fast-check'
import { ready } from '#crypto/sodium'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import {
  type BundleHeader,
  bundleFileName,
  bundleTypes,
  type BundleType,
  checkCaps,
  checkLength,
  contentLenOf,
  encodeHeader,
  fileNameOf,
  hardCaps,
  type Niceness,
  readHeader,
  sealedLenOf,
} from '#protocols/lane/bundle.ts'
import { createLaneRig } from '../../../vectors/lane/rig.ts'
import { twinHeader } from '../../../vectors/lane/twin.ts'

await ready

const faultOf = (run: () => unknown): Fault => {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
const filled = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const nonZero = (length: number) => filled(length).filter((bytes) => bytes.some((byte) => byte !== 0))
const safe = fc.maxSafeNat()
const anyHeader: fc.Arbitrary<BundleHeader> = fc
  .record({
    isCompressed: fc.boolean(),
    isLastOfEpoch: fc.boolean(),
    type: fc.constantFrom(...(Object.keys(bundleTypes) as BundleType[])),
    niceness: fc.constantFrom<Niceness>(0, 1, 2, 3),
    laneNumber: filled(16),
    senderKeyId: filled(8),
    recipientKeyId: filled(8),
    epoch: filled(8),
    seq: fc.integer({ min: 2 }),
    prevHash: nonZero(32),
    createdMs: safe,
    expiresMs: safe,
    plainLen: safe,
    sealedLen: safe,
    recordCount: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    policyHash: nonZero(32),
    approvalHash: filled(32),
    ephemeralPub: filled(32),
    noncePrefix: filled(16),
  })
  .map((header) => ({
    ...header,
    seq: header.type === 'epoch' ? 1 : header.seq,
    policyHash: header.type === 'data' ? header.policyHash : new Uint8Array(32),
    approvalHash: header.type === 'data' ? header.approvalHash : new Uint8Array(32),
  }))

describe('the header', () => {
  it('what is written is read back, and the twin writes the same bytes', () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        const bytes = encodeHeader(header)
        expect(readHeader(bytes)).toEqual(header)
        const flags = (header.isCompressed ? 1 : 0) | (header.isLastOfEpoch ? 2 : 0)
        expect(twinHeader({ ...header, flags, type: bundleTypes[header.type] })).toEqual(bytes)
      }),
      { numRuns: 300, seed: 21 },
    )
  })

  it('any 256 bytes are a header that writes the same bytes, or a Fault', () => {
    let read = 0
    fc.assert(
      fc.property(anyHeader, fc.nat(255), fc.nat(255), (header, at, value) => {
        const bytes = encodeHeader(header)
        bytes[at] = value
        try {
          expect(encodeHeader(readHeader(bytes))).toEqual(bytes)
          read++
        } catch (error) {
          if (!(error instanceof Fault)) throw error
          expect(error.code).toBe('lane/header')
        }
      }),
      { numRuns: 1000, seed: 22 },
    )
    expect(read).toBeGreaterThan(100)
  })
})

describe('lengths', () => {
  it('a content of every length has one sealed length, and no other length is one', () => {
    const step = 65552
    for (const length of [1, 2, 65535, 65536, 65537, 131072, 131073, 256 * 1024 * 1024])
      expect(contentLenOf(sealedLenOf(length))).toBe(length)
    for (const sealed of [0, 1, 16, step + 1, step + 16, 2 * step + 16]) expect(contentLenOf(sealed)).toBe(null)
    expect([17, step, step + 17].map(contentLenOf)).toEqual([1, 65536, 65537])
  })

  it('a file beyond the cap is refused before anything of it is read', () => {
    const file = createLaneRig().createSender().begin().bytes
    checkLength(file, file.length)
    expect(faultOf(() => checkLength(file, file.length - 1)).code).toBe('lane/length')
  })

  it('each cap of a lane holds below the hard one', () => {
    const { header } = createLaneRig().createSender().begin()
    checkCaps(header, hardCaps)
    const cases = { plainBytesMax: header.plainLen, entriesMax: 1, lifetimeMsMax: header.expiresMs - header.createdMs }
    checkCaps(header, { ...hardCaps, ...cases })
    for (const [name, cap] of Object.entries(cases))
      expect(faultOf(() => checkCaps(header, { ...hardCaps, [name]: cap - 1 })).code).toBe('lane/cap')
  })
})

describe('the name of a file', () => {
  it('says epoch, seq and the first of the hash, and sorts in the order of sealing', () => {
    const rig = createLaneRig()
    const sender = rig.createSender()
    const sealed = [sender.begin(), ...Array.from({ length: 20 }, () => sender.sendOne())]
    const names = sealed.map(({ bytes }) => fileNameOf(bytes))
    expect(names).toEqual(sealed.map(({ fileName }) => fileName))
    expect(names[1]).toMatch(/^00000001[0-9a-f]{8}-0000000000000002-[0-9a-f]{16}\.owb$/)
    expect([...names].sort()).toEqual(names)
    expect(bundleFileName({ epoch: new Uint8Array(8), seq: 255 }, new Uint8Array(32))).toBe(
      `${'0'.repeat(16)}-00000000000000ff-${'0'.repeat(16)}.owb`,
    )
  })

  it('bytes that are no bundle have no name', () => {
    expect(faultOf(() => fileNameOf(new Uint8Array(400))).code).toBe('lane/length')
  })
})
