/** What a kiosk's camera unit says and hears. The comparison is one to one and happens on the unit: no picture ever passes the broker. */
import { z } from 'zod'
import { hexId, payloadVersion, score, seq, shortText, timeMs, word } from './parts.ts'

/** "Compare whoever stands before you with the document of that swipe." The unit holds the portrait of the swipe in memory; when it has none, or
 *  `validUntil` has passed, it answers 'noPortrait'. */
export const compare = z.strictObject({
  v: payloadVersion,
  session: hexId,
  reader: hexId,
  seq,
  threshold: score,
  validUntil: timeMs,
})
export type Compare = z.infer<typeof compare>

export const matchDecisions = ['match', 'mismatch', 'noFace', 'noPortrait'] as const

/** threshold: the one that was asked for, said back so that a report can be read alone. model: id of the comparing model, for the log. */
export const match = z.strictObject({
  v: payloadVersion,
  seq,
  at: timeMs,
  session: hexId,
  score,
  threshold: score,
  model: word(40),
  decision: z.enum(matchDecisions),
})
export type Match = z.infer<typeof match>

/** A line for the kiosk's screen (features.md G06), in both languages, gone at `validUntil`. */
export const message = z.strictObject({
  v: payloadVersion,
  id: hexId,
  text: z.strictObject({ zh: shortText(200), en: shortText(200) }),
  validUntil: timeMs,
})
export type KioskMessage = z.infer<typeof message>
