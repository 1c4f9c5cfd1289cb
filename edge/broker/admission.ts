/** The broker's questions, answered: who are you, may you say this, may you hear that. Deny by default; the rules themselves are pure and stand in
 *  protocols/device/rights.ts. A denied publication ends the connection: MQTT 3.1.1 has no other way to say no. */
import type { AuthenticateError, Client, ConnectPacket, PublishPacket, Subscription } from 'aedes'
import { gatewayClientId, isDeviceId, type Principal } from '#protocols/device/kinds.ts'
import { maySubscribe, mayPublish, mayReceive } from '#protocols/device/rights.ts'
import { isUpTopic } from '#protocols/device/topics.ts'
import { type ErrorCode, type Refusal, refuse } from '#protocols/errors.ts'
import type { Credentials } from './credentials.ts'
import type { Tally } from './tally.ts'

/** Thrown into the MQTT library, which ends the connection; the code has been counted already. */
export class Denied extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

export interface AdmissionOptions {
  readonly credentials: () => Credentials
  readonly tally: Tally
  /** The gateway's queue takes no more. */
  readonly isInboxFull: () => boolean
}

export interface Admission {
  preConnect(client: Client, packet: ConnectPacket): Denied | null
  authenticate(client: Client, username: string | undefined, password: Buffer | undefined): AuthenticateError | null
  publish(client: Client | null, packet: PublishPacket & { clientId?: string }): Denied | null
  subscribe(client: Client, subscription: Subscription): boolean
  receive(client: Client, topic: string): boolean
  /** Those whose secret is gone or another one now. */
  isStale(client: Client): boolean
}

export function createAdmission({ credentials, tally, isInboxFull }: AdmissionOptions): Admission {
  const wills = new WeakMap<Client, NonNullable<ConnectPacket['will']>>()
  const known = new WeakMap<Client, { principal: Principal; fingerprint: string | null }>()

  const deny = (refusal: Refusal, principal?: Principal): Denied => {
    tally.count(refusal.code, principal && principal.kind !== 'gateway' ? principal.deviceId : undefined)
    return new Denied(refusal.code)
  }

  return {
    preConnect(client, packet) {
      if (packet.will) wills.set(client, packet.will)
      if (packet.protocolVersion !== mqttVersion) return deny(refuse('wire/version-unknown'))
      // The queue of a gateway that begins a clean session would be thrown away with everything in it.
      if (packet.clientId === gatewayClientId && packet.clean !== false)
        return deny(refuse('device/clean-session-denied'))
      return null
    },
    authenticate(client, username, password) {
      const principal = credentials().check(client.id, username ?? '', password?.toString('utf8') ?? '')
      if (!principal) {
        const isKnown = isDeviceId(client.id) && credentials().find(client.id) !== null
        tally.count(isKnown ? 'logon/failed' : 'device/unknown', isKnown ? client.id : undefined)
        return notAuthorized()
      }
      const will = wills.get(client)
      const verdict = will ? mayPublish(principal, publicationOf(will)) : null
      if (verdict?.ok === false) {
        deny(verdict, principal)
        return notAuthorized()
      }
      known.set(client, { principal, fingerprint: credentials().fingerprint(client.id) })
      return null
    },
    publish(client, packet) {
      const principal = client ? known.get(client)?.principal : credentials().find(packet.clientId ?? '')
      if (!principal) return deny(refuse('device/unknown'))
      const verdict = mayPublish(principal, publicationOf(packet))
      if (!verdict.ok) return deny(verdict, principal)
      if (isUpTopic(verdict.key) && isInboxFull()) return deny(refuse('device/queue-full'), principal)
      return null
    },
    subscribe(client, { topic, qos }) {
      const principal = known.get(client)?.principal
      const verdict = principal ? maySubscribe(principal, topic, qos, client.clean) : refuse('device/unknown')
      if (!verdict.ok) deny(verdict, principal)
      return verdict.ok
    },
    receive(client, topic) {
      const principal = known.get(client)?.principal
      return principal !== undefined && mayReceive(principal, topic).ok
    },
    isStale(client) {
      const entry = known.get(client)
      return entry !== undefined && credentials().fingerprint(client.id) !== entry.fingerprint
    },
  }
}

/** MQTT 3.1.1. */
const mqttVersion = 4
/** CONNACK return code 5: the library declares its list as a const enum, which has no value at run time. */
const notAuthorized = (): AuthenticateError => Object.assign(new Denied('logon/failed'), { returnCode: 5 })

/** Of a message, or of a will, where the library leaves out what is nought. */
const publicationOf = (packet: { topic: string; payload?: Buffer | string; qos?: number; retain?: boolean }) => ({
  topic: packet.topic,
  qos: packet.qos ?? 0,
  retain: packet.retain ?? false,
  sizeBytes: Buffer.byteLength(packet.payload ?? ''),
})
