/** Log-on with a PIN (makes a grant) and sessions without one (proof by the keys that the grant names). */
import type { Hono } from 'hono'
import { z } from 'zod'
import { concat, equalBytes, fromBase64Url, fromHex, toBase64Url } from '#crypto/bytes.ts'
import { verify } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import type { LiveTicketAnswer, LogonAnswer, SessionAnswer } from '#protocols/http/session.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { type Face, keysOfActor } from '#protocols/sync/scope.ts'
import type { SignedGrant } from '#protocols/identity/grant.ts'
import { createPins } from '../pins.ts'
import { faceOf, setSessionCookie, withSession } from './access.ts'
import { base64Url, bodyOf, hashText, idText } from './body.ts'
import type { Env, HttpParts } from './parts.ts'
import { createRateLimit } from './rate.ts'

const logonRequest = z.strictObject({
  device: idText,
  policeNumber: z.string().min(1).max(12),
  pin: z.string().min(4).max(64),
  userKey: base64Url(64),
  boxKey: base64Url(64),
  nonce: hashText,
  proof: base64Url(128),
})
const sessionRequest = z.strictObject({
  device: idText,
  account: idText.nullable(),
  grant: hashText.nullable(),
  nonce: hashText,
  deviceProof: base64Url(128),
  userProof: base64Url(128).nullable(),
})

/** How long an officer signs offline on one grant; renewed on contact once half of it is gone. */
const grantHours = 72

export function logonRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { sessions, identity, store, clock } = parts
  const pins = createPins(store, clock)
  const limit = createRateLimit({ points: 60, perSeconds: 60 })

  const knownDevice = (device: string, face: string) => {
    const known = identity.device(device)
    if (!known || known.revoked || known.kind !== face) throw new Fault('session/denied', { reason: 'device' })
    return known
  }
  const grantFor = (actor: Actor, face: string, userKey: Uint8Array, boxKey: Uint8Array): SignedGrant =>
    store.transact(() =>
      identity.grant({
        account: actor.account as string,
        device: actor.device,
        userKey,
        boxKey,
        scopes: keysOfActor(face as Face, actor),
        nowMs: clock.nowMs(),
        hours: grantHours,
      }),
    )

  app.post('/api/logon', async (context) => {
    const face = faceOf(context)
    const request = await bodyOf(context, logonRequest)
    await limit.take(request.device)
    const known = knownDevice(request.device, face)
    const nonce = sessions.takeNonce(request.nonce)
    const [userKey, boxKey] = [fromBase64Url(request.userKey), fromBase64Url(request.boxKey)]
    const message = concat(nonce ?? new Uint8Array(), fromHex(request.device), userKey, boxKey)
    if (!nonce || userKey.length !== 32 || boxKey.length !== 32) throw new Fault('logon/failed', { reason: 'nonce' })
    if (!verify('device-login', message, fromBase64Url(request.proof), known.signKey)) throw new Fault('logon/failed', { reason: 'proof' })
    const account = await pins.check(request.policeNumber, request.pin)
    const actor = identity.actorOf(account, request.device)
    if (!actor) throw new Fault('logon/failed')
    const grant = grantFor(actor, face, userKey, boxKey)
    setSessionCookie(context, face, sessions.open({ face, device: request.device, account }, grant.hash))
    const answer: LogonAnswer = {
      account,
      name: String(store.records.find(account)?.fields['name'] ?? ''),
      grant: toBase64Url(grant.bytes),
      timeMs: clock.nowMs(),
    }
    return context.json(answer)
  })

  app.post('/api/session', async (context) => {
    const face = faceOf(context)
    const request = await bodyOf(context, sessionRequest)
    await limit.take(request.device)
    const known = knownDevice(request.device, face)
    const nonce = sessions.takeNonce(request.nonce)
    if (!nonce) throw new Fault('session/none', { reason: 'nonce' })
    const message = concat(nonce, fromHex(request.device))
    if (!verify('device-login', message, fromBase64Url(request.deviceProof), known.signKey)) throw new Fault('session/denied', { reason: 'proof' })
    if (request.account === null) {
      if (face !== 'kiosk') throw new Fault('session/denied', { reason: 'officer' })
      setSessionCookie(context, face, sessions.open({ face, device: request.device, account: null }, null))
      return context.json({ timeMs: clock.nowMs(), grant: null } satisfies SessionAnswer)
    }
    const grant = request.grant === null ? null : identity.grantOf(fromHex(request.grant))
    if (!grant || !request.userProof || !equalBytes(grant.device, fromHex(request.device)) || !equalBytes(grant.officer, fromHex(request.account)))
      throw new Fault('session/denied', { reason: 'grant' })
    if (clock.nowMs() > grant.notAfterMs) throw new Fault('identity/expired')
    if (!verify('device-login', message, fromBase64Url(request.userProof), grant.userKey)) throw new Fault('session/denied', { reason: 'proof' })
    const actor = identity.actorOf(request.account, request.device)
    if (!actor) throw new Fault('session/denied', { reason: 'account' })
    setSessionCookie(context, face, sessions.open({ face, device: request.device, account: request.account }, grant.hash))
    const stale = grant.notAfterMs - clock.nowMs() < (grantHours * 3600 * 1000) / 2
    const renewed = stale ? toBase64Url(grantFor(actor, face, grant.userKey, grant.boxKey).bytes) : null
    return context.json({ timeMs: clock.nowMs(), grant: renewed } satisfies SessionAnswer)
  })

  app.post('/api/live-ticket', withSession(parts), (context) => {
    const who = context.get('who')
    const ticket = sessions.mintLiveTicket({ face: who.face, device: who.device, account: who.actor?.account ?? null })
    return context.json({ ticket } satisfies LiveTicketAnswer)
  })
}
