/** Vectors of what proves: hashes, signatures, the log tree, words. */
import { type Bytes, type Case, fail, flip, hex, ok, ramp } from './case.ts'
import * as t from './twin.ts'

export const hashCases = (): Case[] => {
  const message = ramp(200, 1)
  const key = ramp(32, 9)
  const input = { label: 'change-id', parts: [hex(message.slice(0, 16)), hex(message.slice(16))] }
  return [
    ok('no parts', 'hash', { label: 'log-node', parts: [] }, hex(t.twinHash('log-node'))),
    ok('an empty part', 'hash', { label: 'leaf', parts: [''] }, hex(t.twinHash('leaf'))),
    ok('two parts are their concatenation', 'hash', input, hex(t.twinHash('change-id', message))),
    ok('in pieces', 'hasher', input, hex(t.twinHash('change-id', message))),
    ok('in no pieces', 'hasher', { label: 'file', parts: [] }, hex(t.twinHash('file'))),
    ok('another label, another hash', 'hash', { ...input, label: 'version' }, hex(t.twinHash('version', message))),
    ok('keyed', 'hash-keyed', { ...input, label: 'kek', key: hex(key) }, hex(t.twinKeyed(32, 'kek', key, message))),
    ok(
      'mac of 16 bytes',
      'mac16',
      { ...input, label: 'datagram', key: hex(key) },
      hex(t.twinKeyed(16, 'datagram', key, message)),
    ),
    fail('a key of 15 bytes', 'hash-keyed', { ...input, label: 'kek', key: hex(ramp(15, 1)) }, 'bad-bytes'),
    fail('a key of 65 bytes', 'hash-keyed', { ...input, label: 'kek', key: hex(ramp(65, 1)) }, 'bad-bytes'),
    fail('a label outside the list', 'hash', { ...input, label: 'changes' }, 'bad-bytes'),
  ]
}

/** Order of the Ed25519 base point, little-endian: added to S it gives the second signature that lax verifiers take. */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n
const addOrder = (scalar: Bytes): Bytes => {
  let value = groupOrder
  for (let i = 31; i >= 0; i--) value += BigInt(scalar[i] as number) << BigInt(8 * i)
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
}

export const signCases = (): Case[] => {
  const seed = ramp(32, 3)
  const pair = t.twinSignPair(seed)
  const message = ramp(90, 5)
  const signature = t.twinSign('change', message, pair.secretKey)
  const good = { label: 'change', message: hex(message), signature: hex(signature), publicKey: hex(pair.publicKey) }
  const other = t.twinSignPair(ramp(32, 4))
  const identity = new Uint8Array(32)
  identity[0] = 1
  return [
    ok(
      'key pair of a seed',
      'sign-pair',
      { seed: hex(seed) },
      { publicKey: hex(pair.publicKey), secretKey: hex(pair.secretKey) },
    ),
    ok('sign', 'sign', { label: 'change', message: hex(message), secretKey: hex(pair.secretKey) }, hex(signature)),
    ok(
      'sign nothing',
      'sign',
      { label: 'lease', message: '', secretKey: hex(pair.secretKey) },
      hex(t.twinSign('lease', new Uint8Array(0), pair.secretKey)),
    ),
    ok('verify', 'verify', good, true),
    fail('signed under another label', 'verify', { ...good, label: 'grant' }, 'false'),
    fail('signed without a label', 'verify', { ...good, message: '' }, 'false'),
    fail('one bit of the message', 'verify', { ...good, message: hex(flip(message, 17)) }, 'false'),
    fail('one bit of R', 'verify', { ...good, signature: hex(flip(signature, 0)) }, 'false'),
    fail('one bit of S', 'verify', { ...good, signature: hex(flip(signature, 40)) }, 'false'),
    fail(
      'S plus the group order: a second spelling of one signature',
      'verify',
      { ...good, signature: hex(t.join(signature.slice(0, 32), addOrder(signature.slice(32)))) },
      'false',
    ),
    fail('another public key', 'verify', { ...good, publicKey: hex(other.publicKey) }, 'false'),
    fail(
      'a public key of small order with the signature that fits every message',
      'verify',
      { ...good, publicKey: hex(identity), signature: hex(t.join(identity, t.zeros(32))) },
      'false',
    ),
    fail('a public key that is no point', 'verify', { ...good, publicKey: hex(ramp(32, 2).fill(0xff)) }, 'false'),
    fail('a signature of 63 bytes', 'verify', { ...good, signature: hex(signature.slice(0, 63)) }, 'false'),
    fail('a signature of 65 bytes', 'verify', { ...good, signature: hex(t.join(signature, t.zeros(1))) }, 'false'),
    fail('a public key of 31 bytes', 'verify', { ...good, publicKey: hex(pair.publicKey.slice(1)) }, 'false'),
    fail('a secret key of 32 bytes', 'sign', { label: 'change', message: '', secretKey: hex(seed) }, 'bad-bytes'),
  ]
}

export const treeCases = (): Case[] => {
  const entries = Array.from({ length: 11 }, (_, i) => ramp(i * 3, i))
  const hexes = (list: Bytes[]): string[] => list.map(hex)
  const root = (n: number): string => hex(t.mth(entries.slice(0, n)))
  const inclusion = {
    entry: hex(entries[6] as Bytes),
    index: 6,
    size: 11,
    proof: hexes(t.path(6, entries)),
    root: root(11),
  }
  const consistency = {
    oldSize: 6,
    oldRoot: root(6),
    newSize: 11,
    newRoot: root(11),
    proof: hexes(t.proof(6, entries)),
  }
  return [
    ...[0, 1, 2, 3, 7, 8, 11].map((n) =>
      ok(`root of ${n}`, 'tree-root', { entries: hexes(entries.slice(0, n)) }, root(n)),
    ),
    ok('inclusion of 6 in 11', 'inclusion', { entries: hexes(entries), index: 6 }, hexes(t.path(6, entries))),
    ok('inclusion of 10 in 11', 'inclusion', { entries: hexes(entries), index: 10 }, hexes(t.path(10, entries))),
    ok('inclusion of 0 in 1', 'inclusion', { entries: hexes(entries.slice(0, 1)), index: 0 }, []),
    ok('verify inclusion', 'verify-inclusion', inclusion, true),
    fail('inclusion of another entry', 'verify-inclusion', { ...inclusion, entry: '00' }, 'false'),
    fail('inclusion at another place', 'verify-inclusion', { ...inclusion, index: 7 }, 'false'),
    fail('inclusion in a size with a shorter path', 'verify-inclusion', { ...inclusion, size: 8 }, 'false'),
    fail(
      'inclusion with a hash missing',
      'verify-inclusion',
      { ...inclusion, proof: inclusion.proof.slice(1) },
      'false',
    ),
    fail(
      'inclusion with a hash too many',
      'verify-inclusion',
      { ...inclusion, proof: [...inclusion.proof, root(1)] },
      'false',
    ),
    fail('inclusion under another root', 'verify-inclusion', { ...inclusion, root: root(10) }, 'false'),
    fail('inclusion beyond the end', 'verify-inclusion', { ...inclusion, index: 11 }, 'false'),
    fail('proof for a leaf beyond the end', 'inclusion', { entries: hexes(entries), index: 11 }, 'bad-bytes'),
    ok('consistency of 6 and 11', 'consistency', { entries: hexes(entries), oldSize: 6 }, hexes(t.proof(6, entries))),
    ok('consistency of 8 and 11', 'consistency', { entries: hexes(entries), oldSize: 8 }, hexes(t.proof(8, entries))),
    ok('consistency of 11 and 11', 'consistency', { entries: hexes(entries), oldSize: 11 }, []),
    ok('verify consistency', 'verify-consistency', consistency, true),
    ok(
      'an empty log is a prefix of every log',
      'verify-consistency',
      { ...consistency, oldSize: 0, oldRoot: root(0), proof: [] },
      true,
    ),
    fail(
      'a log that forgot an entry',
      'verify-consistency',
      { ...consistency, oldRoot: hex(t.mth(entries.slice(1, 7))) },
      'false',
    ),
    fail('a shorter log with the longer root', 'verify-consistency', { ...consistency, oldSize: 5 }, 'false'),
    fail(
      'the two roots exchanged',
      'verify-consistency',
      { ...consistency, oldRoot: root(11), newRoot: root(6) },
      'false',
    ),
    fail('a new log that is shorter', 'verify-consistency', { ...consistency, newSize: 5 }, 'false'),
    fail('one size with two roots: a fork', 'verify-consistency', { ...consistency, newSize: 6, proof: [] }, 'false'),
    fail(
      'consistency with a hash missing',
      'verify-consistency',
      { ...consistency, proof: consistency.proof.slice(1) },
      'false',
    ),
    fail(
      'consistency with a hash too many',
      'verify-consistency',
      { ...consistency, proof: [...consistency.proof, root(1)] },
      'false',
    ),
  ]
}

export const wordCases = (): Case[] => {
  const hash = t.join(Uint8Array.of(0, 255, 1, 128, 64, 32), ramp(26, 0))
  return [
    ok('English', 'six-words', { hash: hex(hash), language: 'en' }, [
      'apple',
      'gold',
      'pear',
      'spring',
      'koala',
      'rice',
    ]),
    ok('Chinese', 'six-words', { hash: hex(hash), language: 'zh-CN' }, [
      '苹果',
      '黄金',
      '梨子',
      '春天',
      '考拉',
      '米饭',
    ]),
    ok('later bytes do not count', 'six-words', { hash: hex(t.join(hash.slice(0, 6), t.zeros(26))), language: 'en' }, [
      'apple',
      'gold',
      'pear',
      'spring',
      'koala',
      'rice',
    ]),
    fail('a hash of 16 bytes', 'six-words', { hash: hex(hash.slice(0, 16)), language: 'en' }, 'bad-bytes'),
  ]
}
