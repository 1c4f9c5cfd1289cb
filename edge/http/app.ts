/** The gateway's HTTP application: Request to Response, no socket. Every route but hello, enrolment and log-on asks for a session; what a
 *  session may do is asked of the one rights table. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { errorCodes, Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { demoRoutes } from './demo.ts'
import { deskRoutes } from './desk.ts'
import { enrolRoutes } from './enrol.ts'
import { fileRoutes } from './files.ts'
import { headers } from './headers.ts'
import { kioskRoutes } from './kiosk.ts'
import { logonRoutes } from './logon.ts'
import { pageRoutes } from './pages.ts'
import type { Env, HttpParts } from './parts.ts'
import { recordRoutes } from './records.ts'
import { syncRoutes } from './sync.ts'

export function createApp(parts: HttpParts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((cause, context) => {
    const fault = faultOf(cause)
    const row = errorCodes[fault.code]
    if (row.level === 'error') parts.log.error('http/fault', { code: fault.code, route: context.req.path, status: row.status }, cause)
    return context.json({ code: fault.code, detail: fault.detail }, row.status)
  })
  app.notFound((context) => context.json({ code: 'request/not-found', detail: {} }, 404))
  app.use('*', headers())
  const tooLarge = () => {
    throw new Fault('wire/too-large', {})
  }
  app.use('/api/sync/push', bodyLimit({ maxSize: limits.pushBytesMax, onError: tooLarge }))
  app.use('/api/files/*', bodyLimit({ maxSize: limits.fileBytesMax, onError: tooLarge }))
  app.use('/api/*', async (context, next) => {
    const large = context.req.path === '/api/sync/push' || context.req.path.startsWith('/api/files/')
    return large ? next() : bodyLimit({ maxSize: limits.httpBodyBytesMax, onError: tooLarge })(context, next)
  })
  // A request from another site never carries our header, and with it never a session.
  app.use('/api/*', async (context, next) => {
    const site = context.req.header('sec-fetch-site')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Fault('session/denied', { reason: 'origin' })
    await next()
  })
  app.get('/api/hello', (context) => context.json(parts.hello()))
  enrolRoutes(app, parts)
  logonRoutes(app, parts)
  syncRoutes(app, parts)
  recordRoutes(app, parts)
  fileRoutes(app, parts)
  kioskRoutes(app, parts)
  deskRoutes(app, parts)
  if (parts.demo) demoRoutes(app, parts, parts.demo)
  pageRoutes(app, parts)
  return app
}

function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  if (cause instanceof HTTPException || cause instanceof SyntaxError) return new Fault('request/invalid', {}, { cause })
  return new Fault('internal/fault', {}, { cause })
}
