/** What the console reads. Each route names its right; each look at a visit is written down. */
import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { getCookie } from 'hono/cookie'
import { z } from 'zod'
import { Fault } from '#protocols/errors.ts'
import { isDate, isId } from '#protocols/record/value.ts'
import { noteAudit } from '../store/audit.ts'
import { readVisitFigures } from '../read/figures.ts'
import { readQuarantine } from '../read/quarantine.ts'
import { readStations } from '../read/stations.ts'
import { readVisitDetail } from '../read/visit-detail.ts'
import { readVisits } from '../read/visits.ts'
import { allow, cookieName } from './access.ts'
import type { Env, HttpParts } from './parts.ts'

const id = z.string().refine(isId)
const date = z.string().refine(isDate)
const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual)
const state = z.string().regex(/^(presence|handling):[a-zA-Z]{1,40}$/)

const visitsQuery = z.strictObject({
  station: id.optional(),
  from: date.optional(),
  to: date.optional(),
  reason: z.string().max(40).optional(),
  state: state.optional(),
  limit: limit(200, 50),
  cursor: z.string().max(200).optional(),
})
const figuresQuery = z.strictObject({ station: id.optional(), from: date.optional(), to: date.optional() })
const quarantineQuery = z.strictObject({ station: z.string().max(32).optional(), limit: limit(500, 100) })

/** Throws Fault 'request/invalid' { field }. */
function parse<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Fault('request/invalid', { field: parsed.error.issues[0]?.path.join('.') ?? '' })
}

export function readRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { database, clock } = parts

  app.get('/api/stations', allow('stations.read', parts), async (context) =>
    context.json({ stations: await readStations(database) }),
  )

  app.get('/api/visits', allow('visits.read', parts), async (context) => {
    const query = parse(visitsQuery, context.req.query())
    const [track, name] = query.state?.split(':') ?? []
    const filter = {
      station: query.station ?? null,
      from: query.from ?? null,
      to: query.to ?? null,
      reason: query.reason ?? null,
      presence: track === 'presence' ? (name ?? null) : null,
      handling: track === 'handling' ? (name ?? null) : null,
    }
    return context.json(await readVisits(database, filter, query.cursor ?? null, query.limit))
  })

  app.get('/api/visits/:station/:id', allow('visits.read', parts), async (context) => {
    const place = parse(z.strictObject({ station: id, id }), context.req.param())
    const def = parts.defs.get('visit')
    const detail = def ? await readVisitDetail(database, place.station, place.id, def) : null
    if (!detail) throw new Fault('request/not-found', {})
    // Before the answer is shown, as every reading of a matter.
    await noteAudit(database, {
      atMs: clock.nowMs(),
      account: context.get('operator').account,
      act: 'visit.read',
      station: place.station,
      record: place.id,
      detail: {},
    })
    return context.json(detail)
  })

  app.get('/api/figures/visits', allow('figures.read', parts), async (context) => {
    const { station, from, to } = parse(figuresQuery, context.req.query())
    return context.json({
      rows: await readVisitFigures(database, { station: station ?? null, from: from ?? null, to: to ?? null }),
    })
  })

  app.get('/api/quarantine', allow('quarantine.read', parts), async (context) => {
    const query = parse(quarantineQuery, context.req.query())
    return context.json({ rows: await readQuarantine(database, query.station ?? null, query.limit) })
  })

  app.get('/api/live', allow('stations.read', parts), (context) => {
    const token = getCookie(context, cookieName) ?? ''
    return streamSSE(context, async (stream) => {
      const ended = Promise.withResolvers<void>()
      const leave = parts.live.join({
        isAlive: async () => (await parts.sessions.find(token, false)) !== null,
        send: (event, data) => void stream.writeSSE({ event, data }),
        end: () => ended.resolve(),
      })
      if (!leave) return
      stream.onAbort(() => ended.resolve())
      await stream.writeSSE({ event: 'beat', data: '' })
      await ended.promise
      leave()
    })
  })
}
