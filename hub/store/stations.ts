/** Stations as their cards made them known, with the lane's ledger. */
import { toHex, utf8 } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import { Fault } from '#protocols/errors.ts'
import { emptyLedger, type LaneLedger } from '#protocols/lane/sequence.ts'
import type { OpenCard } from '../import/card.ts'
import type { Tx } from './database.ts'

export interface StoredStation {
  readonly station: string
  readonly name: string
  readonly lane: string
  readonly root: Uint8Array
  readonly certificate: Uint8Array
  readonly senderCertificate: Uint8Array
  /** By policy hash, hex. */
  readonly policies: ReadonlyMap<string, Uint8Array>
}

const cardHashOf = (card: OpenCard): string => toHex(hash('file', utf8(JSON.stringify(card.card))))

/** Takes a card over; the same card again changes nothing (answers false). A card may bring new certificates, names and policies, but never
 *  another root or another lane number for a station that is known: that is a new contact and an operator's business.
 *  Throws Fault 'hub/card-invalid'. */
export async function putCard(tx: Tx, open: OpenCard): Promise<boolean> {
  const { card } = open
  const cardHash = cardHashOf(open)
  const [known] = await tx.query<{ card_hash: string; root: Uint8Array; lane: string }>(
    'select card_hash, root, lane from station where station = $1 for update',
    [card.station],
  )
  if (known?.card_hash === cardHash) return false
  if (known && (toHex(known.root) !== card.root || known.lane !== card.laneNumber))
    throw new Fault('hub/card-invalid', { reason: 'contradicts-known', station: card.station })
  await tx.query(
    `insert into station (station, name, name_en, code, root, certificate, sign_key, lane, sender_certificate, card_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (station) do update set name = excluded.name, name_en = excluded.name_en, code = excluded.code, certificate = excluded.certificate,
       sign_key = excluded.sign_key, sender_certificate = excluded.sender_certificate, card_hash = excluded.card_hash`,
    [
      card.station,
      card.name,
      card.nameEn,
      card.code,
      open.root,
      open.certificate.bytes,
      open.certificate.signKey,
      card.laneNumber,
      open.sender.bytes,
      cardHash,
    ],
  )
  await tx.query('insert into lane (station, lane, ledger) values ($1, $2, $3) on conflict do nothing', [
    card.station,
    card.laneNumber,
    JSON.stringify(emptyLedger),
  ])
  for (const [name, { bytes }] of open.policies)
    await tx.query('insert into policy (station, hash, bytes) values ($1, $2, $3) on conflict do nothing', [
      card.station,
      name,
      bytes,
    ])
  return true
}

export async function stationOfLane(tx: Tx, lane: string): Promise<StoredStation | null> {
  const [row] = await tx.query<{
    station: string
    name: string
    lane: string
    root: Uint8Array
    certificate: Uint8Array
    sender_certificate: Uint8Array
  }>('select station, name, lane, root, certificate, sender_certificate from station where lane = $1', [lane])
  if (!row) return null
  const policies = await tx.query<{ hash: string; bytes: Uint8Array }>(
    'select hash, bytes from policy where station = $1',
    [row.station],
  )
  return {
    station: row.station,
    name: row.name,
    lane: row.lane,
    root: plain(row.root),
    certificate: plain(row.certificate),
    senderCertificate: plain(row.sender_certificate),
    policies: new Map(policies.map((policy) => [policy.hash, plain(policy.bytes)])),
  }
}

/** Locks the lane until the end of the transaction: one bundle of a lane at a time. */
export async function lockLedger(tx: Tx, station: string, lane: string): Promise<LaneLedger> {
  const [row] = await tx.query<{ ledger: LaneLedger }>(
    'select ledger from lane where station = $1 and lane = $2 for update',
    [station, lane],
  )
  return row?.ledger ?? emptyLedger
}

export async function saveLedger(tx: Tx, station: string, lane: string, ledger: LaneLedger): Promise<void> {
  await tx.query('update lane set ledger = $3 where station = $1 and lane = $2', [
    station,
    lane,
    JSON.stringify(ledger),
  ])
}

/** Bytes of the driver as a plain array with memory of its own kind. */
export const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)
