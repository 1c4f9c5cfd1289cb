/** The signed head of the station's log: an auditor, the hub and each handheld hold the station to it. */
import { toHex } from '#crypto/bytes.ts'
import { bytesOf, intOf } from '../cbor-read.ts'
import { openSigned, signBody } from '../change/signed.ts'

export interface LogCheckpoint {
  readonly station: Uint8Array
  readonly epoch: Uint8Array
  /** Number of leaves. */
  readonly size: number
  readonly root: Uint8Array
  readonly timeMs: number
  /** Log seq up to which a backup holds everything; 0 while there is none. */
  readonly backedUp: number
}

export const signLogCheckpoint = (checkpoint: LogCheckpoint, stationSecretKey: Uint8Array): Uint8Array =>
  signBody('checkpoint', { ...checkpoint }, stationSecretKey)

/** Throws Fault 'identity/forged' or 'wire/…'. */
export function openLogCheckpoint(bytes: Uint8Array, stationPublicKey: Uint8Array): LogCheckpoint & { readonly epochHex: string } {
  const { body } = openSigned('checkpoint', bytes, stationPublicKey)
  const epoch = bytesOf(body.get('epoch'), 'epoch', 8)
  return {
    station: bytesOf(body.get('station'), 'station', 16),
    epoch,
    epochHex: toHex(epoch),
    size: intOf(body.get('size'), 'size'),
    root: bytesOf(body.get('root'), 'root', 32),
    timeMs: intOf(body.get('timeMs'), 'timeMs'),
    backedUp: intOf(body.get('backedUp'), 'backedUp'),
  }
}
