/** Enrolment: a one-use ticket and proof of the device's key give it a certificate and a record. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { concat, fromBase64Url, toBase64Url, toHex } from '#crypto/bytes.ts'
import { newId } from '#crypto/random.ts'
import { verify } from '#crypto/sign.ts'
import { Fault } from '#protocols/errors.ts'
import type { EnrolAnswer, NonceAnswer, TicketAnswer } from '#protocols/http/session.ts'
import { decideSystem } from '#protocols/record/rights.ts'
import { faceNames, officerOf, withSession } from './access.ts'
import { base64Url, bodyOf } from './body.ts'
import type { Env, HttpParts } from './parts.ts'
import { createRateLimit } from './rate.ts'

const enrolRequest = z.strictObject({
  ticket: base64Url(32),
  face: z.enum(faceNames),
  name: z.string().min(1).max(60),
  deviceKey: base64Url(64),
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
  proof: base64Url(128),
})

export function enrolRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { sessions, identity, store, committer, clock, random } = parts
  const limit = createRateLimit({ points: 30, perSeconds: 60 })

  app.post('/api/nonce', (context) => context.json({ nonce: sessions.nonce() } satisfies NonceAnswer))

  app.post('/api/tickets', withSession(parts), async (context) => {
    if (!decideSystem(officerOf(context), 'device.enrol-ticket')) throw new Fault('session/denied')
    const { face } = await bodyOf(context, z.strictObject({ face: z.enum(faceNames) }))
    return context.json(sessions.mintTicket(face, parts.stationUnit()) satisfies TicketAnswer)
  })

  app.post('/api/enrol', async (context) => {
    await limit.take('enrol')
    const request = await bodyOf(context, enrolRequest)
    const nonce = sessions.takeNonce(request.nonce)
    const deviceKey = fromBase64Url(request.deviceKey)
    if (!nonce || deviceKey.length !== 32) throw new Fault('enrol/refused', { reason: 'nonce' })
    const ticket = sessions.ticketBytes(request.ticket)
    if (!verify('ticket', concat(ticket, nonce, deviceKey), fromBase64Url(request.proof), deviceKey))
      throw new Fault('enrol/refused', { reason: 'proof' })
    const device = newId(random)
    const done = store.transact(() => {
      const unit = sessions.useTicket(request.ticket, request.face)
      if (unit === null) return null
      return { unit, certificate: identity.certify(device, request.face, request.name, deviceKey, clock.nowMs()) }
    })
    if (!done) throw new Fault('enrol/ticket-unknown')
    const { unit, certificate } = done
    const place = request.face === 'kiosk' ? parts.kiosks.placeForPage() : null
    const recorded = await committer.act(
      (reads) => [
        {
          type: 'device',
          record: toHex(device),
          kind: 'create',
          values: {
            kind: request.face,
            name: request.name,
            publicKey: toHex(deviceKey),
            heardAt: reads.nowMs(),
            unit,
            label: 'internal',
            ...(place === null ? {} : { kiosk: place }),
          },
        },
      ],
      null,
    )
    if (!recorded.ok) throw new Fault(recorded.code, recorded.detail)
    const answer: EnrolAnswer = { device: toHex(device), certificate: toBase64Url(certificate), hello: parts.hello() }
    return context.json(answer)
  })
}
