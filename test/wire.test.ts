/** No change of what travels passes unseen: the shapes of the wire and of the declarations are fingerprinted. When this test fails on purpose,
 *  add a row to protocols/version.ts (or raise the version of the declaration) and write the new fingerprint here. */
import { describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { toHex, utf8 } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { encodeChange, signChange } from '#protocols/change/change.ts'
import { encodeHlc } from '#protocols/change/clock.ts'
import { signCertificate } from '#protocols/identity/certificate.ts'
import { signGrant } from '#protocols/identity/grant.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { signLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { signManifest } from '#protocols/sync/manifest.ts'
import { signReceipt } from '#protocols/sync/receipt.ts'
import { fromHex } from '#crypto/bytes.ts'
import { wireHistory, wireVersion } from '#protocols/version.ts'

await ready
const id = (byte: number, length = 16) => new Uint8Array(length).fill(byte)
const fingerprint = (bytes: Uint8Array) => toHex(hash('file', bytes)).slice(0, 16)
const keys = signKeyPair(createSeededRandom('wire'))

const samples = (): Record<string, Uint8Array> => ({
  change: encodeChange(
    signChange(
      {
        station: id(1),
        type: 'visit',
        record: id(2),
        kind: 'do:assign',
        device: id(3),
        officer: id(4),
        grant: id(5, 32),
        via: null,
        seq: 7,
        prev: id(6, 32),
        hlc: encodeHlc({ ms: 1_795_000_000_000, counter: 3 }),
        base: id(8, 32),
        schema: 1,
      },
      { officer: '04'.repeat(16), feedback: [['09'.repeat(16), '已签收']] },
      keys.secretKey,
      createSeededRandom('wire salts'),
    ),
  ),
  receipt: signReceipt(
    { station: id(1), epoch: id(2, 8), timeMs: 5, device: id(3), rows: [{ id: '07'.repeat(32), seq: 9, outcome: 'admitted', detail: {} }] },
    fromHex,
    keys.secretKey,
  ),
  manifest: signManifest(
    { station: '01'.repeat(16), epoch: '02'.repeat(8), seq: 3, scopeKey: 'device:x', timeMs: 4, count: 5, sum: 6n },
    keys.secretKey,
  ),
  checkpoint: signLogCheckpoint({ station: id(1), epoch: id(2, 8), size: 3, root: id(4, 32), timeMs: 5, backedUp: 0 }, keys.secretKey),
  certificate: signCertificate(
    { kind: 'handheld', subject: id(1), station: id(2), name: 'x', signKey: id(3, 32), boxKey: null, secondRoot: null, notBeforeMs: 1, notAfterMs: 2 },
    keys.secretKey,
  ),
  grant: signGrant(
    { station: id(1), officer: id(2), device: id(3), userKey: id(4, 32), boxKey: id(5, 32), scopes: ['a'], tier: 'T2', policyVersion: 1, notBeforeMs: 1, notAfterMs: 2 },
    keys.secretKey,
  ),
})

describe('the wire', () => {
  it('has a history without gaps', () => {
    expect(wireHistory.map((row) => row.version)).toEqual(Array.from({ length: wireVersion }, (_, index) => index + 1))
  })

  it('has the bytes of its version', () => {
    expect(Object.fromEntries(Object.entries(samples()).map(([name, bytes]) => [name, fingerprint(bytes)]))).toMatchInlineSnapshot(`
      {
        "certificate": "c0a5e40ab57b3647",
        "change": "56178dc6e9288be6",
        "checkpoint": "b192b6148d31b321",
        "grant": "c78f9894ea172724",
        "manifest": "d24023d90e0a8e48",
        "receipt": "71bd63d4811e022f",
      }
    `)
  })

  it('has the declarations of their versions', () => {
    const shapes = [...recordDefs.values()].map((def) => [
      `${def.type} ${def.version}`,
      fingerprint(
        utf8(
          JSON.stringify([
            Object.entries(def.allFields).map(([name, field]) => [name, field.type, field.merge, field.reach, field.required]),
            Object.entries(def.tracks).map(([name, track]) => [
              name,
              track.states,
              Object.entries(track.transitions).map(([title, row]) => [title, row.from, row.to, row.needs ?? [], row.takes ?? [], row.clears ?? []]),
            ]),
          ]),
        ),
      ),
    ])
    expect(Object.fromEntries(shapes)).toMatchInlineSnapshot(`
      {
        "account 1": "8e3bf457c6448d8b",
        "code-list 1": "461871ddcb605092",
        "device 1": "20aa6f2100b44008",
        "handling-record 1": "886db6e8601c044c",
        "intake 1": "c6cd702588826566",
        "invitation 1": "1694247fd88fc8bb",
        "notification 1": "65b5ef7415995eda",
        "person 1": "33af0259d859449b",
        "post 1": "37cc03f227497306",
        "rating 1": "7f305d8df99f2c2a",
        "shift 1": "c43849c6315397fc",
        "task 1": "4ab79e1e0f41e3cb",
        "unit 1": "e2f27a25184b5358",
        "visit 1": "677c3fd2012c2fa6",
      }
    `)
  })
})
