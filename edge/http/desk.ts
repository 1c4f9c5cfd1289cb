/** What the desk needs beside its replica: the camera's picture of a visitor, from memory, and slips printed again. */
import type { Hono } from 'hono'
import { Fault } from '#protocols/errors.ts'
import type { ComparePictures } from '#protocols/http/desk.ts'
import { decide } from '#protocols/record/rights.ts'
import { officerOf, withSession } from './access.ts'
import type { Env, HttpParts } from './parts.ts'

export function deskRoutes(app: Hono<Env>, parts: HttpParts): void {
  app.get('/api/desk/compare/:visit', withSession(parts), async (context) => {
    const visit = parts.store.records.find(context.req.param('visit'))
    const def = parts.defs.get('visit')
    // Whoever may identify this visitor by hand may see who stands there, and nobody else.
    if (visit?.type !== 'visit' || !def || !decide(officerOf(context), def, { kind: 'transition', transition: 'identify' }, visit))
      throw new Fault('request/not-found')
    return context.json((await parts.pictures.forVisit(visit.id)) satisfies ComparePictures)
  })
}
