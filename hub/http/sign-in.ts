/** Signing in and out of the console. */
import type { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { z } from 'zod'
import { Fault } from '#protocols/errors.ts'
import type { ConsoleSession } from '#protocols/http/console.ts'
import type { Operator } from '../operators.ts'
import { actionsOf, cookieName, operatorOf } from './access.ts'
import type { Env, HttpParts } from './parts.ts'

const signIn = z.strictObject({ account: z.string().min(1).max(40), pin: z.string().min(1).max(256) })

/** Each try costs a quarter of a gigabyte for a moment: so many a minute in all, beside the count of each account. */
const triesAMinute = 30

export function signInRoutes(app: Hono<Env>, parts: HttpParts): void {
  const limiter = new RateLimiterMemory({ points: triesAMinute, duration: 60 })
  const sessionOf = ({ account, name, role }: Operator): ConsoleSession => ({
    account,
    name,
    role,
    may: actionsOf(role),
  })

  app.post('/api/session', async (context) => {
    await limiter.consume('sign-in').catch(() => {
      throw new Fault('request/too-many', {})
    })
    const body = signIn.safeParse(await context.req.json())
    if (!body.success) throw new Fault('request/invalid', {})
    const operator = await parts.operators.signIn(body.data.account, body.data.pin)
    setCookie(context, cookieName, await parts.sessions.open(operator.account), {
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
    })
    return context.json(sessionOf(operator))
  })
  app.get('/api/session', async (context) => context.json(sessionOf(await operatorOf(context, parts))))
  app.delete('/api/session', async (context) => {
    const token = getCookie(context, cookieName)
    if (token !== undefined) await parts.sessions.end(token)
    deleteCookie(context, cookieName, { path: '/', secure: true })
    return context.body(null, 204)
  })
  if (parts.demoPeople) {
    const { demoPeople } = parts
    app.get('/api/demo/people', (context) => context.json({ people: demoPeople() }))
  }
}
