/** Steps 1 to 10: length, header, caps, lane, keys, signature, place, recipient, chunks, size. */
import { toHex } from '#crypto/bytes.ts'
import { fromHex, u64, zero32, type Part, type VectorBook } from './book.ts'
import type { Edit } from './case.ts'
import type { Samples } from './cases-pass.ts'
import { applyEdits } from './edits.ts'
import { contentOf, type LooseInput } from './loose.ts'
import { dayMs, rigNowMs } from './rig.ts'
import { glue, twinBundleHash, twinSign } from './twin.ts'
import { zstdFrames } from './zstd-frames.ts'

export function frameCases(book: VectorBook, samples: Samples): void {
  const { rig, sender, bundles, second, add, fail, edited, none } = book
  const { one, oneFile, oneContent, many, threeFile, secondEpoch } = samples
  // ---- 1 length
  for (const [name, edits] of [
    ['a byte short', [['cut', oneFile.length - 1]]],
    ['a byte long', [['append', '00']]],
    ['nothing', [['cut', 0]]],
    ['a header alone', [['cut', 256]]],
    ['a header and a trailer', [['cut', 352]]],
    ['a sealed length beyond everything', [['set', 112, 'ffffffffffffffff']]],
  ] as const)
    edited('lane/length', `length: ${name}`, 'one change, one chunk', edits)
  add(
    'length: a last chunk of a tag and no content',
    sender.data({
      ...contentOf(one),
      twin: {
        chunks: (chunks) => [...chunks.map((c) => glue(c, new Uint8Array(65552 - c.length))), new Uint8Array(16)],
        patches: [[112, u64(65552 + 16)]],
      },
    }),
    { code: 'lane/length' },
  )

  // ---- 2 header
  for (const [name, offset, hex] of [
    ['magic', 3, '32'],
    ['suite', 4, '02'],
    ['an unknown flag', 5, '04'],
    ['type 0', 6, '00'],
    ['type 6', 6, '06'],
    ['niceness 4', 7, '04'],
    ['another chunk size', 220, '00008000'],
    ['a reserved byte', 255, '01'],
    ['data without a policy', 124, '00'.repeat(32)],
    ['seq 0', 48, '00'.repeat(8)],
    ['data as seq 1', 48, '0000000000000001'],
    ['seq beyond 2^53', 48, '0020000000000000'],
    ['no hash of the bundle before', 56, '00'.repeat(32)],
    ['a time beyond 2^53', 88, 'ff'],
  ] as const)
    edited('lane/header', `header: ${name}`, 'one change, one chunk', [['set', offset, hex]])
  edited('lane/header', 'header: an EPOCH bundle as seq 2', 'epoch', [['set', 48, '0000000000000002']], [])
  edited('lane/header', 'header: an EPOCH bundle with a policy', 'epoch', [['set', 124, '01']], [])
  edited('lane/header', 'header: an EPOCH bundle with approvals', 'epoch', [['set', 156, '01']], [])

  // ---- 3 caps
  for (const [name, offset, hex] of [
    ['no content', 104, '00'.repeat(8)],
    ['content of more than 256 MiB', 104, '0000000010000001'],
    ['content of more than 100 times its sealed length', 104, '0000000000080000'],
    ['no entries', 120, '00000000'],
    ['65 537 entries', 120, '00010001'],
    ['expired when made', 96, '00'.repeat(8)],
    ['a lifetime of more than 90 days', 96, toHex(u64(rigNowMs + 90 * dayMs + 1))],
  ] as const)
    edited('lane/cap', `cap: ${name}`, 'one change, one chunk', [['set', offset, hex]])

  // ---- 4 to 6
  edited('lane/unknown', 'an unknown lane', 'one change, one chunk', [['set', 8, 'ff'.repeat(16)]])
  edited('lane/sender-key', 'an unknown sender key', 'one change, one chunk', [['set', 24, 'ff'.repeat(8)]])
  fail('lane/sender-key', 'made before the sender key began', one, { header: { createdMs: rigNowMs - 2 * dayMs } })
  fail('lane/sender-key', 'made after the sender key ended', one, {
    header: { createdMs: rigNowMs + 61 * dayMs, expiresMs: rigNowMs + 62 * dayMs },
  })
  edited('lane/bundle-forged', 'one flipped byte of ciphertext', 'one change, one chunk', [
    ['set', 300, flipped(oneFile, 300)],
  ])
  edited('lane/bundle-forged', 'one flipped byte of payloadHash', 'one change, one chunk', [
    ['set', oneFile.length - 96, flipped(oneFile, oneFile.length - 96)],
  ])
  edited('lane/bundle-forged', 'one flipped byte of the signature', 'one change, one chunk', [
    ['set', oneFile.length - 1, flipped(oneFile, oneFile.length - 1)],
  ])
  fail('lane/bundle-forged', 'signed by another key', one, { twin: { senderSeed: rig.random.bytes(32) } })

  // ---- 7 place
  bundles.push({
    name: 'data before its EPOCH bundle',
    file: 'one change, one chunk',
    before: [],
    expected: { code: 'lane/epoch' },
  })
  fail('lane/fork', 'two bundles in one place', [none], {}, { before: ['epoch', 'one change, one chunk'] })
  fail('lane/fork', 'a hash of the bundle before that was never seen', one, {
    header: { prevHash: rig.random.bytes(32) },
  })
  add(
    'two random parts under one epoch counter',
    sender.seal({
      content: sender.epochEntry,
      count: 1,
      header: { type: 3, seq: 1, policyHash: zero32, epoch: glue(sender.epoch.slice(0, 4), Uint8Array.of(9, 9, 9, 9)) },
    }),
    { code: 'lane/fork' },
  )
  const lowerEntry: Part = [7, sender.epoch, 1, twinBundleHash(sender.first), 'restore', null]
  add(
    'an EPOCH bundle that names a lower head than was seen',
    sender.seal({
      ...contentOf([lowerEntry]),
      header: { type: 3, seq: 1, policyHash: zero32, epoch: secondEpoch, prevHash: twinBundleHash(sender.first) },
    }),
    { code: 'lane/fork' },
    { before: ['epoch', 'one change, one chunk'] },
  )
  bundles.push({
    name: 'expired, and the grace over',
    file: 'one change, one chunk',
    before: ['epoch'],
    nowMs: rigNowMs + 32 * dayMs + 1,
    expected: { code: 'lane/expired' },
  })

  // ---- 8 and 9
  fail('lane/recipient', 'for a key that is not ours', one, { header: { recipientKeyId: rig.random.bytes(8) } })
  const cannotOpen = (name: string, input: Partial<LooseInput>) => fail('crypto/cannot-open', name, one, input)
  cannotOpen('an all-zero X25519 result', { header: { ephemeralPub: zero32 }, twin: { shared: zero32 } })
  cannotOpen('sealed to another key', {
    twin: { recipientPublic: otherPoint },
  })
  cannotOpen('ciphertext changed before it was signed', {
    twin: { chunks: (chunks) => chunks.map((chunk) => chunk.map((byte, i) => (i === 3 ? byte ^ 1 : byte))) },
  })
  cannotOpen('the only chunk is not marked last', { twin: { isLast: () => false } })
  const resigned = (edits: readonly Edit[]): Edit[] => {
    const file = applyEdits(threeFile, edits)
    const again = twinSign(file.slice(0, 256), file.slice(256, -96), rig.senderKey.secretKey.slice(0, 32))
    return [...edits, ['trailer', toHex(again.slice(-96))]]
  }
  const three = 'fourteen long changes, three chunks'
  const sealedLen = threeFile.length - 352
  edited('crypto/cannot-open', 'the first two chunks swapped', three, resigned([['swap-chunks', 0, 1]]))
  edited(
    'crypto/cannot-open',
    'the second chunk dropped',
    three,
    resigned([
      ['drop-chunk', 1],
      ['set', 112, toHex(u64(sealedLen - 65552))],
    ]),
  )
  edited(
    'crypto/cannot-open',
    'the last chunk dropped',
    three,
    resigned([
      ['drop-chunk', 2],
      ['set', 112, toHex(u64(2 * 65552))],
    ]),
  )
  fail('crypto/cannot-open', 'the last mark on the first of two chunks', many.slice(0, 10), {
    twin: { isLast: (index) => index === 0 },
  })

  // ---- 10 size
  const sized = (name: string, body: Uint8Array, header: LooseInput['header'] = {}) =>
    fail('lane/content-size', `size: ${name}`, one, { body, header })
  const frame = zstdFrames.raw(oneContent)
  sized('two frames', glue(frame, frame))
  sized(
    'two frames that together have the length',
    glue(zstdFrames.raw(oneContent.slice(0, 50)), zstdFrames.raw(oneContent.slice(50))),
  )
  sized('a byte behind the frame', glue(frame, Uint8Array.of(0)))
  sized('a skippable frame before', glue(zstdFrames.skippable(fromHex('00112233')), frame))
  sized('a skippable frame behind', glue(frame, zstdFrames.skippable(fromHex('00112233'))))
  sized('a frame cut short', frame.slice(0, -1))
  sized('no frame', glue(fromHex('ffffffff'), oneContent))
  sized('a bomb', zstdFrames.bomb(0, 512), { plainLen: 200 })
  sized('less than declared', frame, { plainLen: oneContent.length + 1 })
  sized('more than declared', frame, { plainLen: oneContent.length - 1 })
  fail('lane/content-size', 'size: uncompressed and of another length', one, {
    header: { plainLen: oneContent.length + 1 },
  })
}

const otherPoint = fromHex('0900000000000000000000000000000000000000000000000000000000000000')

const flipped = (file: Uint8Array, at: number): string => toHex(Uint8Array.of((file[at] as number) ^ 1))
