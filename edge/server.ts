/** HTTP and WebSocket on one port. The application stays Request to Response; sockets join `live` with a one-use ticket. */
import type { AddressInfo } from 'node:net'
import { serve, upgradeWebSocket } from '@hono/node-server'
import type { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { limits } from '#protocols/limits.ts'
import { type Face, keysOfActor } from '#protocols/sync/scope.ts'
import type { Env, HttpParts } from './http/parts.ts'
import type { LiveSocket } from './live.ts'
import { listenFault } from './shell/process.ts'

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

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Throws Fault 'process/port-in-use' or 'process/cannot-listen'. */
export function listen(app: { fetch: Hono<Env>['fetch'] }, host: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.liveFrameBytesMax })
    const server = serve({ fetch: app.fetch, hostname: host, port, websocket: { server: sockets } } as Parameters<typeof serve>[0], () =>
      resolve({
        port: (server.address() as AddressInfo).port,
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
