/** A network of one gateway and a few devices, as bad as its world wants it: each direction of each device can be cut, messages are delayed, lost,
 *  doubled and overtake one another. */
import { Fault } from '#protocols/errors.ts'
import type { Chance } from './chance.ts'
import type { Scheduler } from './scheduler.ts'

/** Of one device. */
export interface Wire {
  upCut: boolean
  downCut: boolean
}

export interface NetworkFaults {
  /** Of 100 messages, each way. */
  lossPercent: number
  doublePercent: number
  delayMsMax: number
}

const answerTimeoutMs = 15_000

export function createNetwork(scheduler: Scheduler, chance: Chance, faults: NetworkFaults) {
  const counts = { sent: 0, lost: 0, doubled: 0 }
  const arrives = (isCut: boolean): boolean => {
    counts.sent++
    const is = !isCut && !chance.percent(faults.lossPercent)
    if (!is) counts.lost++
    return is
  }
  const delayMs = (): number => chance.below(Math.max(1, faults.delayMsMax))

  return {
    counts,
    /** handle runs at the gateway, once for each arrival of the request. Rejects with 'gateway/unavailable' when no answer came in time. */
    request<Answer>(wire: Wire, handle: () => Promise<Answer>): Promise<Answer> {
      return new Promise((resolve, reject) => {
        const cancel = scheduler.after(answerTimeoutMs, () => reject(new Fault('gateway/unavailable', {})))
        const arrive = async (): Promise<void> => {
          const deliver = (run: () => void): void => {
            if (arrives(wire.downCut))
              scheduler.after(delayMs(), () => {
                cancel()
                run()
              })
          }
          try {
            const answer = await scheduler.during(handle())
            deliver(() => resolve(answer))
          } catch (cause) {
            deliver(() => reject(cause))
          }
        }
        if (!arrives(wire.upCut)) return
        scheduler.after(delayMs(), () => void arrive())
        if (!chance.percent(faults.doublePercent)) return
        counts.doubled++
        scheduler.after(delayMs() + chance.below(60_000), () => void arrive())
      })
    },
    /** From the gateway to a device, without an answer. */
    tell(wire: Wire, run: () => void): void {
      if (arrives(wire.downCut)) scheduler.after(delayMs(), run)
    },
  }
}
export type Network = ReturnType<typeof createNetwork>
