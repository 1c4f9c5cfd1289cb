import { execFile } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import { type CameraOptions, createCamera } from '../../../../edge/devices/camera.ts'
import { createCameraSimulator } from '../../../../edge/tools/simulators/camera.ts'
import { decodePng } from '../../../../edge/tools/simulators/canvas.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'

await ready
const clock = createFakeClock()
const random = createSeededRandom(1)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const cameraOf = (url: string, rest: Partial<CameraOptions> = {}) =>
  createCamera({ url, username: 'gate', password: 'open "sesame"', clock, timers: clock, random, ...rest })
const simulatorOf = async (rest: object = {}) => {
  const parts = { username: 'gate', password: 'open "sesame"', clock, random }
  const simulator = await createCameraSimulator({ ...parts, ...rest })
  closers.push(simulator.close)
  return simulator
}
const serve = async (listener: RequestListener): Promise<string> => {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/s`
}
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])

describe('a snapshot', () => {
  test.each(['MD5', 'SHA-256'] as const)(
    'comes from a camera behind digest authentication with %s',
    async (algorithm) => {
      const simulator = await simulatorOf({ algorithm })
      const snapshot = await cameraOf(simulator.url).snapshot()
      expect(snapshot).toMatchObject({ type: 'image/png', takenAtMs: clock.nowMs() })
      expect(decodePng(snapshot.bytes)).toMatchObject({ width: 240, height: 320 })
    },
  )

  test('one challenge serves many pictures, each with the next count; a stale one is renewed unseen', async () => {
    const simulator = await simulatorOf({ nonceUsesMax: 3 })
    const camera = cameraOf(simulator.url)
    for (let n = 0; n < 8; n++) await camera.snapshot()
    expect(simulator.served()).toBe(8)
  })

  test('two frames differ: the camera is alive', async () => {
    const simulator = await simulatorOf()
    simulator.stand('00000019881222404X')
    const camera = cameraOf(simulator.url)
    const frames = [await camera.snapshot(), await camera.snapshot()]
    expect(Buffer.compare(frames[0]?.bytes ?? png, frames[1]?.bytes ?? png)).not.toBe(0)
  })

  test('a stranger’s client, curl, is let in by our simulator with the right password and not with another', async () => {
    const { url } = await simulatorOf({ algorithm: 'MD5', password: 'plain' })
    const curl = (password: string) =>
      promisify(execFile)('curl', [
        '-s',
        '--digest',
        '-u',
        `gate:${password}`,
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        url,
      ])
    expect((await curl('plain')).stdout).toBe('200')
    expect((await curl('other')).stdout).toBe('401')
  })
})

describe('what a camera may not do', () => {
  test('a wrong password ends after two requests', async () => {
    const { url } = await simulatorOf({ password: 'another' })
    await expect(cameraOf(url).snapshot()).rejects.toMatchObject({
      code: 'camera/denied',
      detail: { reason: 'password' },
    })
  })

  test('a camera that asks for Basic gets no password', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end()
    })
    await expect(cameraOf(url).snapshot()).rejects.toMatchObject({
      code: 'camera/denied',
      detail: { reason: 'no-digest' },
    })
    expect(seen).toEqual([undefined])
  })

  test('a camera that asks for ever is asked twice', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked += 1
      response
        .writeHead(401, { 'www-authenticate': `Digest realm="r", nonce="n${asked}", qop="auth", stale=true` })
        .end()
    })
    await expect(cameraOf(url).snapshot()).rejects.toMatchObject({ code: 'camera/denied' })
    expect(asked).toBe(2)
  })

  const answers: [string, RequestListener, string][] = [
    ['another type', (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'camera/not-a-picture'],
    ['no type', (_, r) => r.writeHead(200).end(png), 'camera/not-a-picture'],
    [
      'a page called a picture',
      (_, r) => r.writeHead(200, { 'content-type': 'image/png' }).end('<html>'),
      'camera/not-a-picture',
    ],
    [
      'one type called another',
      (_, r) => r.writeHead(200, { 'content-type': 'image/jpeg' }).end(png),
      'camera/not-a-picture',
    ],
    ['another address', (_, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'camera/unreachable'],
    ['an error', (_, r) => r.writeHead(500).end(), 'camera/unreachable'],
    [
      'half an answer',
      (_, r) => {
        r.writeHead(200, { 'content-type': 'image/png', 'content-length': 100 })
        r.write(png, () => r.destroy())
      },
      'camera/unreachable',
    ],
  ]
  test.each(answers)('%s is a fault with a code', async (_title, listener, code) => {
    const url = await serve(listener)
    await expect(cameraOf(url).snapshot()).rejects.toMatchObject({ code })
  })

  test('a picture above the limit is given up while it comes, whether it says its size or not', async () => {
    const headers = { 'content-type': 'image/png' }
    const honest = await serve((_, r) =>
      r.writeHead(200, { ...headers, 'content-length': 2000 }).end(Buffer.alloc(2000)),
    )
    await expect(cameraOf(honest, { bytesMax: 1000 }).snapshot()).rejects.toMatchObject({ code: 'wire/too-large' })
    const endless = await serve((_, r) => {
      r.writeHead(200, headers)
      const more = () => {
        while (!r.destroyed && r.write(Buffer.alloc(16_384)));
      }
      r.on('drain', more)
      more()
    })
    await expect(cameraOf(endless, { bytesMax: 100_000 }).snapshot()).rejects.toMatchObject({ code: 'wire/too-large' })
  })

  test('silence ends at the timeout', async () => {
    const arrived = Promise.withResolvers<void>()
    const url = await serve(() => arrived.resolve())
    const snapshot = expect(cameraOf(url, { timeoutMs: 5000 }).snapshot()).rejects.toMatchObject({
      code: 'camera/timeout',
    })
    await arrived.promise
    clock.advance(5000)
    await snapshot
  })

  test('nobody there is unreachable, and an address with a password in it is refused', async () => {
    await expect(cameraOf('http://127.0.0.1:1/s').snapshot()).rejects.toMatchObject({ code: 'camera/unreachable' })
    expect(() => cameraOf('http://u:p@127.0.0.1/s')).toThrow('camera/unreachable')
    expect(() => cameraOf('file:///etc/passwd')).toThrow('camera/unreachable')
  })
})
