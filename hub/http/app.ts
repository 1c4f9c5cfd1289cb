/** The hub's HTTP application: Request to Response, no socket. Every route but hello, health and sign-in asks for a session; what a session may do
 *  is asked of the one table. Errors carry a code, never a stack. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { errorCodes, Fault } from '#protocols/errors.ts'
import type { HubHealth, HubHello } from '#protocols/http/console.ts'
import { headers } from './headers.ts'
import { laneRoutes } from './lane.ts'
import { pageRoutes } from './pages.ts'
import type { Env, HttpParts } from './parts.ts'
import { readRoutes } from './read.ts'
import { signInRoutes } from './sign-in.ts'

const bodyBytesMax = 16 * 1024

export function createApp(parts: HttpParts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((cause, context) => {
    const fault = faultOf(cause)
    const row = errorCodes[fault.code]
    if (row.level === 'error') parts.log.error('http/fault', { code: fault.code, status: row.status }, cause)
    return context.json({ code: fault.code, detail: fault.detail }, row.status)
  })
  app.notFound((context) => context.json({ code: 'request/not-found', detail: {} }, 404))
  app.use('*', headers())
  app.use(
    '/api/*',
    bodyLimit({
      maxSize: bodyBytesMax,
      onError: () => {
        throw new Fault('wire/too-large', {})
      },
    }),
  )
  // Another site cannot set this header, nor keep it away: what does not come from our own page has no session.
  app.use('/api/*', async (context, next) => {
    const site = context.req.header('sec-fetch-site')
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new Fault('session/denied', { reason: 'origin' })
    await next()
  })
  app.get('/api/hello', (context) =>
    context.json({
      product: 'outpost-hub',
      version: parts.version,
      hub: parts.hub,
      demo: parts.demoPeople !== null,
      timeMs: parts.clock.nowMs(),
    } satisfies HubHello),
  )
  app.get('/api/health', async (context) => {
    const isStoreUp = await parts.database.query('select 1').then(
      () => true,
      () => false,
    )
    const ok = isStoreUp && parts.isReceiverUp()
    const health: HubHealth = {
      ok,
      store: isStoreUp ? 'up' : 'down',
      receiver: parts.isReceiverUp() ? 'up' : 'down',
      timeMs: parts.clock.nowMs(),
    }
    return context.json(health, ok ? 200 : 503)
  })
  signInRoutes(app, parts)
  readRoutes(app, parts)
  laneRoutes(app, parts)
  pageRoutes(app, parts)
  return app
}

function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  if (cause instanceof HTTPException || cause instanceof SyntaxError) return new Fault('request/invalid', {}, { cause })
  return new Fault('internal/fault', {}, { cause })
}
