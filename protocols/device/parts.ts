/** What the payloads of all devices are made of. Every schema is closed: an unknown key is a refusal, so a vendor's extra field is noticed on
 *  the first day and not after a year. */
import { z } from 'zod'
import { isCalendarDate } from '../documents/calendar.ts'

/** Version of the payloads (docs/reader-bridge.md). A device that sends another one is refused, not guessed at. */
export const payloadVersion = z.literal(1)

/** 16 bytes as 32 lowercase hex characters: device, visit session, message. */
export const deviceIdPattern = /^[0-9a-f]{32}$/
export const hexId = z.string().regex(deviceIdPattern)

/** Rises with every message of a device, whatever the topic; gaps are allowed, a return is not. */
export const seq = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

/** Integer ms since the epoch by the device's own clock: shown and compared, never trusted for order. */
export const timeMs = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** 0 nothing alike, 1000 the same picture. */
export const score = z.int().min(0).max(1000)

/** Text for people: no control characters, no line breaks, and none of the marks that reverse the direction of what stands beside them. */
export const shortText = (charsMax: number) =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u)

/** A word of a machine: firmware, model. */
export const word = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .regex(/^[0-9A-Za-z][0-9A-Za-z._+-]*$/)

/** 'YYYY-MM-DD', a day that exists. */
export const calendarDate = z.string().refine(isCalendarDate)
