import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { createHub, type Fetch, queryText } from '../../../../client/hub-console/logic/hub.ts'

const answering = (body: unknown, status = 200): { ask: Fetch; asked: [string, RequestInit][] } => {
  const asked: [string, RequestInit][] = []
  return {
    asked,
    ask: async (path, init) => {
      asked.push([path, init])
      return status === 204
        ? new Response(null, { status })
        : new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
    },
  }
}
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => thrown as Fault,
  )

describe('asking the hub', () => {
  it('what is not given is not asked for; an empty reason is a value', () => {
    expect(queryText({})).toBe('')
    expect(queryText({ station: null, from: undefined, limit: 3 })).toBe('?limit=3')
    expect(queryText({ reason: '', state: 'presence:checkedIn' })).toBe('?reason=&state=presence%3AcheckedIn')
  })

  it('each call names its route, sends no cookie elsewhere and keeps nothing', async () => {
    const { ask, asked } = answering({ stations: [], rows: [], people: [], visits: [], cursor: null })
    const hub = createHub(ask)
    await hub.stations()
    await hub.visits({ station: 'a', limit: 60, cursor: null })
    await hub.figures({ from: '2026-11-20', to: '2026-11-21' })
    await hub.quarantine(null, 5)
    await hub.visit('a', 'b')
    await hub.demoPeople()
    expect(asked.map(([path]) => path)).toEqual([
      '/api/stations',
      '/api/visits?station=a&limit=60',
      '/api/figures/visits?from=2026-11-20&to=2026-11-21',
      '/api/quarantine?limit=5',
      '/api/visits/a/b',
      '/api/demo/people',
    ])
    for (const [, init] of asked)
      expect(init).toMatchObject({ method: 'GET', credentials: 'same-origin', cache: 'no-store' })
  })

  it('signing in sends a body, signing out asks for no answer', async () => {
    const { ask, asked } = answering({ account: 'leader' })
    await createHub(ask).signIn({ account: 'leader', pin: '123456' })
    expect(asked[0]).toMatchObject(['/api/session', { method: 'POST', body: '{"account":"leader","pin":"123456"}' }])
    await expect(createHub(answering(null, 204).ask).signOut()).resolves.toBeUndefined()
  })

  it("a refusal comes out with the hub's code and detail", async () => {
    const fault = await faultOf(
      createHub(answering({ code: 'logon/locked', detail: { waitSeconds: 9 } }, 423).ask).session(),
    )
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code: 'logon/locked', detail: { waitSeconds: 9 } })
  })

  it.each<[string, unknown]>([
    ['an answer of something before it', '<html>'],
    ['a code that nobody knows', { code: 'x/y' }],
    ['no object', 7],
  ])('%s means that the hub is out of reach', async (_what, body) => {
    expect(await faultOf(createHub(answering(body, 502).ask).hello())).toMatchObject({
      code: 'hub/unreachable',
      detail: { status: 502 },
    })
  })

  it('no answer at all means the same', async () => {
    const hub = createHub(() => Promise.reject(new TypeError('no network')))
    expect(await faultOf(hub.hello())).toMatchObject({ code: 'hub/unreachable' })
  })
})
