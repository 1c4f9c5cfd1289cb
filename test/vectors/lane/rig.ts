/** One small lane from a station to its hub, made from a seed: keys, an officer with a grant, a gateway, a policy, and both ends. Everything in it
 *  is the product's own code; only time and chance are fixed. Needs `ready`. */
import { toHex } from '#crypto/bytes.ts'
import { boxKeyPair } from '#crypto/seal.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { sign, signKeyPair } from '#crypto/sign.ts'
import { encodeCanonical } from '#protocols/cbor.ts'
import { type Change, signChange } from '#protocols/change/change.ts'
import { openCertificate, signCertificate } from '#protocols/identity/certificate.ts'
import { openGrant, signGrant } from '#protocols/identity/grant.ts'
import { hardCaps, type Niceness, niceness } from '#protocols/lane/bundle.ts'
import type { Compressor } from '#protocols/lane/compressor.ts'
import { encodeContent } from '#protocols/lane/content.ts'
import type { ApprovalEntry, ChangeEntry, Entry, KeyEntry, RecordLabel } from '#protocols/lane/entry.ts'
import { keyIdOf, laneIdOf } from '#protocols/lane/keys.ts'
import { beginEpoch, nextPlace, type Place, type SenderHead } from '#protocols/lane/place.ts'
import { makePolicy, policyHashOf, type ReleasePolicy } from '#protocols/lane/policy.ts'
import { labelOfSlots, releaseSlots, withheldOf } from '#protocols/lane/release.ts'
import { type SealedBundle, sealBundle } from '#protocols/lane/seal.ts'
import { emptyLedger, frozenBy, type LaneLedger, noteImported } from '#protocols/lane/sequence.ts'
import { type LaneChannel, type OpenContext, type OpenedBundle, openBundle } from '#protocols/lane/verify.ts'
import { Fault } from '#protocols/errors.ts'
import type { Json } from '#protocols/record/value.ts'
import { signLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { createZstd } from '../../../edge/shell/zstd.ts'

export const rigNowMs = 1_795_241_100_000
export const dayMs = 24 * 3600 * 1000

const reaches = {
  label: 'open',
  reason: 'inner',
  visitor: 'inner',
  note: 'inner',
  leftAt: 'open',
  slipCode: 'stay',
} as const
export const records = [
  { type: 'visit', allFields: Object.fromEntries(Object.entries(reaches).map(([name, reach]) => [name, { reach }])) },
]

export function createLaneRig(seed: string = 'lane rig') {
  const random = createSeededRandom(seed)
  const id = () => random.bytes(16)
  const lane = { laneNumber: id(), sender: id(), recipient: id() }
  const laneId = laneIdOf(lane.laneNumber, lane.sender, lane.recipient)
  const stationKey = signKeyPair(random)
  const senderKey = signKeyPair(random)
  const recipientKey = boxKeyPair(random)
  const [officerKey, approverKey, gatewayKey, strangerKey] = [0, 1, 2, 3].map(() => signKeyPair(random)) as [
    ReturnType<typeof signKeyPair>,
    ReturnType<typeof signKeyPair>,
    ReturnType<typeof signKeyPair>,
    ReturnType<typeof signKeyPair>,
  ]
  const [officer, approver, device, gateway] = [id(), id(), id(), id()]
  const dates = { notBeforeMs: rigNowMs - dayMs, notAfterMs: rigNowMs + dayMs }
  const grantFor = (who: Uint8Array, userKey: Uint8Array) =>
    signGrant(
      {
        station: lane.sender,
        officer: who,
        device,
        userKey,
        boxKey: random.bytes(32),
        scopes: ['unit:1'],
        tier: 'T1',
        policyVersion: 1,
        ...dates,
      },
      stationKey.secretKey,
    )
  const grantBytes = grantFor(officer, officerKey.publicKey)
  const approverGrantBytes = grantFor(approver, approverKey.publicKey)
  const gatewayBytes = signCertificate(
    {
      kind: 'gateway',
      subject: gateway,
      station: lane.sender,
      name: 'gateway',
      signKey: gatewayKey.publicKey,
      boxKey: null,
      secondRoot: null,
      ...dates,
    },
    stationKey.secretKey,
  )
  const grant = openGrant(grantBytes, stationKey.publicKey)
  const approverGrant = openGrant(approverGrantBytes, stationKey.publicKey)
  const gatewayCertificate = openCertificate(gatewayBytes, stationKey.publicKey)
  const policy = makePolicy({ id: 'inner', reach: 'inner', records, ceiling: 'restricted', approveAbove: 'internal' })
  const openPolicy = makePolicy({ id: 'open', reach: 'open', records, ceiling: 'internal', approveAbove: 'public' })
  const policies = [policy, openPolicy]
  const zstd = createZstd()
  let seq = 0
  let logSeq = 0

  /** An officer's change; `label` defaults to internal so that no approval is needed under the inner policy. */
  const change = (
    values: Readonly<Record<string, Json>> = {},
    by: 'officer' | 'gateway' | 'stranger' = 'officer',
    grantHash: Uint8Array = grant.hash,
  ): Change => {
    const isGateway = by === 'gateway'
    seq++
    return signChange(
      {
        station: lane.sender,
        type: 'visit',
        record: random.bytes(16),
        kind: 'create',
        device: isGateway ? gateway : device,
        officer: isGateway ? null : officer,
        grant: isGateway ? null : grantHash,
        via: null,
        seq,
        prev: new Uint8Array(32),
        hlc: random.bytes(8),
        base: null,
        schema: 1,
      },
      { label: 'internal', reason: '报案', ...values },
      (isGateway ? gatewayKey : by === 'stranger' ? strangerKey : officerKey).secretKey,
      random,
    )
  }

  const entryOf = (
    made: Change,
    under: ReleasePolicy = policy,
    erasedBy?: ReadonlyMap<string, Uint8Array>,
  ): ChangeEntry => ({
    kind: 1,
    headerBytes: made.headerBytes,
    header: made.header,
    signature: made.signature,
    ...releaseSlots(made.header.type, made.slots, under, erasedBy),
    logSeq: ++logSeq,
    outcome: 'admitted',
    receivedMs: rigNowMs,
  })

  const keyEntries: KeyEntry[] = [
    { kind: 6, what: 'grant', bytes: grantBytes },
    { kind: 6, what: 'certificate', bytes: gatewayBytes },
  ]
  const checkpointEntry = (): Entry => ({
    kind: 10,
    bytes: signLogCheckpoint(
      {
        station: lane.sender,
        epoch: random.bytes(8),
        size: logSeq,
        root: random.bytes(32),
        timeMs: rigNowMs,
        backedUp: 0,
      },
      stationKey.secretKey,
    ),
    station: lane.sender,
    proof: [random.bytes(32)],
  })

  /** Signed over what `entries` will be. */
  const approvalEntry = (
    entries: readonly Entry[],
    under: ReleasePolicy,
    label: RecordLabel,
    changes: Readonly<Record<string, Uint8Array>> = {},
  ): ApprovalEntry => {
    const approval = {
      policyHash: policyHashOf(under),
      contentHash: encodeContent(entries).contentHash,
      laneId,
      approver,
      grant: approverGrant.hash,
      label,
      timeMs: rigNowMs,
      ...changes,
    }
    const body = encodeCanonical({ v: 1, suite: 1, ...approval })
    return { kind: 12, body, signature: sign('approval', body, approverKey.secretKey), approval }
  }

  const withList = (entries: readonly Entry[]): Entry[] => [...entries, withheldOf(entries)]

  /** The sending end: numbers and seals. */
  const createSender = () => {
    let head: SenderHead | null = null
    let counter = 0
    const sealAt = (place: Place, entries: readonly Entry[], options: SealOptions = {}): SealedBundle => {
      const sealed = sealBundle({
        lane,
        senderKey,
        recipientPublicKey: recipientKey.publicKey,
        place,
        niceness: niceness.normal,
        createdMs: rigNowMs,
        expiresMs: rigNowMs + 30 * dayMs,
        entries,
        policy,
        random,
        ...options,
      })
      head = { epoch: place.epoch, seq: place.seq, bundleHash: sealed.bundleHash }
      return sealed
    }
    const begin = (reason: 'first-use' | 'state-lost' | 'restore' = 'first-use', options: SealOptions = {}) => {
      const { place, entry } = beginEpoch(++counter, head, reason, random)
      return sealAt(place, [entry], { policy: null, ...options })
    }
    return {
      begin,
      send: (entries: readonly Entry[], options: SealOptions = {}) => {
        if (!head) throw new Error('begin an epoch first')
        return sealAt(nextPlace(head), entries, options)
      },
      /** Data with a fresh change, its withheld list and no more. */
      sendOne: (options: SealOptions = {}) => {
        if (!head) throw new Error('begin an epoch first')
        return sealAt(nextPlace(head), withList([entryOf(change())]), options)
      },
      head: () => head,
      /** An old copy of the sender's state comes back. */
      restore: (old: SenderHead | null, oldCounter: number) => {
        head = old
        counter = oldCounter
      },
    }
  }

  const channel: LaneChannel = {
    ...lane,
    senderKeyOf: (keyId) =>
      toHex(keyId) === toHex(keyIdOf('sender', senderKey.publicKey))
        ? {
            publicKey: senderKey.publicKey,
            notBeforeMs: rigNowMs - dayMs,
            notAfterMs: rigNowMs + 60 * dayMs,
            isRevoked: false,
          }
        : undefined,
    policyOf: (hash) => policies.find((each) => toHex(policyHashOf(each)) === toHex(hash)),
    caps: hardCaps,
    expiryGraceMs: 2 * dayMs,
  }

  /** The receiving end: the ledger, and the rows that go with it. */
  const createReceiver = (changes: Partial<OpenContext> = {}) => {
    let ledger: LaneLedger = emptyLedger
    const rows = new Map<string, { bundleHash: string; prevHash: string }>()
    const context: OpenContext = {
      channelOf: (laneNumber) => (toHex(laneNumber) === toHex(lane.laneNumber) ? channel : undefined),
      ledgerOf: () => ledger,
      importedAt: () => (epoch, at) => rows.get(`${epoch}/${at}`),
      self: lane.recipient,
      isOwnKeyId: (keyId) => toHex(keyId) === toHex(keyIdOf('recipient', recipientKey.publicKey)),
      nowMs: rigNowMs,
      boxKeyOf: (keyId) =>
        toHex(keyId) === toHex(keyIdOf('recipient', recipientKey.publicKey)) ? recipientKey : undefined,
      compressor: zstd,
      knownKeys: {
        issuerKeyOf: (station) => (toHex(station) === toHex(lane.sender) ? stationKey.publicKey : undefined),
        grantOf: (hash) => [grant, approverGrant].find((each) => toHex(each.hash) === toHex(hash)),
        certificateOf: (subject) => (toHex(subject) === toHex(gateway) ? gatewayCertificate : undefined),
      },
      labelOf: labelOfSlots,
      ...changes,
    }
    return {
      context,
      ledger: () => ledger,
      setLedger: (next: LaneLedger) => {
        ledger = next
      },
      open: (file: Uint8Array) => openBundle(file, context),
      /** Opens, and books the place as an importer would; freezes on a fork. */
      take(file: Uint8Array): ReturnType<typeof openBundle> {
        try {
          const opened = openBundle(file, context)
          if (opened.verdict === 'new') book(opened)
          return opened
        } catch (error) {
          if (error instanceof Fault) ledger = frozenBy(ledger, error)
          throw error
        }
      },
    }
    function book(opened: OpenedBundle): void {
      const { placed } = opened
      rows.set(`${placed.epoch}/${placed.seq}`, { bundleHash: placed.bundleHash, prevHash: placed.prevHash })
      ledger = noteImported(ledger, placed, opened.claim)
    }
  }

  return {
    random,
    lane,
    laneId,
    stationKey,
    senderKey,
    recipientKey,
    officer,
    approver,
    device,
    gateway,
    officerKey,
    approverKey,
    strangerKey,
    grantBytes,
    approverGrantBytes,
    gatewayBytes,
    grant,
    policy,
    openPolicy,
    zstd,
    channel,
    change,
    /** By the officer, under a grant that the other side may not know. */
    changeUnder: (grantHash: Uint8Array) => change({}, 'officer', grantHash),
    entryOf,
    keyEntries,
    checkpointEntry,
    approvalEntry,
    withList,
    createSender,
    createReceiver,
  }
}

export interface SealOptions {
  readonly niceness?: Niceness
  readonly createdMs?: number
  readonly expiresMs?: number
  readonly isLastOfEpoch?: boolean
  readonly policy?: ReleasePolicy | null
  readonly compressor?: Compressor
}
export type LaneRig = ReturnType<typeof createLaneRig>
