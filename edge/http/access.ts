/** Finds the session of a request by the face it names and the face's own cookie: cookies ignore ports, faces do not. */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { Fault } from '#protocols/errors.ts'
import type { Actor } from '#protocols/record/rights.ts'
import type { Env, HttpParts } from './parts.ts'

export const faceNames = ['handheld', 'desk', 'kiosk'] as const

export function faceOf(context: Context<Env>): string {
  const face = context.req.header('x-outpost-face') ?? ''
  if (!(faceNames as readonly string[]).includes(face)) throw new Fault('session/none', { reason: 'face' })
  return face
}

export function setSessionCookie(context: Context<Env>, face: string, token: string): void {
  setCookie(context, face, token, { prefix: 'host', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
}

/** Puts `who` into the context or throws 'session/none'. */
export const withSession = (parts: HttpParts): MiddlewareHandler<Env> => async (context, next) => {
  const face = faceOf(context)
  const token = getCookie(context, face, 'host')
  const session = token === undefined ? null : parts.sessions.find(token, face)
  if (!session) throw new Fault('session/none')
  const device = parts.identity.device(session.device)
  if (!device || device.revoked) throw new Fault('session/none', { reason: 'device' })
  const actor = session.account === null ? null : parts.identity.actorOf(session.account, session.device)
  if (session.account !== null && !actor) throw new Fault('session/none', { reason: 'account' })
  context.set('who', { face, device: session.device, actor })
  await next()
}

/** The officer of this session; a kiosk has none. */
export function officerOf(context: Context<Env>): Actor {
  const { actor } = context.get('who')
  if (!actor) throw new Fault('session/denied')
  return actor
}

export function kioskOf(context: Context<Env>): string {
  const who = context.get('who')
  if (who.face !== 'kiosk') throw new Fault('session/denied')
  return who.device
}
