/** The gateway mints visit numbers from its own block, inside the transaction of the visit. */
import { fromUtf8, utf8 } from '#crypto/bytes.ts'
import { dateTextOf } from '#protocols/clock.ts'
import type { Refusal } from '#protocols/errors.ts'
import { mintNumber, type NumberState } from '#protocols/numbers.ts'
import type { ActReads } from '../commit.ts'

const metaKey = 'numbers.visit'
/** The gateway's standing block; devices that mint for themselves are granted others above it. */
const firstState: NumberState = { kind: 'visit', blocks: [{ from: 1, to: 4999 }], lastDate: '', lastSerial: 0 }

export function mintVisitNumber(reads: ActReads, unitCode: string): string | Refusal {
  const saved = reads.meta(metaKey)
  const state = saved ? (JSON.parse(fromUtf8(saved)) as NumberState) : firstState
  const minted = mintNumber(state, { unitCode, kind: 'visit', dateText: dateTextOf(reads.nowMs()) })
  if (!minted.ok) return minted
  reads.setMeta(metaKey, utf8(JSON.stringify(minted.state)))
  return minted.number
}
