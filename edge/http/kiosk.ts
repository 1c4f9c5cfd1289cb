/** The kiosk's routes: closed bodies in, handles and masked values out. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { checkGb11643 } from '#protocols/documents/gb11643.ts'
import { Fault } from '#protocols/errors.ts'
import { kioskOf, withSession } from './access.ts'
import { bodyOf, idText } from './body.ts'
import type { Env, HttpParts } from './parts.ts'

const grade = z.number().int().min(1).max(5)
const arrive = z.strictObject({
  reading: idText.nullable(),
  typed: z
    .strictObject({
      name: z.string().min(1).max(80),
      documentType: z.string().min(1).max(40),
      documentNumber: z.string().max(40),
      phone: z.string().max(24),
    })
    .nullable(),
})
const visitOnly = z.strictObject({ visit: idText })
const checkIn = z.strictObject({
  visit: idText,
  reason: z.string().min(1).max(40),
  reasonText: z.string().max(400),
  host: idText.nullable(),
  companions: z.number().int().min(0).max(50),
})
const find = z.strictObject({
  qr: z.string().max(80).nullable(),
  number: z.string().max(40).nullable(),
  code: z.string().max(8).nullable(),
  reading: idText.nullable(),
})
const rate = z.strictObject({
  visit: idText,
  quality: grade,
  efficiency: grade,
  environment: grade,
  attitude: grade,
  tags: z.array(z.string().max(40)).max(10),
})

export function kioskRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { kiosks } = parts
  app.use('/api/kiosk/*', withSession(parts))
  app.post('/api/kiosk/begin', (context) => context.json(kiosks.begin(kioskOf(context))))
  app.post('/api/kiosk/arrive', async (context) => {
    const request = await bodyOf(context, arrive)
    const { typed } = request
    if (typed?.documentType === 'identityCard') {
      const check = checkGb11643(typed.documentNumber)
      if (!check.ok) throw new Fault('document/check-digit', { field: check.code })
    }
    return context.json(await kiosks.arrive(kioskOf(context), request))
  })
  app.post('/api/kiosk/match', async (context) => {
    await kiosks.match(kioskOf(context), (await bodyOf(context, visitOnly.extend({ consent: z.literal(true) }))).visit)
    return context.json({})
  })
  app.post('/api/kiosk/ask-desk', async (context) => {
    await kiosks.askDesk(kioskOf(context), (await bodyOf(context, visitOnly)).visit)
    return context.json({})
  })
  app.post('/api/kiosk/check-in', async (context) => context.json(await kiosks.checkIn(kioskOf(context), await bodyOf(context, checkIn))))
  app.post('/api/kiosk/find', async (context) => context.json(kiosks.find(kioskOf(context), await bodyOf(context, find))))
  app.post('/api/kiosk/check-out', async (context) =>
    context.json(await kiosks.checkOut(kioskOf(context), (await bodyOf(context, visitOnly)).visit)),
  )
  app.post('/api/kiosk/rate', async (context) => {
    await kiosks.rate(kioskOf(context), await bodyOf(context, rate))
    return context.json({})
  })
  app.post('/api/kiosk/decline-rating', async (context) => {
    await kiosks.decline(kioskOf(context), (await bodyOf(context, visitOnly)).visit)
    return context.json({})
  })
}
