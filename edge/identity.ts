/** Who may have signed: certificates of devices and grants of officers, as the gateway issued them, and the actor they make today. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { openCertificate, signCertificate } from '#protocols/identity/certificate.ts'
import { openGrant, signGrant, type SignedGrant } from '#protocols/identity/grant.ts'
import type { Role } from '#protocols/record/access.ts'
import type { Actor, ActorPost } from '#protocols/record/rights.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { StationKeys } from './keys.ts'
import type { Store } from './store/store.ts'

export interface KnownDevice {
  readonly device: string
  readonly kind: string
  readonly signKey: Uint8Array
  readonly certificate: Uint8Array
  readonly frozen: boolean
  readonly revoked: boolean
}

const certificateDays = 365
const dayMs = 24 * 3600 * 1000

export function createIdentity(store: Store, keys: StationKeys) {
  const { database } = store
  const deviceRow = database.prepare('select device, kind, sign_key, certificate, frozen, revoked from device_cert where device = ?')
  const putDevice = database.prepare('insert into device_cert (device, kind, sign_key, certificate) values (?, ?, ?, ?)')
  const freezeDevice = database.prepare('update device_cert set frozen = 1 where device = ?')
  const grantRow = database.prepare('select bytes from grant_given where hash = ?').pluck()
  const putGrant = database.prepare('insert or ignore into grant_given (hash, account, device, bytes, not_after_ms) values (?, ?, ?, ?, ?)')
  const openGrants = new Map<string, SignedGrant>()
  /** Actors as the records stand; emptied by the writer whenever an account, a post or a unit changes. */
  const actors = new Map<string, Actor>()

  return {
    device(device: string): KnownDevice | null {
      const row = deviceRow.get(device) as
        | { device: string; kind: string; sign_key: Buffer; certificate: Buffer; frozen: number; revoked: number }
        | undefined
      if (!row) return null
      return {
        device: row.device,
        kind: row.kind,
        signKey: new Uint8Array(row.sign_key),
        certificate: new Uint8Array(row.certificate),
        frozen: row.frozen === 1,
        revoked: row.revoked === 1,
      }
    },
    /** Issues the certificate of a device whose key was proved. Inside a transaction. */
    certify(device: Uint8Array, kind: 'handheld' | 'desk' | 'kiosk' | 'gateway', name: string, signKey: Uint8Array, nowMs: number): Uint8Array {
      const bytes = signCertificate(
        {
          kind,
          subject: device,
          station: keys.station,
          name,
          signKey,
          boxKey: null,
          secondRoot: null,
          notBeforeMs: nowMs - dayMs,
          notAfterMs: nowMs + certificateDays * dayMs,
        },
        keys.sign.secretKey,
      )
      openCertificate(bytes, keys.sign.publicKey)
      putDevice.run(toHex(device), kind, signKey, bytes)
      return bytes
    },
    freeze: (device: string) => {
      freezeDevice.run(device)
    },
    /** Inside a transaction. hours: how long the officer may sign with it. */
    grant(input: { account: string; device: string; userKey: Uint8Array; boxKey: Uint8Array; scopes: readonly string[]; nowMs: number; hours: number }): SignedGrant {
      const bytes = signGrant(
        {
          station: keys.station,
          officer: fromHex(input.account),
          device: fromHex(input.device),
          userKey: input.userKey,
          boxKey: input.boxKey,
          scopes: input.scopes,
          tier: 'T2',
          policyVersion: 1,
          notBeforeMs: input.nowMs - 5 * 60 * 1000,
          notAfterMs: input.nowMs + input.hours * 3600 * 1000,
        },
        keys.sign.secretKey,
      )
      const grant = openGrant(bytes, keys.sign.publicKey)
      putGrant.run(grant.hash, input.account, input.device, bytes, grant.notAfterMs)
      return grant
    },
    /** hash: 32 bytes. Null when this station never issued it. */
    grantOf(hash: Uint8Array): SignedGrant | null {
      const name = toHex(hash)
      const known = openGrants.get(name)
      if (known) return known
      const bytes = grantRow.get(hash) as Buffer | undefined
      if (!bytes) return null
      const grant = openGrant(new Uint8Array(bytes), keys.sign.publicKey)
      openGrants.set(name, grant)
      return grant
    },
    /** The posts of an account as they stand now: a change of rights holds from the next request. Null: no such active account. */
    actorOf(account: string, device: string): Actor | null {
      const known = actors.get(`${account} ${device}`)
      if (known) return known
      const doc = store.records.find(account)
      if (doc?.type !== 'account' || doc.tracks['account'] !== 'active') return null
      const actor: Actor = { account, device, via: null, posts: postsOf(doc, store), linkedUnits: linkedUnitsOf(doc, store) }
      actors.set(`${account} ${device}`, actor)
      return actor
    },
    forgetActors: () => actors.clear(),
    gatewayActor: (via: Actor['via']): Actor => ({ account: null, device: toHex(keys.gatewayDevice), via, posts: [], linkedUnits: [] }),
  }
}
export type Identity = ReturnType<typeof createIdentity>

function postsOf(account: RecordDoc, store: Store): ActorPost[] {
  const ids = (account.fields['posts'] ?? []) as readonly string[]
  return ids.flatMap((id) => {
    const post = store.records.find(id)
    if (post?.type !== 'post' || post.tracks['register'] !== 'active') return []
    return [{ role: post.fields['role'] as Role, level: post.fields['level'] as number, unit: post.fields['of'] as string }]
  })
}

function linkedUnitsOf(account: RecordDoc, store: Store): string[] {
  const own = new Set(postsOf(account, store).map((post) => post.unit))
  const units = store.records.all('unit')
  const linked = new Set<string>()
  for (let grew = true; grew; ) {
    grew = false
    for (const unit of units) {
      const parent = unit.fields['parent']
      if (typeof parent !== 'string' || linked.has(unit.id) || !(own.has(parent) || linked.has(parent))) continue
      linked.add(unit.id)
      grew = true
    }
  }
  return [...linked]
}
