/** People who sign in at the console: account, PIN, role. Tries are counted in the store before the PIN is looked at, so that no crash or second
 *  process gives one more. Five wrong ones lock for a quarter of an hour. */
import { fromHex, toHex } from '#crypto/bytes.ts'
import { hashPinAsync, isBannedPin, issuePin, type PinCost, type StoredPin, verifyPinAsync } from '#crypto/pin.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import { type ConsoleRole, consoleRoles } from '#protocols/http/console.ts'
import type { Database } from './store/database.ts'

export interface Operator {
  readonly account: string
  readonly name: string
  readonly role: ConsoleRole
}

const triesMax = 5
const lockMs = 15 * 60 * 1000
const pinCharsMin = 8

export interface OperatorParts {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly cost: PinCost
}

export function createOperators({ database, clock, random, cost }: OperatorParts) {
  /** Compared with when there is no such account, so that both answers take as long. */
  let decoy: Promise<StoredPin> | null = null
  const decoyPin = () => (decoy ??= hashPinAsync(toHex(random.bytes(8)), cost, random))

  return {
    async count(): Promise<number> {
      const [row] = await database.query<{ n: number }>('select count(*) as n from operator')
      return row?.n ?? 0
    },
    /** Answers with the PIN: six digits drawn when none is given, shown once and kept nowhere. Throws Fault 'request/invalid'. */
    async add(operator: Operator, chosen?: string): Promise<string> {
      const pin = chosen ?? issuePin(random)
      if (!/^[a-z0-9][a-z0-9.-]{1,39}$/.test(operator.account)) throw new Fault('request/invalid', { field: 'account' })
      if (!consoleRoles.includes(operator.role)) throw new Fault('request/invalid', { field: 'role' })
      if (chosen !== undefined && (chosen.length < pinCharsMin || isBannedPin(chosen)))
        throw new Fault('request/invalid', { field: 'pin' })
      const stored = await hashPinAsync(pin, cost, random)
      const rows = await database.query(
        'insert into operator (account, name, role, pin) values ($1, $2, $3, $4) on conflict do nothing returning account',
        [operator.account, operator.name, operator.role, JSON.stringify(pinToJson(stored))],
      )
      if (rows.length === 0) throw new Fault('request/invalid', { field: 'account', reason: 'taken' })
      return pin
    },
    /** Throws Fault 'logon/locked' { waitSeconds } and 'logon/failed', the same for a wrong PIN and an unknown account. */
    async signIn(account: string, pin: string): Promise<Operator> {
      const nowMs = clock.nowMs()
      const [row] = await database.query<{ name: string; role: ConsoleRole; pin: PinJson; tries: number }>(
        `update operator set tries = case when locked_until_ms > 0 and locked_until_ms <= $2 then 1 else tries + 1 end,
           locked_until_ms = case
             when locked_until_ms > 0 and locked_until_ms <= $2 then 0
             when tries + 1 >= $3 then $2 + $4
             else 0 end
         where account = $1 and not is_disabled and locked_until_ms <= $2 returning name, role, pin, tries`,
        [account, nowMs, triesMax, lockMs],
      )
      if (!row) await refuseLocked(account, nowMs)
      const isRight = await verifyPinAsync(pin, row ? pinOfJson(row.pin) : await decoyPin())
      if (!row || !isRight) throw new Fault('logon/failed', {})
      await database.query('update operator set tries = 0, locked_until_ms = 0, signed_in_ms = $2 where account = $1', [
        account,
        nowMs,
      ])
      return { account, name: row.name, role: row.role }
    },
    async find(account: string): Promise<Operator | null> {
      const [row] = await database.query<Operator>(
        'select account, name, role from operator where account = $1 and not is_disabled',
        [account],
      )
      return row ?? null
    },
  }

  async function refuseLocked(account: string, nowMs: number): Promise<void> {
    const [row] = await database.query<{ locked_until_ms: number }>(
      'select locked_until_ms from operator where account = $1 and locked_until_ms > $2',
      [account, nowMs],
    )
    if (row) throw new Fault('logon/locked', { waitSeconds: Math.ceil((row.locked_until_ms - nowMs) / 1000) })
  }
}
export type Operators = ReturnType<typeof createOperators>

interface PinJson {
  readonly ops: number
  readonly memBytes: number
  readonly salt: string
  readonly hash: string
}
const pinToJson = (pin: StoredPin): PinJson => ({
  ops: pin.ops,
  memBytes: pin.memBytes,
  salt: toHex(pin.salt),
  hash: toHex(pin.hash),
})
const pinOfJson = (pin: PinJson): StoredPin => ({
  ops: pin.ops,
  memBytes: pin.memBytes,
  salt: fromHex(pin.salt),
  hash: fromHex(pin.hash),
})
