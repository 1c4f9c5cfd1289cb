/** Doors that exist in a demo folder on loopback only: tickets without a supervisor, and the invented people with their PINs. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { faceNames } from './access.ts'
import { bodyOf } from './body.ts'
import type { Demo, Env, HttpParts } from './parts.ts'

export function demoRoutes(app: Hono<Env>, parts: HttpParts, demo: Demo): void {
  app.post('/api/demo/ticket', async (context) => {
    const { face } = await bodyOf(context, z.strictObject({ face: z.enum(faceNames) }))
    return context.json(parts.sessions.mintTicket(face, parts.stationUnit()))
  })
  app.get('/api/demo/people', (context) => context.json({ people: demo.people() }))
}
