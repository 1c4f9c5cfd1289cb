/** A camera that serves a drawn picture over HTTP behind digest authentication (RFC 7616), so that the gateway's driver meets a real server. Who stands
 *  before it is set by hand; the time is drawn into every picture and two frames take turns, so no two look the same. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock } from '#protocols/clock.ts'
import { type DigestAlgorithm, digestResponse, parseAuthHeader } from '../../devices/digest.ts'
import { encodePng } from './canvas.ts'
import { drawFace, drawTime } from './face.ts'

export interface CameraSimulatorOptions {
  readonly port?: number
  readonly username: string
  readonly password: string
  readonly algorithm?: DigestAlgorithm
  readonly clock: Clock
  readonly random: Random
  /** A nonce is good for so many pictures, then it is called stale. */
  readonly nonceUsesMax?: number
}

export interface CameraSimulator {
  readonly url: string
  readonly port: number
  /** faceOf of a document; null: nobody. */
  stand(face: string | null): void
  /** Pictures served so far. */
  served(): number
  close(): Promise<void>
}

const realm = 'camera'
const path = '/snapshot'
const noncesMax = 100

export async function createCameraSimulator(options: CameraSimulatorOptions): Promise<CameraSimulator> {
  const { username, password, algorithm = 'SHA-256', clock, random, nonceUsesMax = 50 } = options
  /** The highest count seen with each nonce: one that does not rise is a repeated request. */
  const countByNonce = new Map<string, number>()
  let face: string | null = null
  let frames = 0

  const challenge = (response: ServerResponse, isStale: boolean) => {
    const nonce = toHex(random.bytes(16))
    countByNonce.set(nonce, 0)
    for (const old of [...countByNonce.keys()].slice(0, Math.max(0, countByNonce.size - noncesMax)))
      countByNonce.delete(old)
    const stale = isStale ? ', stale=true' : ''
    const value = `Digest realm="${realm}", qop="auth", algorithm=${algorithm}, nonce="${nonce}"${stale}`
    response.writeHead(401, { 'www-authenticate': value, 'content-length': 0 }).end()
  }

  const judge = (request: IncomingMessage): 'right' | 'wrong' | 'stale' => {
    const [header] = parseAuthHeader(request.headers.authorization ?? '')
    if (header?.scheme.toLowerCase() !== 'digest') return 'wrong'
    const given = Object.fromEntries(header.parameters)
    const { nonce = '', cnonce = '', uri = '', response, username: name, qop, nc = '' } = given
    if (name !== username || qop !== 'auth' || uri !== request.url || !/^[0-9a-f]{8}$/.test(nc)) return 'wrong'
    const nonceCount = Number.parseInt(nc, 16)
    const input = { algorithm, username, password, realm, nonce, nonceCount, cnonce, method: request.method ?? '', uri }
    if (response !== digestResponse(input)) return 'wrong'
    const lastCount = countByNonce.get(nonce)
    if (lastCount === undefined || nonceCount <= lastCount || nonceCount > nonceUsesMax) return 'stale'
    countByNonce.set(nonce, nonceCount)
    return 'right'
  }

  const picture = (): Buffer => {
    frames += 1
    const shift = frames % 2 === 0 ? { x: 3, y: -2 } : { x: -2, y: 1 }
    const timeText = new Date(clock.nowMs()).toISOString().slice(0, 19).replace('T', ' ')
    return encodePng(drawTime(drawFace(face, shift), timeText))
  }

  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== path) return response.writeHead(404).end()
    const verdict = judge(request)
    if (verdict !== 'right') return challenge(response, verdict === 'stale')
    const bytes = picture()
    response.writeHead(200, {
      'content-type': 'image/png',
      'content-length': bytes.length,
      'cache-control': 'no-store',
    })
    return response.end(bytes)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: `http://127.0.0.1:${port}${path}`,
    stand(next) {
      face = next
    },
    served: () => frames,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}
