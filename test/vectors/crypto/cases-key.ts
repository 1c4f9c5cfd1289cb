/** Vectors of keys: sub-keys, wraps, PINs, agreement on a link. */
import { type Case, fail, flip, hex, ok, ramp } from './case.ts'
import * as t from './twin.ts'

export const keyCases = (): Case[] => {
  const master = ramp(32, 41)
  const kek = ramp(32, 42)
  const binding = { device: hex(ramp(16, 1)), officer: hex(ramp(16, 2)), enrolment: hex(ramp(32, 3)), name: 'L' }
  const ad = t.join(ramp(16, 1), ramp(16, 2), ramp(32, 3), t.ascii('L'))
  const wrapped = t.twinLock('wrap', kek, master, ad, ramp(24, 5))
  const good = { kek: hex(kek), wrapped: hex(wrapped), ...binding }
  return [
    ...[0, 1, 65_536, 2_147_483_647].map((id) =>
      ok(
        `sub-key ${id} for pages`,
        'sub-key',
        { master: hex(master), id, context: 'page' },
        hex(t.twinSubKey(master, id, 'page')),
      ),
    ),
    ok(
      'a context of eight characters',
      'sub-key',
      { master: hex(master), id: 1, context: 'approval' },
      hex(t.twinSubKey(master, 1, 'approval')),
    ),
    fail('a context of nine characters', 'sub-key', { master: hex(master), id: 1, context: 'change-id' }, 'bad-bytes'),
    fail('a context outside the list', 'sub-key', { master: hex(master), id: 1, context: 'pages' }, 'bad-bytes'),
    fail('a number beyond 2^31-1', 'sub-key', { master: hex(master), id: 2_147_483_648, context: 'page' }, 'bad-bytes'),
    fail('a negative number', 'sub-key', { master: hex(master), id: -1, context: 'page' }, 'bad-bytes'),
    fail('a master of 16 bytes', 'sub-key', { master: hex(ramp(16, 1)), id: 1, context: 'page' }, 'bad-bytes'),
    ok('wrap', 'wrap', { kek: hex(kek), key: hex(master), nonce: hex(ramp(24, 5)), ...binding }, hex(wrapped)),
    ok('unwrap', 'unwrap', good, hex(master)),
    fail('wrapped for another device', 'unwrap', { ...good, device: hex(ramp(16, 9)) }, 'cannot-open'),
    fail('wrapped for another officer', 'unwrap', { ...good, officer: hex(ramp(16, 9)) }, 'cannot-open'),
    fail(
      'wrapped under another enrolment record: lowered cost',
      'unwrap',
      { ...good, enrolment: hex(ramp(32, 9)) },
      'cannot-open',
    ),
    fail('wrapped as another key', 'unwrap', { ...good, name: 'U' }, 'cannot-open'),
    fail('another KEK: a wrong PIN', 'unwrap', { ...good, kek: hex(flip(kek, 3)) }, 'cannot-open'),
    fail('a device id of 15 bytes', 'unwrap', { ...good, device: hex(ramp(15, 1)) }, 'bad-bytes'),
  ]
}

export const pinCases = (): Case[] => {
  const salt = ramp(16, 90)
  const floor = { ops: 2, memBytes: 19 * 1024 * 1024 }
  const derived = t.twinPin('48151623', salt, floor.ops, floor.memBytes)
  const good = { pin: '48151623', salt: hex(salt), ...floor }
  const kek = { ...good, device: hex(ramp(16, 1)), officer: hex(ramp(16, 2)), devSecret: hex(ramp(32, 3)) }
  const kekBytes = t.twinKeyed(32, 'kek', ramp(32, 3), ramp(16, 1), ramp(16, 2), derived)
  return [
    ok('derive at the floor', 'derive-pin', good, hex(derived)),
    ok('full-width digits are the digits', 'derive-pin', { ...good, pin: '４８１５１６２３' }, hex(derived)),
    ok(
      'a passphrase with marks and Chinese',
      'derive-pin',
      { ...good, pin: 'Zoë 值班 ready' },
      hex(t.twinPin('Zoë 值班 ready', salt, floor.ops, floor.memBytes)),
    ),
    ok('three passes', 'derive-pin', { ...good, ops: 3 }, hex(t.twinPin('48151623', salt, 3, floor.memBytes))),
    ok('key-encryption key', 'kek', kek, hex(kekBytes)),
    ok('stored and right', 'verify-pin', { ...good, hash: hex(derived) }, true),
    fail('stored and wrong', 'verify-pin', { ...good, pin: '48151624', hash: hex(derived) }, 'false'),
    fail('one pass', 'derive-pin', { ...good, ops: 1 }, 'bad-bytes'),
    fail('one byte under 19 MiB', 'derive-pin', { ...good, memBytes: floor.memBytes - 1 }, 'bad-bytes'),
    fail('a stored value under the floor', 'verify-pin', { ...good, memBytes: 8192, hash: hex(derived) }, 'bad-bytes'),
    fail('more memory than the ceiling', 'derive-pin', { ...good, memBytes: 2 ** 40 }, 'bad-bytes'),
    fail('more passes than the ceiling', 'derive-pin', { ...good, ops: 1000 }, 'bad-bytes'),
    fail('half a pass', 'derive-pin', { ...good, ops: 2.5 }, 'bad-bytes'),
    fail('a salt of 15 bytes', 'derive-pin', { ...good, salt: hex(ramp(15, 1)) }, 'bad-bytes'),
    fail('no PIN', 'derive-pin', { ...good, pin: '' }, 'bad-bytes'),
    fail('a device secret of 16 bytes', 'kek', { ...kek, devSecret: hex(ramp(16, 1)) }, 'bad-bytes'),
  ]
}

export const linkCases = (): Case[] => {
  const sender = t.twinBoxPair(ramp(32, 111))
  const recipient = t.twinBoxPair(ramp(32, 112))
  const key = t.twinLinkKey(sender.secretKey, recipient.publicKey, 7, 2, sender.publicKey, recipient.publicKey)
  const parties = {
    link: 7,
    keyEpoch: 2,
    senderPublic: hex(sender.publicKey),
    recipientPublic: hex(recipient.publicKey),
  }
  const datagram = ramp(1248, 1)
  const mac = t.twinKeyed(16, 'datagram', key, datagram)
  const good = { key: hex(key), datagram: hex(datagram), mac: hex(mac) }
  return [
    ok(
      'key of the sender',
      'link-key',
      { ...parties, secret: hex(sender.secretKey), peerPublic: hex(recipient.publicKey) },
      hex(key),
    ),
    ok(
      'key of the recipient',
      'link-key',
      { ...parties, secret: hex(recipient.secretKey), peerPublic: hex(sender.publicKey) },
      hex(key),
    ),
    fail(
      'a peer of small order',
      'link-key',
      { ...parties, secret: hex(sender.secretKey), peerPublic: hex(t.zeros(32)) },
      'cannot-open',
    ),
    fail(
      'a link number of 33 bits',
      'link-key',
      { ...parties, link: 2 ** 32, secret: hex(sender.secretKey), peerPublic: hex(recipient.publicKey) },
      'bad-bytes',
    ),
    fail(
      'a key epoch of 17 bits',
      'link-key',
      { ...parties, keyEpoch: 65_536, secret: hex(sender.secretKey), peerPublic: hex(recipient.publicKey) },
      'bad-bytes',
    ),
    ok('MAC of a datagram', 'datagram-mac', { key: hex(key), datagram: hex(datagram) }, hex(mac)),
    ok('verify', 'verify-datagram-mac', good, true),
    fail('one bit of the datagram', 'verify-datagram-mac', { ...good, datagram: hex(flip(datagram, 1247)) }, 'false'),
    fail('one bit of the MAC', 'verify-datagram-mac', { ...good, mac: hex(flip(mac, 15)) }, 'false'),
    fail('a MAC of 15 bytes', 'verify-datagram-mac', { ...good, mac: hex(mac.slice(0, 15)) }, 'false'),
    fail(
      'a cut of a 32-byte MAC',
      'verify-datagram-mac',
      { ...good, mac: hex(t.twinKeyed(32, 'datagram', key, datagram).slice(0, 16)) },
      'false',
    ),
  ]
}
