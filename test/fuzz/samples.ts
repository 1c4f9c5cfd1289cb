/** Valid objects that mutations start from. */
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { encodeChange, signChange } from '#protocols/change/change.ts'
import { encodeHlc } from '#protocols/change/clock.ts'
import { signCertificate } from '#protocols/identity/certificate.ts'
import { signGrant } from '#protocols/identity/grant.ts'
import { signLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { signReceipt } from '#protocols/sync/receipt.ts'
import { fromHex } from '#crypto/bytes.ts'

const bytes = (byte: number, length = 16) => new Uint8Array(length).fill(byte)

export function samples(): Uint8Array[] {
  const random = createSeededRandom('fuzz samples')
  const { secretKey } = signKeyPair(random)
  const dates = { notBeforeMs: 1, notAfterMs: 2 }
  return [
    encodeChange(
      signChange(
        {
          station: bytes(1),
          type: 'visit',
          record: bytes(2),
          kind: 'create',
          device: bytes(3),
          officer: null,
          grant: null,
          via: { kind: 'kiosk', device: bytes(4), officer: null },
          seq: 300,
          prev: bytes(6, 32),
          hlc: encodeHlc({ ms: 1_795_000_000_000, counter: 3 }),
          base: null,
          schema: 1,
        },
        { reason: 'advice', photos: { ['ab'.repeat(16)]: { sizeBytes: 70_000, media: 'image/jpeg' } }, companions: 3, unit: null },
        secretKey,
        random,
      ),
    ),
    signCertificate({ kind: 'desk', subject: bytes(1), station: bytes(2), name: '前台', signKey: bytes(3, 32), boxKey: null, secondRoot: null, ...dates }, secretKey),
    signGrant(
      { station: bytes(1), officer: bytes(2), device: bytes(3), userKey: bytes(4, 32), boxKey: bytes(5, 32), scopes: ['desk.all'], tier: 'T2', policyVersion: 1, ...dates },
      secretKey,
    ),
    signReceipt(
      { station: bytes(1), epoch: bytes(2, 8), timeMs: 5, device: bytes(3), rows: [{ id: '07'.repeat(32), seq: 9, outcome: 'change/denied', detail: { act: 'x' } }] },
      fromHex,
      secretKey,
    ),
    signLogCheckpoint({ station: bytes(1), epoch: bytes(2, 8), size: 3, root: bytes(4, 32), timeMs: 5, backedUp: 0 }, secretKey),
  ]
}
