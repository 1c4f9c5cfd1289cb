/** Requests to the gateway, for one face. Every failure is a Fault: the gateway's own code, or 'gateway/unavailable' when no answer came. It never
 *  retries: whoever asks decides that. */
import type { Timers } from '#protocols/clock.ts'
import { type ErrorCode, errorCodes, Fault } from '#protocols/errors.ts'
import type { DeviceFace, ErrorAnswer } from '#protocols/http/session.ts'

export interface Http {
  json<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>
  /** Bytes up, bytes down. */
  bytes(method: 'GET' | 'POST' | 'PUT', path: string, body?: Uint8Array): Promise<Uint8Array>
}

export interface HttpOptions {
  readonly face: DeviceFace
  /** The platform's, or a gateway's own in tests. */
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>
  readonly timers: Timers
  /** After each request: whether the gateway answered, whatever it said. */
  readonly onContact?: (isThere: boolean) => void
}

const jsonTimeoutMs = 20_000
const bytesTimeoutMs = 120_000

export function createHttp({ face, fetch, timers, onContact = () => {} }: HttpOptions): Http {
  async function ask<T>(
    path: string,
    init: RequestInit,
    timeoutMs: number,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController()
    const cancel = timers.after(timeoutMs, () => abort.abort())
    const headers = { ...(init.headers as Record<string, string>), 'x-outpost-face': face }
    try {
      const response = await fetch(path, { ...init, headers, credentials: 'same-origin', signal: abort.signal })
      if (!response.ok) throw await faultOf(response)
      const answer = await read(response)
      onContact(true)
      return answer
    } catch (cause) {
      if (cause instanceof Fault) {
        onContact(cause.code !== 'gateway/unavailable')
        throw cause
      }
      onContact(false)
      throw new Fault('gateway/unavailable', {}, { cause })
    } finally {
      cancel()
    }
  }

  return {
    json: (method, path, body) =>
      ask(
        path,
        body === undefined
          ? { method }
          : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
        jsonTimeoutMs,
        (response) => response.json(),
      ),
    bytes: (method, path, body) =>
      ask(
        path,
        body === undefined
          ? { method }
          : { method, body: new Uint8Array(body), headers: { 'content-type': 'application/octet-stream' } },
        bytesTimeoutMs,
        async (response) => new Uint8Array(await response.arrayBuffer()),
      ),
  }
}

/** An answer that is no error of ours comes from something between us and the gateway. */
async function faultOf(response: Response): Promise<Fault> {
  const answer = (await response.json().catch(() => null)) as ErrorAnswer | null
  const code = answer?.code ?? ''
  if (answer && Object.hasOwn(errorCodes, code)) return new Fault(code as ErrorCode, answer.detail ?? {})
  return new Fault('gateway/unavailable', { status: response.status })
}
