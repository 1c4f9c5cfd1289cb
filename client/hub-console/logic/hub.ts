/** What the console asks of the hub, as typed calls. Every refusal comes out as a Fault with the hub's code; a hub that cannot be reached is one
 *  too. It holds nothing: whoever asks keeps the answer. */
import { type ErrorCode, type ErrorDetail, errorCodes, Fault } from '#protocols/errors.ts'
import type {
  ConsoleDemoPerson,
  ConsoleSession,
  ConsoleSignIn,
  HubHello,
  QuarantineRow,
  StationRow,
  VisitDetail,
  VisitFigure,
  VisitPage,
} from '#protocols/http/console.ts'

export interface VisitsQuery {
  readonly station?: string | null
  /** 'YYYY-MM-DD', ends included. */
  readonly from?: string | null
  readonly to?: string | null
  /** '' for visits whose reason is not known. */
  readonly reason?: string | null
  /** 'presence:checkedIn' */
  readonly state?: string | null
  readonly limit?: number
  readonly cursor?: string | null
}
export type FiguresQuery = Pick<VisitsQuery, 'station' | 'from' | 'to'>

export interface Hub {
  hello(): Promise<HubHello>
  session(): Promise<ConsoleSession>
  signIn(who: ConsoleSignIn): Promise<ConsoleSession>
  signOut(): Promise<void>
  demoPeople(): Promise<readonly ConsoleDemoPerson[]>
  stations(): Promise<readonly StationRow[]>
  visits(query: VisitsQuery): Promise<VisitPage>
  visit(station: string, id: string): Promise<VisitDetail>
  figures(query: FiguresQuery): Promise<readonly VisitFigure[]>
  quarantine(station: string | null, limit: number): Promise<readonly QuarantineRow[]>
}

/** Only what was given; null and undefined are left out, '' is a value. */
export function queryText(query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>

export function createHub(ask: Fetch): Hub {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store' }
    if (body !== undefined)
      Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const response = await ask(path, init).catch((cause: unknown) => {
      throw new Fault('hub/unreachable', {}, { cause })
    })
    if (response.status === 204) return undefined as Answer
    const said: unknown = await response.json().catch(() => null)
    if (!response.ok) throw faultOf(said, response.status)
    return said as Answer
  }
  return {
    hello: () => call('GET', '/api/hello'),
    session: () => call('GET', '/api/session'),
    signIn: (who) => call('POST', '/api/session', who),
    signOut: () => call('DELETE', '/api/session'),
    demoPeople: async () => (await call<{ people: readonly ConsoleDemoPerson[] }>('GET', '/api/demo/people')).people,
    stations: async () => (await call<{ stations: readonly StationRow[] }>('GET', '/api/stations')).stations,
    visits: (query) => call('GET', `/api/visits${queryText({ ...query })}`),
    visit: (station, id) => call('GET', `/api/visits/${station}/${id}`),
    figures: async (query) =>
      (await call<{ rows: readonly VisitFigure[] }>('GET', `/api/figures/visits${queryText({ ...query })}`)).rows,
    quarantine: async (station, limit) =>
      (await call<{ rows: readonly QuarantineRow[] }>('GET', `/api/quarantine${queryText({ station, limit })}`)).rows,
  }
}

/** An answer without a code of ours comes from something before the hub: it is out of reach. */
function faultOf(said: unknown, status: number): Fault {
  const { code, detail } = (typeof said === 'object' && said !== null ? said : {}) as {
    code?: unknown
    detail?: unknown
  }
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code)) return new Fault('hub/unreachable', { status })
  return new Fault(code as ErrorCode, (typeof detail === 'object' && detail !== null ? detail : {}) as ErrorDetail)
}
