/** Security headers, in their final form from the first page on. Only the desk may have run-time styles: its component library needs them. */
import type { MiddlewareHandler } from 'hono'
import type { Env } from './parts.ts'

const policy = (style: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src ${style}`,
    "img-src 'self' blob:",
    "media-src 'self' blob:",
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

const strict = policy("'self'")
const withRuntimeStyles = policy("'self' 'unsafe-inline'")

export const headers = (): MiddlewareHandler<Env> => async (context, next) => {
  await next()
  const { path } = context.req
  const { headers } = context.res
  headers.set('Content-Security-Policy', path === '/desk' || path.startsWith('/desk/') ? withRuntimeStyles : strict)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('X-Frame-Options', 'DENY')
  headers.set('Referrer-Policy', 'no-referrer')
  headers.set('Permissions-Policy', 'camera=(self), geolocation=(self), microphone=(self)')
  headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  if (path.startsWith('/api/')) headers.set('Cache-Control', 'no-store')
}
