/** HTTP and WebSocket on one port, over TLS 1.3 wherever it is not loopback. The application stays Request to Response; sockets join `live` with
 *  a one-use ticket. A request under another host name than ours gets no further than here. */
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { serve, upgradeWebSocket } from '@hono/node-server'
import type { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { errorCodes } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { type Face, keysOfActor } from '#protocols/sync/scope.ts'
import type { Env, HttpParts } from './http/parts.ts'
import type { LiveSocket } from './live.ts'
import { listenFault } from './shell/process.ts'
import { isOwnHost } from './tls/host-name.ts'
import type { ServedTls } from './tls/served.ts'

export function liveRoute(app: Hono<Env>, parts: HttpParts): void {
  app.get(
    '/api/live',
    upgradeWebSocket((context) => {
      const origin = context.req.header('origin')
      const host = context.req.header('host')
      const isOurs = origin === undefined || origin === `http://${host}` || origin === `https://${host}`
      const session = isOurs ? parts.sessions.takeLiveTicket(context.req.query('ticket') ?? '') : null
      let socket: LiveSocket | null = null
      return {
        onOpen(_event, ws) {
          if (!session) return ws.close(1008, 'session/none')
          const raw = ws.raw as { bufferedAmount: number } | undefined
          socket = {
            send: (text) => ws.send(text),
            close: (code, reason) => ws.close(code, reason),
            backlogBytes: () => raw?.bufferedAmount ?? 0,
          }
          const joined = parts.live.join(socket, {
            device: session.device,
            account: session.account,
            keys: () => {
              const actor = session.account === null ? null : parts.identity.actorOf(session.account, session.device)
              return actor ? keysOfActor(session.face as Face, actor) : []
            },
          })
          if (!joined) ws.close(1013, 'request/too-many')
        },
        // A live socket only listens: whatever it says ends it.
        onMessage: (_event, ws) => ws.close(1008, 'request/invalid'),
        onClose: () => {
          if (socket) parts.live.leave(socket)
        },
      }
    }),
  )
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Null: plain HTTP, which only loopback may have. */
  readonly tls: ServedTls | null
}

export interface Listening {
  readonly port: number
  /** A renewed certificate: connections from now on get it. */
  useCertificate(cert: string, key: string): void
  close(): Promise<void>
}

const handshakeMs = 10_000

/** Throws Fault 'process/port-in-use' or 'process/cannot-listen'. */
export function listen(app: { fetch: Hono<Env>['fetch'] }, { host, port, tls }: ListenOptions): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.liveFrameBytesMax })
    const own = (request: Request): boolean =>
      isOwnHost(
        request.headers.get('host') ?? '',
        tls?.name ?? null,
        (server.address() as AddressInfo | null)?.port ?? 0,
      )
    const fetch = (request: Request, env: unknown) => (own(request) ? app.fetch(request, env as object) : misdirected())
    const encrypted = tls && {
      createServer: createTlsServer,
      serverOptions: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.3', handshakeTimeout: handshakeMs },
    }
    const server = serve(
      { fetch, hostname: host, port, websocket: { server: sockets }, ...encrypted } as Parameters<typeof serve>[0],
      () =>
        resolve({
          port: (server.address() as AddressInfo).port,
          useCertificate: (cert, key) => (server as TlsServer).setSecureContext({ cert, key, minVersion: 'TLSv1.3' }),
          close: () =>
            new Promise<void>((closed) => {
              for (const client of sockets.clients) client.terminate()
              sockets.close()
              server.close(() => closed())
              if ('closeAllConnections' in server) server.closeAllConnections()
            }),
        }),
    )
    server.on('error', (cause: unknown) => reject(listenFault(cause, port)))
  })
}

/** Whoever came by another name gets no page, no cookie and no data under it. */
function misdirected(): Response {
  const code = 'request/host-unknown'
  const headers = {
    'Content-Security-Policy': "default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
  return Response.json({ code, detail: {} }, { status: errorCodes[code].status, headers })
}
