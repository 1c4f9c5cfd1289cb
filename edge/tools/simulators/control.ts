/** The hand that moves the simulated devices: HTTP on loopback, for the demonstration page and end-to-end tests. It has no rights in the product; it
 *  lays documents on readers and puts people before cameras, nothing else. Requests from other pages are refused: JSON only, own host only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { swipe } from '#protocols/device/reader.ts'
import type { CameraSimulator } from './camera.ts'
import type { KioskUnitSimulator } from './kiosk-unit.ts'
import { demoPeople, demoPerson, faceOf, type SimulatedDocument } from './people.ts'
import { controlPage } from './page.ts'
import type { ReaderSimulator } from './reader.ts'

export interface ControlOptions {
  readonly port?: number
  readonly readers: readonly ReaderSimulator[]
  readonly cameras: readonly CameraSimulator[]
  readonly kioskUnits: readonly KioskUnitSimulator[]
}

export interface Control {
  readonly port: number
  close(): Promise<void>
}

const swipeRequest = z.strictObject({
  /** Key of a demo person, or a document of one's own. */
  document: z.union([z.string().max(40), swipe.shape.document]),
  /** Id of the reader; the first one without it. */
  reader: z.string().max(32).optional(),
  /** Who stands before the cameras: a key, 'nobody', or without it the one the document belongs to. */
  inFront: z.string().max(40).optional(),
})
const paperRequest = z.strictObject({ kiosk: z.string().max(32).optional(), paper: z.enum(['ok', 'low', 'out']) })

type Answer = { readonly status: number; readonly body: unknown }

export async function openControl(options: ControlOptions): Promise<Control> {
  const { readers, cameras, kioskUnits } = options

  const routes: Record<string, (body: unknown) => Answer | Promise<Answer>> = {
    'GET /people': () => ({ status: 200, body: { people: demoPeople } }),
    'GET /state': () => ({
      status: 200,
      body: {
        readers: readers.map((reader) => ({ deviceId: reader.deviceId, lastResult: reader.lastResult() })),
        kioskUnits: kioskUnits.map((unit) => ({ deviceId: unit.deviceId, lastMessage: unit.lastMessage() })),
        cameras: cameras.map((camera) => ({ url: camera.url, served: camera.served() })),
      },
    }),
    async 'POST /swipe'(body) {
      const parsed = swipeRequest.safeParse(body)
      if (!parsed.success) return invalid
      const { document, reader: readerId, inFront } = parsed.data
      const laid = typeof document === 'string' ? demoPerson(document)?.document : document
      const reader = readerId === undefined ? readers[0] : readers.find(({ deviceId }) => deviceId === readerId)
      const standing = faceInFront(laid, inFront)
      if (!laid || !reader || standing === undefined) return notFound
      for (const camera of cameras) camera.stand(standing)
      return { status: 200, body: { reader: reader.deviceId, seq: await reader.swipe(laid) } }
    },
    async 'POST /paper'(body) {
      const parsed = paperRequest.safeParse(body)
      if (!parsed.success) return invalid
      const { kiosk, paper } = parsed.data
      const unit = kiosk === undefined ? kioskUnits[0] : kioskUnits.find(({ deviceId }) => deviceId === kiosk)
      if (!unit) return notFound
      await unit.setPaper(paper)
      return { status: 200, body: { kiosk: unit.deviceId, paper } }
    },
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isOwnHost(request.headers.host)) return send(response, { status: 403, body: { code: 'session/denied' } })
    if (request.method === 'GET' && request.url === '/') return sendPage(response)
    const route = routes[`${request.method} ${request.url}`]
    if (!route) return send(response, notFound)
    const body = request.method === 'POST' ? await readJson(request) : null
    return send(response, body === undefined ? invalid : await route(body))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => send(response, { status: 500, body: { code: 'internal/fault' } }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

const invalid: Answer = { status: 400, body: { code: 'request/invalid' } }
const notFound: Answer = { status: 404, body: { code: 'request/not-found' } }
const bodyBytesMax = 8 * 1024

/** undefined: nobody of that name. */
function faceInFront(laid: SimulatedDocument | undefined, inFront: string | undefined): string | null | undefined {
  if (inFront === 'nobody') return null
  const document = inFront === undefined ? laid : demoPerson(inFront)?.document
  return document && faceOf(document)
}

/** Against pages of other origins that reach loopback by a name of their own. */
const isOwnHost = (host: string | undefined) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '')

/** undefined for anything but a JSON body of moderate size that says so: a form of another page cannot say so. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') return undefined
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of request) {
    sizeBytes += (part as Buffer).length
    if (sizeBytes > bodyBytesMax) return undefined
    parts.push(part as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}

const send = (response: ServerResponse, { status, body }: Answer) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

const sendPage = (response: ServerResponse) => {
  const csp =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'"
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp })
  response.end(controlPage)
}
