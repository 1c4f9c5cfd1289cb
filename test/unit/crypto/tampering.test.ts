/** S-06 for what `crypto/` closes: every bit of every byte matters, and so do order, number and length. */
import { bundleKey, openChunk, sealChunk } from '#crypto/bundle.ts'
import { concat, toHex } from '#crypto/bytes.ts'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { decryptFile, encryptedFileBytes, encryptFile, fileChunkBytes, fileHash } from '#crypto/file.ts'
import { labelBytes, labels } from '#crypto/labels.ts'
import { lock, unlock } from '#crypto/lock.ts'
import { boxKeyPair, openSealed, seal } from '#crypto/seal.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { sign, signKeyPair, verify } from '#crypto/sign.ts'
import { ready, sodium } from '#crypto/sodium'
import fc from 'fast-check'
import { expect, test } from 'vitest'

await ready
fc.configureGlobal({ seed: 20 })

const random = createSeededRandom('tampering')

/** Calls `check` with every single-bit change of `bytes`; returns how many there were. */
const eachFlippedBit = (bytes: Uint8Array, check: (altered: Uint8Array) => void): number => {
  for (let at = 0; at < bytes.length; at++)
    for (let bit = 1; bit < 256; bit *= 2) {
      const altered = bytes.slice()
      altered[at] = (altered[at] as number) ^ bit
      check(altered)
    }
  return bytes.length * 8
}

const refused = (open: () => unknown): void => {
  let failure: unknown = null
  try {
    open()
  } catch (cause) {
    failure = cause
  }
  if (!(failure instanceof CannotOpen)) expect.fail(`expected CannotOpen, found ${failure}`)
}

const alteredLengths = (bytes: Uint8Array): Uint8Array[] => [
  ...Array.from({ length: bytes.length }, (_, length) => bytes.subarray(0, length)),
  bytes.subarray(1),
  concat(bytes, new Uint8Array(1)),
  concat(new Uint8Array(1), bytes),
]

test('a locked thing with one flipped bit, cut anywhere or prolonged is refused', () => {
  const key = random.bytes(32)
  const ad = random.bytes(20)
  const plain = random.bytes(100)
  const locked = lock('page', key, plain, ad, random)
  expect(unlock('page', key, locked, ad)).toEqual(plain)
  expect(eachFlippedBit(locked, (altered) => refused(() => unlock('page', key, altered, ad)))).toBe(140 * 8)
  eachFlippedBit(ad, (altered) => refused(() => unlock('page', key, locked, altered)))
  eachFlippedBit(key, (altered) => refused(() => unlock('page', altered, locked, ad)))
  for (const altered of alteredLengths(locked)) refused(() => unlock('page', key, altered, ad))
})

test('the border between label and additional data cannot move', () => {
  const key = random.bytes(32)
  const locked = lock('lane', key, random.bytes(9), concat(Uint8Array.of(0x2d), new Uint8Array(4)), random)
  refused(() => unlock('lane-key', key, locked, new Uint8Array(0)))
})

test('a sealed thing with one flipped bit, cut anywhere or prolonged is refused', () => {
  const pair = boxKeyPair(random)
  const plain = random.bytes(60)
  const sealed = seal('change', plain, pair.publicKey)
  expect(openSealed('change', sealed, pair)).toEqual(plain)
  let untouched = 0
  eachFlippedBit(sealed, (altered) => {
    // X25519 ignores the top bit of a public key; the nonce, a hash over the key as it travels, does not.
    untouched++
    refused(() => openSealed('change', altered, pair))
  })
  expect(untouched).toBe(sealed.length * 8)
  for (const altered of alteredLengths(sealed)) refused(() => openSealed('change', altered, pair))
})

test('a signature with one flipped bit in it, in its message or in its key is false', () => {
  const pair = signKeyPair(random)
  const message = random.bytes(80)
  const signature = sign('change', message, pair.secretKey)
  expect(verify('change', message, signature, pair.publicKey)).toBe(true)
  const isFalse = (answer: boolean): void => {
    if (answer) expect.fail('an altered signature was taken')
  }
  eachFlippedBit(signature, (altered) => isFalse(verify('change', message, altered, pair.publicKey)))
  eachFlippedBit(message, (altered) => isFalse(verify('change', altered, signature, pair.publicKey)))
  eachFlippedBit(pair.publicKey, (altered) => isFalse(verify('change', message, signature, altered)))
})

test('verify answers false to everything that is not bytes and never throws', () => {
  const pair = signKeyPair(random)
  const message = random.bytes(8)
  const signature = sign('grant', message, pair.secretKey)
  for (const bad of [null, undefined, 'text', 7, {}, [], new ArrayBuffer(64)] as unknown as Uint8Array[]) {
    expect(verify('grant', bad, signature, pair.publicKey)).toBe(false)
    expect(verify('grant', message, bad, pair.publicKey)).toBe(false)
    expect(verify('grant', message, signature, bad)).toBe(false)
  }
})

const file = (bytes: number) => encryptFile(createSeededRandom(`file ${bytes}`).bytes(bytes), random)

test('a file of any size opens again, and its length is foretold', () => {
  for (const bytes of [0, 1, 100, fileChunkBytes - 1, fileChunkBytes, fileChunkBytes + 1, 3 * fileChunkBytes]) {
    const { ciphertext, key, hash } = file(bytes)
    expect(ciphertext.length).toBe(encryptedFileBytes(bytes))
    expect(toHex(decryptFile(ciphertext, key))).toBe(toHex(createSeededRandom(`file ${bytes}`).bytes(bytes)))
    expect(hash).toEqual(fileHash(ciphertext))
  }
})

test('two files never share a key or a header', () => {
  const [a, b] = [file(10), file(10)]
  expect(toHex(a.key)).not.toBe(toHex(b.key))
  expect(toHex(a.ciphertext.subarray(0, 24))).not.toBe(toHex(b.ciphertext.subarray(0, 24)))
})

test('a file with one flipped bit is refused', () => {
  const { ciphertext, key } = file(90)
  eachFlippedBit(ciphertext, (altered) => refused(() => decryptFile(altered, key)))
  eachFlippedBit(key, (altered) => refused(() => decryptFile(ciphertext, altered)))
  for (const altered of alteredLengths(ciphertext)) refused(() => decryptFile(altered, key))
})

test('chunks of a file that are dropped, doubled, exchanged, cut or joined are refused', () => {
  const { ciphertext, key } = file(3 * fileChunkBytes + 500)
  const sealedChunk = fileChunkBytes + 17
  const header = ciphertext.subarray(0, 24)
  const [a, b, c, d] = [0, 1, 2, 3].map((i) =>
    ciphertext.subarray(24 + i * sealedChunk, Math.min(ciphertext.length, 24 + (i + 1) * sealedChunk)),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  expect(decryptFile(concat(header, a, b, c, d), key).length).toBe(3 * fileChunkBytes + 500)
  const arrangements = [
    [a, b, c],
    [a, b, d],
    [b, c, d],
    [a, a, b, c, d],
    [b, a, c, d],
    [a, b, c, d, d],
    [d],
    [a, b, c.subarray(0, 400), d],
    [a, b, c, d.subarray(0, 10)],
  ]
  for (const chunks of arrangements) refused(() => decryptFile(concat(header, ...chunks), key))
  const other = file(3 * fileChunkBytes + 500).ciphertext
  refused(() => decryptFile(concat(other.subarray(0, 24), a, b, c, d), key))
  refused(() => decryptFile(concat(header, a, other.subarray(24 + sealedChunk, 24 + 2 * sealedChunk), c, d), key))
})

/** A file as a hostile writer with the key would lay it out. */
const laidOut = (key: Uint8Array, chunks: [content: Uint8Array, tag: number][]): Uint8Array => {
  const header = new Uint8Array(24)
  const state = sodium.crypto_secretstream_xchacha20poly1305_init(header, key)
  const pushed = chunks.map(([content, tag]) =>
    sodium.crypto_secretstream_xchacha20poly1305_push(state, content, labelBytes('file'), tag),
  )
  return concat(header, ...pushed)
}

test('one content has one layout: no empty chunk after a full one, no short chunk before the end, no other tag', () => {
  const key = random.bytes(32)
  const full = new Uint8Array(fileChunkBytes)
  const empty = new Uint8Array(0)
  const short = new Uint8Array(9)
  expect(
    decryptFile(
      laidOut(key, [
        [full, 0],
        [short, 3],
      ]),
      key,
    ).length,
  ).toBe(fileChunkBytes + 9)
  refused(() =>
    decryptFile(
      laidOut(key, [
        [full, 0],
        [empty, 3],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [short, 0],
        [short, 3],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [empty, 0],
        [short, 3],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [full, 3],
        [short, 3],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [full, 0],
        [short, 0],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [full, 1],
        [short, 3],
      ]),
      key,
    ),
  )
  refused(() =>
    decryptFile(
      laidOut(key, [
        [full, 2],
        [short, 3],
      ]),
      key,
    ),
  )
  refused(() => decryptFile(laidOut(key, [[short, 2]]), key))
})

const bundle = () => {
  const ephemeral = boxKeyPair(random)
  const recipient = boxKeyPair(random)
  const header = random.bytes(256)
  const shared = { ephemeralPublic: ephemeral.publicKey, recipientPublic: recipient.publicKey, header }
  return { ephemeral, recipient, header, shared, noncePrefix: random.bytes(16) }
}

test('sealer and recipient of a bundle come to one key, and to no other with another header, recipient or ephemeral key', () => {
  fc.assert(
    fc.property(fc.nat(255), (at) => {
      const { ephemeral, recipient, shared, header } = bundle()
      const key = bundleKey({ ...shared, ephemeralSecret: ephemeral.secretKey })
      expect(bundleKey({ ...shared, recipientSecret: recipient.secretKey })).toEqual(key)
      const altered = header.slice()
      altered[at] = (altered[at] as number) ^ 1
      expect(bundleKey({ ...shared, header: altered, recipientSecret: recipient.secretKey })).not.toEqual(key)
      const stranger = boxKeyPair(random)
      expect(bundleKey({ ...shared, recipientSecret: stranger.secretKey })).not.toEqual(key)
      const readdressed = { ...shared, recipientPublic: stranger.publicKey, recipientSecret: recipient.secretKey }
      expect(bundleKey(readdressed)).not.toEqual(key)
    }),
    { numRuns: 40 },
  )
})

test('a chunk of a bundle opens at its own place only, and not with one flipped bit', () => {
  const { ephemeral, shared, header, noncePrefix } = bundle()
  const key = bundleKey({ ...shared, ephemeralSecret: ephemeral.secretKey })
  const plain = random.bytes(70)
  const chunk = sealChunk(key, header, noncePrefix, 1, false, plain)
  expect(openChunk(key, header, noncePrefix, 1, false, chunk)).toEqual(plain)
  for (const index of [0, 2, 256, 65_536, 0xffff_ffff])
    refused(() => openChunk(key, header, noncePrefix, index, false, chunk))
  refused(() => openChunk(key, header, noncePrefix, 1, true, chunk))
  eachFlippedBit(chunk, (altered) => refused(() => openChunk(key, header, noncePrefix, 1, false, altered)))
  eachFlippedBit(header, (altered) => refused(() => openChunk(key, altered, noncePrefix, 1, false, chunk)))
  eachFlippedBit(noncePrefix, (altered) => refused(() => openChunk(key, header, altered, 1, false, chunk)))
  for (const altered of alteredLengths(chunk)) refused(() => openChunk(key, header, noncePrefix, 1, false, altered))
})

test('a chunk of a bundle holds up to 65,536 bytes and no more', () => {
  const { ephemeral, shared, header, noncePrefix } = bundle()
  const key = bundleKey({ ...shared, ephemeralSecret: ephemeral.secretKey })
  const largest = sealChunk(key, header, noncePrefix, 0, true, new Uint8Array(65_536))
  expect(openChunk(key, header, noncePrefix, 0, true, largest).length).toBe(65_536)
  expect(() => sealChunk(key, header, noncePrefix, 0, true, new Uint8Array(65_537))).toThrow(
    'chunk: expected 1 to 65536 bytes',
  )
  refused(() => openChunk(key, header, noncePrefix, 0, true, new Uint8Array(65_553)))
})

test('arbitrary bytes never open and never cause another failure', () => {
  const key = random.bytes(32)
  const pair = boxKeyPair(random)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      refused(() => unlock('page', key, bytes, key))
      refused(() => openSealed('change', bytes, pair))
      refused(() => decryptFile(bytes, key))
      refused(() => openChunk(key, new Uint8Array(256), new Uint8Array(16), 0, true, bytes))
    }),
    { numRuns: 300 },
  )
})

test('what is locked, sealed or encrypted twice differs each time', () => {
  const key = random.bytes(32)
  const pair = boxKeyPair(random)
  const plain = random.bytes(10)
  const distinct = (make: () => Uint8Array): number => new Set(Array.from({ length: 50 }, () => toHex(make()))).size
  expect(distinct(() => lock('row', key, plain, key, random))).toBe(50)
  expect(distinct(() => seal('change', plain, pair.publicKey))).toBe(50)
  expect(distinct(() => encryptFile(plain, random).hash)).toBe(50)
})

test('a thing made under one label is refused under every other', () => {
  const key = random.bytes(32)
  const pair = boxKeyPair(random)
  const signer = signKeyPair(random)
  const message = random.bytes(12)
  const signature = sign('receipt', message, signer.secretKey)
  const locked = lock('receipt', key, message, message, random)
  const sealed = seal('receipt', message, pair.publicKey)
  for (const label of labels) {
    if (label === 'receipt') continue
    expect(verify(label, message, signature, signer.publicKey), label).toBe(false)
    refused(() => unlock(label, key, locked, message))
    refused(() => openSealed(label, sealed, pair))
  }
})
