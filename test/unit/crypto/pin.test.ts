import { BadBytes, toHex } from '#crypto/bytes.ts'
import {
  deriveKek,
  derivePin,
  derivePinAsync,
  hashPin,
  hashPinAsync,
  isBannedPin,
  issuePin,
  type KekInput,
  pinCosts,
  verifyPin,
  verifyPinAsync,
} from '#crypto/pin.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import { expect, test } from 'vitest'

await ready

const random = createSeededRandom('pin')
const cost = pinCosts.floor

test('a stored PIN is right for itself and wrong for every other', async () => {
  const stored = hashPin('48151623', cost, random)
  expect({ ops: stored.ops, memBytes: stored.memBytes, salt: stored.salt.length, hash: stored.hash.length }).toEqual({
    ...cost,
    salt: 16,
    hash: 32,
  })
  expect(verifyPin('48151623', stored)).toBe(true)
  expect(verifyPin('48151624', stored)).toBe(false)
  expect(await verifyPinAsync('48151623', stored)).toBe(true)
  expect(await verifyPinAsync('48151623 ', stored)).toBe(false)
})

test('two officers with one PIN have two salts and two hashes', async () => {
  const [a, b] = [hashPin('48151623', cost, random), await hashPinAsync('48151623', cost, random)]
  expect(toHex(a.salt)).not.toBe(toHex(b.salt))
  expect(toHex(a.hash)).not.toBe(toHex(b.hash))
  expect(await derivePinAsync('48151623', b.salt, cost)).toEqual(b.hash)
})

test('no cost outside the bounds is worked with, whoever asks for it', async () => {
  const salt = random.bytes(16)
  const stored = hashPin('48151623', cost, random)
  const bad = [
    { ...cost, ops: 1 },
    { ...cost, ops: 0 },
    { ...cost, ops: 17 },
    { ...cost, ops: 2.5 },
    { ...cost, ops: Number.NaN },
    { ...cost, memBytes: cost.memBytes - 1 },
    { ...cost, memBytes: 0 },
    { ...cost, memBytes: 1024 * 1024 * 1024 + 1 },
    { ...cost, memBytes: Number.POSITIVE_INFINITY },
    { ...cost, memBytes: '19922944' as unknown as number },
  ]
  for (const weak of bad) {
    expect(() => derivePin('48151623', salt, weak)).toThrow(BadBytes)
    expect(() => hashPin('48151623', weak, random)).toThrow(BadBytes)
    expect(() => verifyPin('48151623', { ...stored, ...weak })).toThrow(BadBytes)
    await expect(derivePinAsync('48151623', salt, weak)).rejects.toThrow(BadBytes)
    await expect(verifyPinAsync('48151623', { ...stored, ...weak })).rejects.toThrow(BadBytes)
  }
})

test('every named cost is at or above the floor', () => {
  for (const named of Object.values(pinCosts)) {
    expect(named.ops).toBeGreaterThanOrEqual(2)
    expect(named.memBytes).toBeGreaterThanOrEqual(19 * 1024 * 1024)
  }
})

test('a PIN that is none is refused, and no refusal repeats it', () => {
  const salt = random.bytes(16)
  for (const pin of ['', '1'.repeat(257), 48151623, null] as string[])
    expect(() => derivePin(pin, salt, cost)).toThrow(BadBytes)
  expect(() => derivePin('swordfish', salt.subarray(1), cost)).toThrow('pin salt: expected 16 bytes, found 15 bytes')
  expect(() => derivePin('swordfish'.repeat(40), salt, cost)).not.toThrow('swordfish')
})

test('a KEK depends on device, officer, PIN, salt, cost and device secret', () => {
  const input: KekInput = {
    device: random.bytes(16),
    officer: random.bytes(16),
    pin: '48151623',
    salt: random.bytes(16),
    cost,
    devSecret: random.bytes(32),
  }
  const others: KekInput[] = [
    { ...input, device: input.officer, officer: input.device },
    { ...input, pin: '48151624' },
    { ...input, salt: random.bytes(16) },
    { ...input, cost: { ...cost, ops: 3 } },
    { ...input, devSecret: random.bytes(32) },
  ]
  const keks = [input, ...others].map((one) => toHex(deriveKek(one)))
  expect(new Set(keks).size).toBe(6)
  expect(toHex(deriveKek({ ...input }))).toBe(keks[0])
  expect(() => deriveKek({ ...input, devSecret: new Uint8Array(16) })).toThrow('device secret')
  expect(() => deriveKek({ ...input, officer: new Uint8Array(15) })).toThrow('officer id')
})

test.each([
  '',
  '12345',
  '000000',
  '88888888',
  '123456',
  '12345678',
  '01234567',
  '67890123',
  '98765432',
  '210987',
  '121212',
  '123123',
  '12341234',
  '112233',
  '44332211',
  '99001122',
  '19840612',
  '20011231',
  '12312001',
  '31121999',
  'abcdefgh',
  'aaaaaaaa',
  'password',
  'PASSWORD',
  'woaini1314',
  '66668888',
  '147258369',
  '１２３４５６',
  'police110',
  '159357',
])('the PIN %j is banned', (pin) => {
  expect(isBannedPin(pin)).toBe(true)
})

test.each([
  '481516',
  '48151623',
  '907351',
  '18990612',
  '20011331',
  '70935142',
  '30022000x',
  'correct horse',
  '值班室门口三棵树',
  '112234',
])('the PIN %j is allowed', (pin) => {
  expect(isBannedPin(pin)).toBe(false)
})

test('a station may ban more words', () => {
  expect(isBannedPin('Donghu-2027')).toBe(false)
  expect(isBannedPin('Donghu-2027', new Set(['donghu-2027']))).toBe(true)
})

test('an issued PIN has six digits and is never banned', () => {
  const chance = createSeededRandom('issue')
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 3_000; i++) {
    const pin = issuePin(chance)
    expect(pin).toMatch(/^\d{6}$/)
    expect(isBannedPin(pin)).toBe(false)
    for (const digit of pin) counts[Number(digit)] = (counts[Number(digit)] as number) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_800)).toBeLessThan(200)
})

test('an issued PIN is drawn again while it is banned, and bytes that would favour a digit are dropped', () => {
  const draws = [251, 255, 1, 2, 3, 4, 5, 6, 40, 81, 99, 7, 18, 249]
  let at = 0
  const pin = issuePin({ bytes: () => Uint8Array.of(draws[at++] as number) })
  expect(pin).toBe('019789')
  expect(at).toBe(draws.length)
  at = 0
  const again = [...draws, 4, 8, 1, 5, 1, 6]
  expect(issuePin({ bytes: () => Uint8Array.of(again[at++] as number) }, new Set(['019789']))).toBe('481516')
})
