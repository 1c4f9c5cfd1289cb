import { concat, toHex, utf8 } from '#crypto/bytes.ts'
import { createHasher, hash, hashKeyed, mac16 } from '#crypto/hash.ts'
import { subKey, unwrapKey, type WrapBinding, wrapKey } from '#crypto/keys.ts'
import { labels } from '#crypto/labels.ts'
import { datagramMac, linkKey, verifyDatagramMac } from '#crypto/link.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { ready } from '#crypto/sodium'
import fc from 'fast-check'
import { expect, test } from 'vitest'

await ready
fc.configureGlobal({ seed: 20 })

const random = createSeededRandom('keys')
const message = fc.uint8Array({ maxLength: 300 })

test('a hash in pieces is the hash of the whole, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.constantFrom(...labels), (pieces, label) => {
      const hasher = createHasher(label)
      for (const piece of pieces) hasher.update(piece)
      expect(hasher.digest()).toEqual(hash(label, ...pieces))
      expect(hash(label, ...pieces)).toEqual(hash(label, concat(...pieces)))
    }),
  )
})

test('a hasher ends with its digest', () => {
  const hasher = createHasher('file')
  hasher.digest()
  expect(() => hasher.update(new Uint8Array(1))).toThrow('used after digest')
  expect(() => hasher.digest()).toThrow('used after digest')
})

test('a hasher that was given no bytes goes on afterwards', () => {
  const hasher = createHasher('file')
  expect(() => hasher.update('text' as unknown as Uint8Array)).toThrow('hash input: expected bytes, found string')
  expect(hasher.digest()).toEqual(hash('file'))
})

test('one message under every label, keyed and not, gives as many hashes', () => {
  const text = utf8('the same')
  const key = random.bytes(32)
  const hashes = labels.flatMap((label) => [hash(label, text), hashKeyed(label, key, text), mac16(label, key, text)])
  expect(new Set(hashes.map(toHex)).size).toBe(labels.length * 3)
})

test('another key gives another keyed hash', () => {
  expect(hashKeyed('kek', random.bytes(32), utf8('a'))).not.toEqual(hashKeyed('kek', random.bytes(32), utf8('a')))
})

test('sub-keys differ by number, context and master, and are always the same', () => {
  const master = random.bytes(32)
  const made = [
    subKey(master, 1, 'page'),
    subKey(master, 2, 'page'),
    subKey(master, 1, 'row'),
    subKey(random.bytes(32), 1, 'page'),
  ]
  expect(new Set(made.map(toHex)).size).toBe(4)
  expect(subKey(master, 1, 'page')).toEqual(made[0])
})

test('a wrap opens for its device, officer, name and enrolment record alone', () => {
  const kek = random.bytes(32)
  const binding: WrapBinding = {
    device: random.bytes(16),
    officer: random.bytes(16),
    name: 'U',
    enrolment: random.bytes(32),
  }
  for (const key of [random.bytes(32), signKeyPair(random).secretKey]) {
    const wrapped = wrapKey(kek, key, binding, random)
    expect(wrapped.length).toBe(key.length + 40)
    expect(unwrapKey(kek, wrapped, binding)).toEqual(key)
    const others: WrapBinding[] = [
      { ...binding, device: binding.officer, officer: binding.device },
      { ...binding, name: 'L' },
      { ...binding, enrolment: random.bytes(32) },
    ]
    for (const other of others) expect(() => unwrapKey(kek, wrapped, other)).toThrow('crypto/cannot-open')
    expect(() => unwrapKey(random.bytes(32), wrapped, binding)).toThrow('crypto/cannot-open')
  }
})

test('key pairs come from the given chance: one seed, one pair', () => {
  const pairs = (seed: string) => {
    const chance = createSeededRandom(seed)
    return [signKeyPair(chance), boxKeyPair(chance), signKeyPair(chance)].map((pair) => toHex(pair.publicKey))
  }
  expect(pairs('a')).toEqual(pairs('a'))
  expect(new Set([...pairs('a'), ...pairs('b')]).size).toBe(6)
})

test('both ends of a link come to one key, which differs by link, epoch and direction', () => {
  const [a, b] = [boxKeyPair(random), boxKeyPair(random)]
  const base = { link: 5, keyEpoch: 1, senderPublic: a.publicKey, recipientPublic: b.publicKey }
  const key = linkKey({ ...base, secret: a.secretKey, peerPublic: b.publicKey })
  expect(linkKey({ ...base, secret: b.secretKey, peerPublic: a.publicKey })).toEqual(key)
  const others = [
    { ...base, link: 6 },
    { ...base, keyEpoch: 2 },
    { ...base, senderPublic: b.publicKey, recipientPublic: a.publicKey },
  ].map((other) => toHex(linkKey({ ...other, secret: a.secretKey, peerPublic: b.publicKey })))
  expect(new Set([toHex(key), ...others]).size).toBe(4)
})

test('a datagram with one flipped bit fails its MAC', () => {
  const key = random.bytes(32)
  const datagram = random.bytes(1248)
  const mac = datagramMac(key, datagram)
  expect(verifyDatagramMac(key, datagram, mac)).toBe(true)
  for (let at = 0; at < datagram.length; at++) {
    const altered = datagram.slice()
    altered[at] = (altered[at] as number) ^ (1 << (at % 8))
    if (verifyDatagramMac(key, altered, mac)) expect.fail(`byte ${at}`)
  }
  expect(verifyDatagramMac(random.bytes(32), datagram, mac)).toBe(false)
  expect(verifyDatagramMac(key, datagram, null as unknown as Uint8Array)).toBe(false)
})
