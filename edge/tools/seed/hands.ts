/** Hands that sign for demo people: an enrolled device with an officer's key and grant, whose secret halves are gone when the seed has run. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { newId, type Random } from '#crypto/random.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { signKeyPair } from '#crypto/sign.ts'
import { signChange } from '#protocols/change/change.ts'
import { encodeHlc, hlcZero, tickHlc } from '#protocols/change/clock.ts'
import type { ChangeKind } from '#protocols/change/header.ts'
import { Fault } from '#protocols/errors.ts'
import type { Json } from '#protocols/record/value.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Committer } from '../../commit.ts'
import type { Identity } from '../../identity.ts'
import type { Store } from '../../store/store.ts'

export interface HandsParts {
  readonly store: Store
  readonly identity: Identity
  readonly committer: Committer
  readonly station: Uint8Array
  readonly random: Random
  readonly nowMs: () => number
}

export type Hands = (type: string, record: string, kind: string, values?: Readonly<Record<string, Json>>) => Promise<void>

export function createHands(parts: HandsParts, account: string, kind: 'handheld' | 'desk', name: string): Hands {
  const { store, identity, committer, random } = parts
  const device = newId(random)
  const user = signKeyPair(random)
  const grant = store.transact(() => {
    identity.certify(device, kind, name, signKeyPair(random).publicKey, parts.nowMs())
    return identity.grant({
      account,
      device: toHex(device),
      userKey: user.publicKey,
      boxKey: boxKeyPair(random).publicKey,
      scopes: [],
      nowMs: parts.nowMs(),
      hours: 72,
    })
  })
  let seq = 0
  let prev: Uint8Array = new Uint8Array(32)
  let hlc = hlcZero
  return async (type, record, act, values = {}) => {
    hlc = tickHlc(hlc, parts.nowMs())
    const base = store.records.find(record)?.version
    const change = signChange(
      {
        station: parts.station,
        type,
        record: fromHex(record),
        kind: act as ChangeKind,
        device,
        officer: fromHex(account),
        grant: grant.hash,
        via: null,
        seq: ++seq,
        prev,
        hlc: encodeHlc(hlc),
        base: base === undefined ? null : fromHex(base),
        schema: recordDefs.get(type)?.version ?? 1,
      },
      values,
      user.secretKey,
      random,
    )
    prev = change.id
    const [row] = await committer.push([{ change, signed: true }])
    if (row?.outcome !== 'admitted') throw new Fault(row && row.outcome !== 'waiting' ? row.outcome : 'change/gap', { type, kind: act })
  }
}
