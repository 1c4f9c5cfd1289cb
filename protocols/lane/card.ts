/** Lane cards: what one end hands to the other by hand before the first bundle, as a small JSON file (lane/SPEC.md, "Lane, parties, keys").
 *  A card holds public halves only. It proves nothing by itself: whoever loads it compares the words of its keys with the other side. */
import { Fault } from '../errors.ts'

/** From a station to its hub. Ids 32 hex, keys 64 hex, signed objects and policies hex of their bytes. */
export interface StationCard {
  readonly card: 'outpost-station'
  readonly v: 1
  readonly station: string
  readonly name: string
  readonly nameEn: string
  /** 12-digit unit code, as text. */
  readonly code: string
  /** R: signed the station's certificate. */
  readonly root: string
  readonly certificate: string
  readonly laneNumber: string
  /** Of the lane's sender key, signed by S1. */
  readonly senderCertificate: string
  /** Release policies of this lane (policy.ts, encodePolicy). */
  readonly policies: readonly string[]
}

/** From a hub to its stations. */
export interface HubCard {
  readonly card: 'outpost-hub'
  readonly v: 1
  readonly hub: string
  readonly name: string
  /** H, X25519: bundles are sealed to it. */
  readonly boxKey: string
  /** HS, Ed25519: witness statements and slips. */
  readonly signKey: string
  /** Signed by R; null while the hub is not certified, as in a demo folder. */
  readonly certificate: string | null
}

const wrong = (field: string): Fault => new Fault('wire/malformed', { field, expected: 'a lane card' })
const cardCharsMax = 1024 * 1024

/** Throws Fault 'wire/malformed' { field }. */
export function parseStationCard(text: string): StationCard {
  const card = objectOf(text, 'outpost-station')
  return {
    card: 'outpost-station',
    v: 1,
    station: hexOf(card, 'station', 16),
    name: textOf(card, 'name'),
    nameEn: textOf(card, 'nameEn'),
    code: textOf(card, 'code'),
    root: hexOf(card, 'root', 32),
    certificate: hexOf(card, 'certificate'),
    laneNumber: hexOf(card, 'laneNumber', 16),
    senderCertificate: hexOf(card, 'senderCertificate'),
    policies: listOf(card, 'policies').map((policy) => hexOf({ policies: policy }, 'policies')),
  }
}

/** Throws Fault 'wire/malformed' { field }. */
export function parseHubCard(text: string): HubCard {
  const card = objectOf(text, 'outpost-hub')
  return {
    card: 'outpost-hub',
    v: 1,
    hub: hexOf(card, 'hub', 16),
    name: textOf(card, 'name'),
    boxKey: hexOf(card, 'boxKey', 32),
    signKey: hexOf(card, 'signKey', 32),
    certificate: card['certificate'] === null ? null : hexOf(card, 'certificate'),
  }
}

type Fields = Readonly<Record<string, unknown>>

function objectOf(text: string, kind: string): Fields {
  if (text.length > cardCharsMax) throw wrong('card')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault('wire/malformed', { field: 'card', expected: 'JSON' }, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('card')
  const fields = value as Fields
  if (fields['card'] !== kind) throw wrong('card')
  if (fields['v'] !== 1) throw new Fault('wire/version-unknown', { v: String(fields['v']) })
  return fields
}

function hexOf(card: Fields, name: string, bytes?: number): string {
  const value = card[name]
  const isHex = typeof value === 'string' && /^([0-9a-f]{2})+$/.test(value)
  if (!isHex || (bytes !== undefined && value.length !== 2 * bytes)) throw wrong(name)
  return value
}

function textOf(card: Fields, name: string): string {
  const value = card[name]
  if (typeof value !== 'string' || value.length > 200 || !value.isWellFormed()) throw wrong(name)
  return value
}

function listOf(card: Fields, name: string): readonly unknown[] {
  const value = card[name]
  if (!Array.isArray(value) || value.length > 100) throw wrong(name)
  return value
}
