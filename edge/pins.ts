/** Check values of PINs: Argon2id, counted tries, a pause after five wrong ones. The same refusal for an unknown number and a wrong PIN. */
import { pinCosts, type StoredPin, verifyPinAsync } from '#crypto/pin.ts'
import { fromHex, toHex } from '#crypto/bytes.ts'
import type { Clock } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { Store } from './store/store.ts'

const triesMax = 5
const pauseMs = 15 * 60 * 1000

/** As it stands in the store. */
export const pinToText = (pin: StoredPin): string =>
  JSON.stringify({ ops: pin.ops, memBytes: pin.memBytes, salt: toHex(pin.salt), hash: toHex(pin.hash) })

export function pinFromText(text: string): StoredPin {
  const value = JSON.parse(text) as { ops: number; memBytes: number; salt: string; hash: string }
  return { ops: value.ops, memBytes: value.memBytes, salt: fromHex(value.salt), hash: fromHex(value.hash) }
}

/** Compared with when the number is unknown, so that both answers take the same time. */
const nobody: StoredPin = { ...pinCosts.handheld, salt: new Uint8Array(16), hash: new Uint8Array(32) }

export function createPins(store: Store, clock: Clock) {
  const { database } = store
  const byNumber = database.prepare("select id from p_account where f_policeNumber = ? and t_account = 'active'").pluck()
  const get = database.prepare('select value, tries, locked_until_ms from pin where account = ?')
  const count = database.prepare('update pin set tries = tries + 1 where account = ?')
  const clear = database.prepare('update pin set tries = 0, locked_until_ms = 0 where account = ?')
  const pause = database.prepare('update pin set tries = 0, locked_until_ms = ? where account = ?')
  return {
    /** Account id. Throws Fault 'logon/failed' { left } or 'logon/locked' { waitSeconds }. */
    async check(policeNumber: string, pin: string): Promise<string> {
      const account = byNumber.get(policeNumber) as string | undefined
      const row = account === undefined ? undefined : (get.get(account) as { value: string; tries: number; locked_until_ms: number } | undefined)
      if (account === undefined || !row) {
        await verifyPinAsync(pin, nobody)
        throw new Fault('logon/failed', {})
      }
      const waitMs = row.locked_until_ms - clock.nowMs()
      if (waitMs > 0) throw new Fault('logon/locked', { waitSeconds: Math.ceil(waitMs / 1000) })
      // Counted before the test: a process killed in between has used the try.
      count.run(account)
      if (!(await verifyPinAsync(pin, pinFromText(row.value)))) {
        if (row.tries + 1 >= triesMax) pause.run(clock.nowMs() + pauseMs, account)
        throw new Fault('logon/failed', { left: Math.max(0, triesMax - row.tries - 1) })
      }
      clear.run(account)
      return account
    },
  }
}
