import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { equalBytes, toHex } from '#crypto/bytes.ts'
import { pinCosts } from '#crypto/pin.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import {
  createKeyring,
  type Keyring,
  type OfficerDoc,
  type OfficerKeys,
} from '../../../../client/shared/data/keyring.ts'
import { judgeTry } from '../../../../client/shared/data/pin-tries.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'

const pin = '83029174'
const account = '0a'.repeat(16)
const officer = { id: account, name: '员', policeNumber: '100300', grant: 'grant' }

interface World {
  readonly clock: FakeClock
  readonly disk: Map<string, OfficerDoc>
  readonly saves: OfficerDoc[]
  readonly keyring: Keyring
}
function createWorld(device = '0b'.repeat(16), secretByte = 7, disk = new Map<string, OfficerDoc>()): World {
  const clock = createFakeClock()
  const saves: OfficerDoc[] = []
  const keyring = createKeyring({
    device,
    secret: async () => new Uint8Array(32).fill(secretByte),
    random: createSeededRandom('keyring'),
    timers: clock,
    cost: pinCosts.floor,
    save: async (doc) => {
      saves.push(doc)
      disk.set(doc.id, doc)
    },
  })
  return { clock, disk, saves, keyring }
}
const docOf = ({ disk }: World): OfficerDoc => disk.get(account) as OfficerDoc
/** Lets the delay before the test pass. */
async function tryPin(world: World, text: string): Promise<OfficerKeys> {
  const opening = world.keyring.open(docOf(world), text)
  opening.catch(() => {})
  await world.clock.advanceAsync(30_000)
  return opening
}

describe('the keyring', () => {
  beforeAll(() => ready)

  it('opens with the right PIN what was wrapped, and with no other', async () => {
    const world = createWorld()
    const keys = world.keyring.make()
    await world.keyring.wrap(keys, officer, pin)
    await expect(tryPin(world, '83029175')).rejects.toMatchObject({ code: 'logon/failed', detail: { left: 4 } })
    const opened = await tryPin(world, pin)
    expect(toHex(opened.local)).toBe(toHex(keys.local))
    expect(toHex(opened.sign.secretKey)).toBe(toHex(keys.sign.secretKey))
    expect(toHex(opened.sign.publicKey)).toBe(toHex(keys.sign.publicKey))
    expect(toHex(opened.box.secretKey)).toBe(toHex(keys.box.secretKey))
  })

  it('a right PIN sets the count back', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    await tryPin(world, 'wrong-one').catch(() => {})
    await tryPin(world, pin)
    expect(docOf(world).tries).toBe(0)
  })

  it('a try is on disk before it is tested: whoever pulls the plug has used it', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    world.saves.length = 0
    const third = { ...docOf(world), tries: 2 }
    const opening = world.keyring.open(third, pin)
    opening.catch(() => {})
    await world.clock.advanceAsync(0)
    // The delay of the third try has not passed, nothing is tested yet.
    expect(world.saves.map((doc) => doc.tries)).toEqual([3])
    await world.clock.advanceAsync(1000)
    await opening
  })

  it('each wrong PIN waits longer, the fifth locks, and a locked keyring tests nothing', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    const codes: unknown[] = []
    for (let attempt = 1; attempt <= 5; attempt++)
      await tryPin(world, 'wrong-one').catch((fault) => codes.push([fault.code, fault.detail.left]))
    expect(codes).toEqual([
      ['logon/failed', 4],
      ['logon/failed', 3],
      ['logon/failed', 2],
      ['logon/failed', 1],
      ['logon/locked', undefined],
    ])
    await expect(tryPin(world, pin)).rejects.toMatchObject({ code: 'logon/locked', detail: {} })
  })

  it('the tenth try erases the keys; the right PIN opens nothing any more', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    for (let attempt = 1; attempt <= 9; attempt++) await tryPin(world, 'wrong-one').catch(() => {})
    expect(docOf(world).wraps).not.toBeNull()
    await expect(tryPin(world, 'wrong-one')).rejects.toMatchObject({ code: 'logon/locked', detail: { erased: true } })
    expect(docOf(world).wraps).toBeNull()
    await expect(tryPin(world, pin)).rejects.toMatchObject({ code: 'logon/locked', detail: { erased: true } })
  })

  it('delays are those of the specification', () => {
    const delays = [1, 2, 3, 4, 5].map((count) => judgeTry({ count }))
    expect(delays.map((verdict) => 'delayMs' in verdict && verdict.delayMs)).toEqual([0, 0, 1000, 5000, 30_000])
    expect([6, 9].map((count) => judgeTry({ count }).act)).toEqual(['refuse', 'refuse'])
    expect(judgeTry({ count: 10 }).act).toBe('erase')
  })

  it('wraps of one device, officer or secret open at no other', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    const others = [createWorld('0c'.repeat(16)), createWorld(undefined, 8)]
    for (const other of others) expect(await other.keyring.openKnown(docOf(world), pin)).toBeNull()
    expect(await world.keyring.openKnown({ ...docOf(world), id: '0d'.repeat(16) }, pin)).toBeNull()
    expect(await world.keyring.openKnown(docOf(world), pin)).not.toBeNull()
  })

  it('a lowered cost, another salt or swapped wraps open nothing', async () => {
    const world = createWorld()
    await world.keyring.wrap(world.keyring.make(), officer, pin)
    const doc = docOf(world)
    const wraps = doc.wraps as NonNullable<OfficerDoc['wraps']>
    const altered: OfficerDoc[] = [
      { ...doc, ops: doc.ops + 1 },
      { ...doc, memBytes: doc.memBytes * 2 },
      { ...doc, salt: '00'.repeat(16) },
      { ...doc, wraps: { ...wraps, L: wraps.D2 } },
    ]
    for (const each of altered) expect(await world.keyring.openKnown(each, pin)).toBeNull()
    await expect(world.keyring.openKnown({ ...doc, ops: 1 }, pin)).rejects.toThrow('pin cost')
  })

  it('wiped keys are zeros', async () => {
    const { keyring } = createWorld()
    const keys = keyring.make()
    const secrets = [keys.sign.secretKey, keys.box.secretKey, keys.local]
    expect(secrets.some((secret) => secret.every((byte) => byte === 0))).toBe(false)
    keys.wipe()
    for (const secret of secrets) expect(equalBytes(secret, new Uint8Array(secret.length))).toBe(true)
  })
})
