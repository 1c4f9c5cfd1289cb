/** How a device is. Presence is the one retained message: its last will says "offline" when the device cannot. */
import { z } from 'zod'
import { payloadVersion, seq, timeMs, word } from './parts.ts'

/** No seq: a will is written before its time, and the last one counts. at: when it was written. */
export const presence = z.strictObject({
  v: payloadVersion,
  state: z.enum(['online', 'offline']),
  at: timeMs,
})
export type Presence = z.infer<typeof presence>

export const paperStates = ['ok', 'low', 'out', 'unknown'] as const

/** paper: only where there is a printer. faults: the device's own short codes. */
export const health = z.strictObject({
  v: payloadVersion,
  seq,
  at: timeMs,
  firmware: word(40),
  paper: z.enum(paperStates).optional(),
  uptimeSeconds: z.int().min(0).max(4_294_967_295).optional(),
  faults: z.array(word(40)).max(8).optional(),
})
export type Health = z.infer<typeof health>
