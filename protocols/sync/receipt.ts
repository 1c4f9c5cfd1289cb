/** The answer to a push, signed by the station (S1) after the durable commit: one signature for a batch. A device deletes nothing on
 *  anything else. */
import { toHex } from '#crypto/bytes.ts'
import type { CborInput } from '../cbor.ts'
import { arrayOf, bytesOf, intOf, textOf } from '../cbor-read.ts'
import { openSigned, signBody } from '../change/signed.ts'
import { type ErrorCode, type ErrorDetail, errorCodes, Fault } from '../errors.ts'

export interface ReceiptRow {
  /** Change id, hex. */
  readonly id: string
  /** Log seq; 0 when the change did not enter the log (not attributable, or waiting). */
  readonly seq: number
  /** 'admitted', 'waiting' (a gap before it), or the code of the refusal. */
  readonly outcome: 'admitted' | 'waiting' | ErrorCode
  readonly detail: ErrorDetail
}

export interface Receipt {
  readonly station: string
  readonly epoch: string
  readonly timeMs: number
  readonly device: string
  readonly rows: readonly ReceiptRow[]
}

export const signReceipt = (
  receipt: { station: Uint8Array; epoch: Uint8Array; timeMs: number; device: Uint8Array; rows: readonly ReceiptRow[] },
  hexToBytes: (hex: string) => Uint8Array,
  stationSecretKey: Uint8Array,
): Uint8Array =>
  signBody(
    'receipt',
    {
      station: receipt.station,
      epoch: receipt.epoch,
      timeMs: receipt.timeMs,
      device: receipt.device,
      rows: receipt.rows.map((row): CborInput => [hexToBytes(row.id), row.seq, row.outcome, JSON.stringify(row.detail)]),
    },
    stationSecretKey,
  )

/** Throws Fault 'identity/forged' or 'wire/…'. */
export function openReceipt(bytes: Uint8Array, stationPublicKey: Uint8Array): Receipt {
  const { body } = openSigned('receipt', bytes, stationPublicKey)
  return {
    station: toHex(bytesOf(body.get('station'), 'station', 16)),
    epoch: toHex(bytesOf(body.get('epoch'), 'epoch', 8)),
    timeMs: intOf(body.get('timeMs'), 'timeMs'),
    device: toHex(bytesOf(body.get('device'), 'device', 16)),
    rows: arrayOf(body.get('rows'), 'rows').map((value) => {
      const row = arrayOf(value, 'row', 4)
      const outcome = textOf(row[2], 'outcome')
      if (outcome !== 'admitted' && outcome !== 'waiting' && !Object.hasOwn(errorCodes, outcome))
        throw new Fault('wire/malformed', { key: 'outcome' })
      return {
        id: toHex(bytesOf(row[0], 'id', 32)),
        seq: intOf(row[1], 'seq'),
        outcome: outcome as ReceiptRow['outcome'],
        detail: JSON.parse(textOf(row[3], 'detail')) as ErrorDetail,
      }
    }),
  }
}
