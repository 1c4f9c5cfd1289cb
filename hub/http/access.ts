/** Who may ask what of the hub: one table, deny by default. An administrator sees that stations report, never what they report; an auditor reads
 *  everything and changes nothing. */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { Fault } from '#protocols/errors.ts'
import type { ConsoleAction, ConsoleRole } from '#protocols/http/console.ts'
import type { Operator } from '../operators.ts'
import type { Env, HttpParts } from './parts.ts'

export const cookieName = '__Host-console'

export const rights: Readonly<Record<ConsoleAction, readonly ConsoleRole[]>> = {
  'stations.read': ['bureau-leader', 'unit-leader', 'auditor', 'administrator'],
  'visits.read': ['bureau-leader', 'auditor'],
  'figures.read': ['bureau-leader', 'unit-leader', 'auditor'],
  'quarantine.read': ['bureau-leader', 'auditor', 'administrator'],
  'lane.accept-epoch': ['administrator'],
}

export const decide = (role: ConsoleRole, action: ConsoleAction): boolean => rights[action].includes(role)

export const actionsOf = (role: ConsoleRole): ConsoleAction[] =>
  (Object.keys(rights) as ConsoleAction[]).filter((action) => decide(role, action))

/** Throws Fault 'session/none'. */
export async function operatorOf(
  context: Context<Env>,
  parts: Pick<HttpParts, 'sessions' | 'operators'>,
): Promise<Operator> {
  const token = getCookie(context, cookieName)
  const account = token === undefined ? null : await parts.sessions.find(token)
  const operator = account === null ? null : await parts.operators.find(account)
  if (!operator) throw new Fault('session/none')
  return operator
}

/** Throws Fault 'session/none' and 'session/denied'. */
export const allow =
  (action: ConsoleAction, parts: HttpParts): MiddlewareHandler<Env> =>
  async (context, next) => {
    const operator = await operatorOf(context, parts)
    if (!decide(operator.role, action)) throw new Fault('session/denied', { action })
    context.set('operator', operator)
    await next()
  }
