/** Sessions, nonces, tickets: opaque random values whose hashes stand in the store. A session ends with its account, its device, after 12 hours
 *  or 30 minutes of silence. */
import { fromBase64Url, fromHex, toBase64Url, toHex, utf8 } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock } from '#protocols/clock.ts'
import type { Store } from '../store/store.ts'

const sessionMs = 12 * 3600 * 1000
const idleMs = 30 * 60 * 1000
const nonceMs = 2 * 60 * 1000
const ticketMs = 10 * 60 * 1000
const liveTicketMs = 30 * 1000
const noncesMax = 1000

export interface Session {
  readonly face: string
  readonly device: string
  readonly account: string | null
}

export function createSessions(store: Store, clock: Clock, random: Random) {
  const { database } = store
  const put = database.prepare('insert into session (token, face, device, account, grant_hash, created_ms, seen_ms) values (?, ?, ?, ?, ?, ?, ?)')
  const get = database.prepare('select face, device, account, created_ms, seen_ms from session where token = ?')
  const seen = database.prepare('update session set seen_ms = ? where token = ?')
  const end = database.prepare('delete from session where token = ?')
  const sweep = database.prepare('delete from session where created_ms < ? or seen_ms < ?')
  const putTicket = database.prepare('insert into ticket (hash, face, unit, until_ms) values (?, ?, ?, ?)')
  const useTicket = database.prepare('update ticket set used = 1 where hash = ? and face = ? and used = 0 and until_ms >= ? returning unit').pluck()
  const nonces = new Map<string, number>()
  const liveTickets = new Map<string, { session: Session; untilMs: number }>()
  const hashed = (value: string) => hash('ticket', utf8(value))

  return {
    /** Returns the cookie's value. */
    open(session: Session, grant: Uint8Array | null): string {
      const token = toBase64Url(random.bytes(16))
      const now = clock.nowMs()
      sweep.run(now - sessionMs, now - idleMs)
      put.run(hashed(token), session.face, session.device, session.account, grant, now, now)
      return token
    },
    find(token: string, face: string): Session | null {
      const row = get.get(hashed(token)) as (Session & { created_ms: number; seen_ms: number }) | undefined
      const now = clock.nowMs()
      if (!row || row.face !== face) return null
      if (now - row.created_ms > sessionMs || now - row.seen_ms > idleMs) {
        end.run(hashed(token))
        return null
      }
      // One write a minute is enough to know that somebody is there.
      if (now - row.seen_ms > 60_000) seen.run(now, hashed(token))
      return { face: row.face, device: row.device, account: row.account }
    },
    end: (token: string) => {
      end.run(hashed(token))
    },
    nonce(): string {
      const now = clock.nowMs()
      for (const [value, untilMs] of nonces) if (untilMs < now || nonces.size > noncesMax) nonces.delete(value)
      const nonce = toHex(random.bytes(32))
      nonces.set(nonce, now + nonceMs)
      return nonce
    },
    /** True once for each nonce in its time. Returns its bytes through fromHex at the caller's. */
    takeNonce(nonce: string): Uint8Array | null {
      const untilMs = nonces.get(nonce)
      nonces.delete(nonce)
      return untilMs !== undefined && untilMs >= clock.nowMs() ? fromHex(nonce) : null
    },
    /** One use, ten minutes, for one face and unit. */
    mintTicket(face: string, unit: string): { ticket: string; untilMs: number } {
      const ticket = toBase64Url(random.bytes(16))
      const untilMs = clock.nowMs() + ticketMs
      putTicket.run(hashed(ticket), face, unit, untilMs)
      return { ticket, untilMs }
    },
    /** The unit it was made for, or null: unknown, used, late or for another face. Inside a transaction. */
    useTicket: (ticket: string, face: string): string | null =>
      (useTicket.get(hashed(ticket), face, clock.nowMs()) as string | undefined) ?? null,
    ticketBytes: (ticket: string): Uint8Array => fromBase64Url(ticket),
    mintLiveTicket(session: Session): string {
      const ticket = toBase64Url(random.bytes(16))
      liveTickets.set(ticket, { session, untilMs: clock.nowMs() + liveTicketMs })
      return ticket
    },
    takeLiveTicket(ticket: string): Session | null {
      const found = liveTickets.get(ticket)
      liveTickets.delete(ticket)
      return found && found.untilMs >= clock.nowMs() ? found.session : null
    },
  }
}
export type Sessions = ReturnType<typeof createSessions>
