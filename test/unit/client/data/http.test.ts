import { beforeEach, describe, expect, it } from 'vitest'
import { createHttp, type Http } from '../../../../client/shared/data/http.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'

let clock: FakeClock
let contacts: boolean[]
let seen: { path: string; init: RequestInit }[]
let respond: (signal: AbortSignal) => Promise<Response>
let http: Http

beforeEach(() => {
  clock = createFakeClock()
  contacts = []
  seen = []
  respond = async () => Response.json({ fine: true })
  http = createHttp({
    face: 'desk',
    fetch: (path, init) => {
      seen.push({ path, init })
      return respond(init.signal as AbortSignal)
    },
    timers: clock,
    onContact: (isThere) => contacts.push(isThere),
  })
})

describe('a request', () => {
  it('names its face and carries its cookie', async () => {
    expect(await http.json('POST', '/api/x', { a: 1 })).toEqual({ fine: true })
    const { path, init } = seen[0] as (typeof seen)[number]
    expect([path, init.method, init.body, init.credentials]).toEqual(['/api/x', 'POST', '{"a":1}', 'same-origin'])
    expect(init.headers).toMatchObject({ 'x-outpost-face': 'desk', 'content-type': 'application/json' })
    expect(contacts).toEqual([true])
    expect(clock.pending()).toBe(0)
  })

  it('that is refused throws the gateway’s own code and detail', async () => {
    respond = async () => Response.json({ code: 'logon/failed', detail: { left: 3 } }, { status: 401 })
    await expect(http.json('GET', '/api/x')).rejects.toMatchObject({ code: 'logon/failed', detail: { left: 3 } })
    expect(contacts).toEqual([true])
  })

  it('answered by something in between is no contact', async () => {
    const strange = [
      new Response('<html>', { status: 502 }),
      Response.json({ code: 'toString' }, { status: 500 }),
      Response.json(null, { status: 404 }),
    ]
    for (const response of strange) {
      respond = async () => response
      await expect(http.bytes('PUT', '/api/x', new Uint8Array(3))).rejects.toMatchObject({
        code: 'gateway/unavailable',
      })
    }
    expect(contacts).toEqual([false, false, false])
  })

  it('that finds nobody, or a body cut off, is no contact', async () => {
    respond = async () => {
      throw new TypeError('fetch failed')
    }
    await expect(http.json('GET', '/api/x')).rejects.toMatchObject({ code: 'gateway/unavailable' })
    respond = async () => new Response('{"half":')
    await expect(http.json('GET', '/api/x')).rejects.toMatchObject({ code: 'gateway/unavailable' })
    expect(contacts).toEqual([false, false])
  })

  it('that gets no answer is given up', async () => {
    respond = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    const asking = http.json('GET', '/api/x')
    asking.catch(() => {})
    await clock.advanceAsync(19_999)
    expect(contacts).toEqual([])
    await clock.advanceAsync(1)
    await expect(asking).rejects.toMatchObject({ code: 'gateway/unavailable' })
  })
})
