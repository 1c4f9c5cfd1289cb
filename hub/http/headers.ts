/** Security headers, in their final form from the first page on. Only the console's page may have run-time styles: its component library needs
 *  them; nothing else of the hub has any. */
import type { MiddlewareHandler } from 'hono'
import type { Env } from './parts.ts'

const policy = (style: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src ${style}`,
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')

const strictPolicy = policy("'self'")
const consolePolicy = policy("'self' 'unsafe-inline'")

export const headers = (): MiddlewareHandler<Env> => async (context, next) => {
  await next()
  const { path } = context.req
  const { headers: out } = context.res
  out.set('Content-Security-Policy', path === '/console' || path.startsWith('/console/') ? consolePolicy : strictPolicy)
  out.set('Cross-Origin-Opener-Policy', 'same-origin')
  out.set('Cross-Origin-Embedder-Policy', 'require-corp')
  out.set('Cross-Origin-Resource-Policy', 'same-origin')
  out.set('X-Content-Type-Options', 'nosniff')
  out.set('X-Frame-Options', 'DENY')
  out.set('Referrer-Policy', 'no-referrer')
  out.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  out.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  if (path.startsWith('/api/')) out.set('Cache-Control', 'no-store')
}
