/** Console sessions: an opaque random value in a cookie, its hash in the store. Ends after 12 hours, or after 30 minutes of silence. */
import { toBase64Url, toHex, utf8 } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock } from '#protocols/clock.ts'
import type { Database } from '../store/database.ts'

const sessionMs = 12 * 3600 * 1000
const idleMs = 30 * 60 * 1000
/** One write a minute is enough to know that somebody is there. */
const seenStepMs = 60 * 1000

export interface Sessions {
  /** Returns the cookie's value. */
  open(account: string): Promise<string>
  /** The account, or null. asks: false for what a page does by itself, which must not keep a session alive. */
  find(token: string, asks?: boolean): Promise<string | null>
  end(token: string): Promise<void>
}

export function createSessions(database: Database, clock: Clock, random: Random): Sessions {
  const hashed = (token: string): string => toHex(hash('ticket', utf8(token)))
  return {
    async open(account) {
      const token = toBase64Url(random.bytes(16))
      const nowMs = clock.nowMs()
      await database.query('delete from session where created_ms < $1 or seen_ms < $2', [
        nowMs - sessionMs,
        nowMs - idleMs,
      ])
      await database.query('insert into session (token, account, created_ms, seen_ms) values ($1, $2, $3, $3)', [
        hashed(token),
        account,
        nowMs,
      ])
      return token
    },
    async find(token, asks = true) {
      const nowMs = clock.nowMs()
      const [row] = await database.query<{ account: string; seen_ms: number }>(
        'select account, seen_ms from session where token = $1 and created_ms >= $2 and seen_ms >= $3',
        [hashed(token), nowMs - sessionMs, nowMs - idleMs],
      )
      if (!row) return null
      if (asks && nowMs - row.seen_ms > seenStepMs)
        await database.query('update session set seen_ms = $2 where token = $1', [hashed(token), nowMs])
      return row.account
    },
    async end(token) {
      await database.query('delete from session where token = $1', [hashed(token)])
    },
  }
}
