/** Vectors of what is closed: sealed boxes, locks, files, bundles. */
import { type Case, fail, flip, hex, ok, ramp } from './case.ts'
import * as t from './twin.ts'

export const sealCases = (): Case[] => {
  const pair = t.twinBoxPair(ramp(32, 21))
  const plain = ramp(70, 8)
  const sealed = t.twinSeal(t.join(t.prefix('change'), plain), pair.publicKey, ramp(32, 60))
  const good = { label: 'change', sealed: hex(sealed), publicKey: hex(pair.publicKey), secretKey: hex(pair.secretKey) }
  const other = t.twinBoxPair(ramp(32, 22))
  const bare = t.twinSeal(plain, pair.publicKey, ramp(32, 60))
  const empty = t.twinSeal(t.prefix('capture'), pair.publicKey, ramp(32, 61))
  return [
    ok(
      'key pair of a seed',
      'box-pair',
      { seed: hex(ramp(32, 21)) },
      { publicKey: hex(pair.publicKey), secretKey: hex(pair.secretKey) },
    ),
    ok('open', 'open-sealed', good, hex(plain)),
    ok('open nothing', 'open-sealed', { ...good, label: 'capture', sealed: hex(empty) }, ''),
    fail('sealed under another label', 'open-sealed', { ...good, label: 'capture' }, 'cannot-open'),
    fail('sealed without a label', 'open-sealed', { ...good, sealed: hex(bare) }, 'cannot-open'),
    fail('one bit of the ephemeral key', 'open-sealed', { ...good, sealed: hex(flip(sealed, 0)) }, 'cannot-open'),
    fail('one bit of the tag', 'open-sealed', { ...good, sealed: hex(flip(sealed, 32)) }, 'cannot-open'),
    fail(
      'one bit of the ciphertext',
      'open-sealed',
      { ...good, sealed: hex(flip(sealed, sealed.length - 1)) },
      'cannot-open',
    ),
    fail(
      'an ephemeral key of small order',
      'open-sealed',
      { ...good, sealed: hex(t.join(t.zeros(32), sealed.slice(32))) },
      'cannot-open',
    ),
    fail(
      'sealed to another key',
      'open-sealed',
      { ...good, publicKey: hex(other.publicKey), secretKey: hex(other.secretKey) },
      'cannot-open',
    ),
    fail('the last byte missing', 'open-sealed', { ...good, sealed: hex(sealed.slice(0, -1)) }, 'cannot-open'),
    fail('one byte too many', 'open-sealed', { ...good, sealed: hex(t.join(sealed, t.zeros(1))) }, 'cannot-open'),
    fail('shorter than a seal can be', 'open-sealed', { ...good, sealed: hex(sealed.slice(0, 47)) }, 'cannot-open'),
    fail('nothing', 'open-sealed', { ...good, sealed: '' }, 'cannot-open'),
    fail('a secret key of 31 bytes', 'open-sealed', { ...good, secretKey: hex(pair.secretKey.slice(1)) }, 'bad-bytes'),
  ]
}

export const lockCases = (): Case[] => {
  const key = ramp(32, 31)
  const nonce = ramp(24, 77)
  const plain = ramp(100, 12)
  const ad = ramp(40, 13)
  const locked = t.twinLock('page', key, plain, ad, nonce)
  const good = { label: 'page', key: hex(key), locked: hex(locked), ad: hex(ad) }
  const input = { label: 'page', key: hex(key), plain: hex(plain), ad: hex(ad), nonce: hex(nonce) }
  return [
    ok('lock', 'lock', input, hex(locked)),
    ok(
      'lock nothing with no additional data',
      'lock',
      { ...input, plain: '', ad: '' },
      hex(t.twinLock('page', key, t.zeros(0), t.zeros(0), nonce)),
    ),
    ok('unlock', 'unlock', good, hex(plain)),
    ok('unlock nothing', 'unlock', { ...good, locked: hex(t.twinLock('page', key, t.zeros(0), ad, nonce)) }, ''),
    fail('locked under another label', 'unlock', { ...good, label: 'row' }, 'cannot-open'),
    fail(
      'locked without a label',
      'unlock',
      { ...good, locked: hex(t.join(nonce, t.twinAead(key, nonce, ad, plain))) },
      'cannot-open',
    ),
    fail('other additional data', 'unlock', { ...good, ad: hex(flip(ad, 39)) }, 'cannot-open'),
    fail('shorter additional data', 'unlock', { ...good, ad: hex(ad.slice(0, 39)) }, 'cannot-open'),
    fail('another key', 'unlock', { ...good, key: hex(flip(key, 31)) }, 'cannot-open'),
    fail('one bit of the nonce', 'unlock', { ...good, locked: hex(flip(locked, 0)) }, 'cannot-open'),
    fail('one bit of the ciphertext', 'unlock', { ...good, locked: hex(flip(locked, 24)) }, 'cannot-open'),
    fail('one bit of the tag', 'unlock', { ...good, locked: hex(flip(locked, locked.length - 1)) }, 'cannot-open'),
    fail('the last byte missing', 'unlock', { ...good, locked: hex(locked.slice(0, -1)) }, 'cannot-open'),
    fail('shorter than nonce and tag', 'unlock', { ...good, locked: hex(locked.slice(0, 39)) }, 'cannot-open'),
    fail('a key of 31 bytes', 'unlock', { ...good, key: hex(key.slice(1)) }, 'bad-bytes'),
  ]
}

export const fileCases = (): Case[] => {
  const key = ramp(32, 51)
  const header = ramp(24, 52)
  const random = hex(t.join(key, header))
  const small = t.twinFile(ramp(50, 1), key, header)
  const good = { ciphertext: hex(small), key: hex(key) }
  const whole = (contentBytes: number): Case =>
    ok(
      `${contentBytes} bytes of a ramp from 1`,
      'encrypt-file',
      { random, rampBytes: contentBytes },
      hex(t.twinHash('file', t.twinFile(ramp(contentBytes, 1), key, header))),
    )
  return [
    ...[0, 1, 65_535, 65_536, 65_537, 131_072, 200_001].map(whole),
    ok('decrypt', 'decrypt-file', good, hex(ramp(50, 1))),
    ok('decrypt nothing', 'decrypt-file', { ...good, ciphertext: hex(t.twinFile(t.zeros(0), key, header)) }, ''),
    fail('another key', 'decrypt-file', { ...good, key: hex(flip(key, 0)) }, 'cannot-open'),
    fail('one bit of the header', 'decrypt-file', { ...good, ciphertext: hex(flip(small, 3)) }, 'cannot-open'),
    fail('one bit of the tag byte', 'decrypt-file', { ...good, ciphertext: hex(flip(small, 24)) }, 'cannot-open'),
    fail('one bit of the content', 'decrypt-file', { ...good, ciphertext: hex(flip(small, 40)) }, 'cannot-open'),
    fail(
      'one bit of the MAC',
      'decrypt-file',
      { ...good, ciphertext: hex(flip(small, small.length - 1)) },
      'cannot-open',
    ),
    fail(
      'no final tag',
      'decrypt-file',
      { ...good, ciphertext: hex(t.twinFile(ramp(50, 1), key, header, { tags: [0] })) },
      'cannot-open',
    ),
    fail(
      'a push tag in place of the final one',
      'decrypt-file',
      { ...good, ciphertext: hex(t.twinFile(ramp(50, 1), key, header, { tags: [1] })) },
      'cannot-open',
    ),
    fail(
      'a rekey tag in place of the final one',
      'decrypt-file',
      { ...good, ciphertext: hex(t.twinFile(ramp(50, 1), key, header, { tags: [2] })) },
      'cannot-open',
    ),
    fail(
      'chunks of another size',
      'decrypt-file',
      { ...good, ciphertext: hex(t.twinFile(ramp(50, 1), key, header, { chunk: 25 })) },
      'cannot-open',
    ),
    fail('the last byte missing', 'decrypt-file', { ...good, ciphertext: hex(small.slice(0, -1)) }, 'cannot-open'),
    fail('one byte too many', 'decrypt-file', { ...good, ciphertext: hex(t.join(small, t.zeros(1))) }, 'cannot-open'),
    fail('a header alone', 'decrypt-file', { ...good, ciphertext: hex(header) }, 'cannot-open'),
    fail('nothing', 'decrypt-file', { ...good, ciphertext: '' }, 'cannot-open'),
    fail('a key of 31 bytes', 'decrypt-file', { ...good, key: hex(key.slice(1)) }, 'bad-bytes'),
  ]
}

export const bundleCases = (): Case[] => {
  const ephemeral = t.twinBoxPair(ramp(32, 101))
  const recipient = t.twinBoxPair(ramp(32, 102))
  const header = ramp(256, 103)
  const noncePrefix = ramp(16, 104)
  const key = t.twinBundleKey(
    ephemeral.secretKey,
    recipient.publicKey,
    ephemeral.publicKey,
    recipient.publicKey,
    header,
  )
  const parties = {
    ephemeralPublic: hex(ephemeral.publicKey),
    recipientPublic: hex(recipient.publicKey),
    header: hex(header),
  }
  const plain = ramp(300, 105)
  const place = { key: hex(key), header: hex(header), noncePrefix: hex(noncePrefix), index: 1, isLast: true }
  const chunk = t.twinChunk(key, header, noncePrefix, 1, true, plain)
  const open = { ...place, chunk: hex(chunk) }
  return [
    ok('key of the sealer', 'bundle-key', { ...parties, ephemeralSecret: hex(ephemeral.secretKey) }, hex(key)),
    ok('key of the recipient', 'bundle-key', { ...parties, recipientSecret: hex(recipient.secretKey) }, hex(key)),
    fail(
      'an ephemeral key of small order',
      'bundle-key',
      { ...parties, ephemeralPublic: hex(t.zeros(32)), recipientSecret: hex(recipient.secretKey) },
      'cannot-open',
    ),
    fail(
      'a recipient key of small order',
      'bundle-key',
      { ...parties, recipientPublic: hex(t.zeros(32)), ephemeralSecret: hex(ephemeral.secretKey) },
      'cannot-open',
    ),
    fail(
      'a header of 255 bytes',
      'bundle-key',
      { ...parties, header: hex(header.slice(1)), recipientSecret: hex(recipient.secretKey) },
      'bad-bytes',
    ),
    ok(
      'chunk 0 of several',
      'seal-chunk',
      { ...place, index: 0, isLast: false, plain: hex(plain) },
      hex(t.twinChunk(key, header, noncePrefix, 0, false, plain)),
    ),
    ok('last chunk', 'seal-chunk', { ...place, plain: hex(plain) }, hex(chunk)),
    ok(
      'chunk 2^32-1',
      'seal-chunk',
      { ...place, index: 0xffff_ffff, plain: hex(plain) },
      hex(t.twinChunk(key, header, noncePrefix, 0xffff_ffff, true, plain)),
    ),
    ok('open', 'open-chunk', open, hex(plain)),
    fail('opened at another place', 'open-chunk', { ...open, index: 0 }, 'cannot-open'),
    fail('the last one opened as not the last', 'open-chunk', { ...open, isLast: false }, 'cannot-open'),
    fail('under another header', 'open-chunk', { ...open, header: hex(flip(header, 255)) }, 'cannot-open'),
    fail(
      'under another nonce prefix',
      'open-chunk',
      { ...open, noncePrefix: hex(flip(noncePrefix, 0)) },
      'cannot-open',
    ),
    fail('one bit', 'open-chunk', { ...open, chunk: hex(flip(chunk, 299)) }, 'cannot-open'),
    fail(
      'a tag alone: an empty chunk',
      'open-chunk',
      { ...open, chunk: hex(t.twinChunk(key, header, noncePrefix, 1, true, t.zeros(0))) },
      'cannot-open',
    ),
    fail('nothing', 'open-chunk', { ...open, chunk: '' }, 'cannot-open'),
    fail('an empty chunk to seal', 'seal-chunk', { ...place, plain: '' }, 'bad-bytes'),
    fail('a negative place', 'seal-chunk', { ...place, index: -1, plain: hex(plain) }, 'bad-bytes'),
    fail(
      'a nonce prefix of 15 bytes',
      'seal-chunk',
      { ...place, noncePrefix: hex(ramp(15, 1)), plain: hex(plain) },
      'bad-bytes',
    ),
  ]
}
