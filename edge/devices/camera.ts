/** Fetches one picture from a camera: plain HTTP snapshot with digest authentication. The picture passes through memory only; it must never be
 *  written anywhere here, nor an address or a password into a log. Nothing the camera says is believed: size, type and first bytes are checked. */
import { toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import { pictureTypeOf, pictureTypes, type Snapshot } from '#protocols/device/camera.ts'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'
import { authorizationOf, chooseChallenge, type DigestChallenge } from './digest.ts'

export interface CameraOptions {
  /** http:// or https://, without user or password in it. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** From the first byte sent to the last received. */
  readonly timeoutMs?: number
  readonly bytesMax?: number
}

export interface Camera {
  /** Throws Fault: camera/unreachable, camera/timeout, camera/denied, camera/not-a-picture, wire/too-large. */
  snapshot(): Promise<Snapshot>
}

export function createCamera(options: CameraOptions): Camera {
  const { clock, timers, random, timeoutMs = 5000, bytesMax = limits.snapshotBytesMax } = options
  const url = new URL(options.url)
  if (!['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw new Fault('camera/unreachable', { reason: 'address' })
  const uri = url.pathname + url.search
  /** The last challenge is used again with a rising count, which saves a request for each picture. */
  let challenge: DigestChallenge | null = null
  let nonceCount = 0

  const request = (signal: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = { accept: pictureTypes.join(', ') }
    if (challenge) {
      const { algorithm, realm, nonce } = challenge
      const { username, password } = options
      nonceCount += 1
      const cnonce = toHex(random.bytes(16))
      const input = { algorithm, realm, nonce, nonceCount, cnonce, username, password, method: 'GET', uri }
      headers['authorization'] = authorizationOf(challenge, input)
    }
    return fetch(url, { headers, signal, redirect: 'manual' })
  }

  /** One request, and a second one when the camera asks who we are or calls the old nonce stale. */
  const authorized = async (signal: AbortSignal): Promise<Response> => {
    const first = await request(signal)
    if (first.status !== 401) return first
    const asked = chooseChallenge(first.headers.get('www-authenticate') ?? '')
    await first.body?.cancel()
    const wasAnswered = challenge !== null && !asked?.isStale && challenge.nonce === asked?.nonce
    challenge = asked
    nonceCount = 0
    if (!asked || wasAnswered) throw new Fault('camera/denied', { reason: asked ? 'password' : 'no-digest' })
    const second = await request(signal)
    if (second.status !== 401) return second
    await second.body?.cancel()
    challenge = null
    throw new Fault('camera/denied', { reason: 'password' })
  }

  return {
    async snapshot() {
      const abort = new AbortController()
      const cancel = timers.after(timeoutMs, () => abort.abort())
      try {
        const response = await authorized(abort.signal)
        const bytes = await readPicture(response, bytesMax)
        return { ...bytes, takenAtMs: clock.nowMs() }
      } catch (error) {
        if (error instanceof Fault) throw error
        throw new Fault(abort.signal.aborted ? 'camera/timeout' : 'camera/unreachable', {}, { cause: error })
      } finally {
        cancel()
        abort.abort()
      }
    },
  }
}

async function readPicture(response: Response, bytesMax: number): Promise<Omit<Snapshot, 'takenAtMs'>> {
  if (response.status !== 200) throw new Fault('camera/unreachable', { status: response.status })
  const claimed = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const type = pictureTypes.find((known) => known === claimed)
  if (!type) throw new Fault('camera/not-a-picture', { reason: 'content-type' })
  if (Number(response.headers.get('content-length') ?? 0) > bytesMax) throw new Fault('wire/too-large', { bytesMax })
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of response.body ?? []) {
    sizeBytes += part.length
    if (sizeBytes > bytesMax) throw new Fault('wire/too-large', { bytesMax })
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  if (pictureTypeOf(bytes) !== type) throw new Fault('camera/not-a-picture', { reason: 'content' })
  return { type, bytes }
}
