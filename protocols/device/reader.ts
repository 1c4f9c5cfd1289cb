/** What a document reader says and hears (docs/reader-bridge.md). It carries no picture: the portrait of a chip stays with the reader and its
 *  kiosk, the gateway has no use for it. */
import { z } from 'zod'
import { calendarDate, payloadVersion, seq, shortText, timeMs } from './parts.ts'

/** domain.md 3.3, "Document types". */
export const documentTypes = [
  'identityCard',
  'temporaryCard',
  'householdBook',
  'foreignPermanentCard',
  'hongKongMacaoPermit',
  'taiwanPermit',
  'hongKongMacaoResidence',
  'taiwanResidence',
  'chinesePassport',
  'foreignPassport',
  'officerCard',
  'soldierCard',
  'armedPoliceCard',
  'policeCard',
  'drivingLicence',
  'electronicIdentity',
] as const
export type DocumentType = (typeof documentTypes)[number]

export const unreadableReasons = ['removed', 'damaged', 'unsupported', 'timeout', 'other'] as const

const documentType = z.enum(documentTypes)

/** until: 'longTerm' is what cards print as 长期. */
const validity = z.strictObject({
  from: calendarDate.optional(),
  until: z.union([calendarDate, z.literal('longTerm')]),
})

/** A chip or card that was read field by field. */
export const cardDocument = z.strictObject({
  documentType,
  number: shortText(32),
  name: shortText(80),
  sex: z.enum(['m', 'f', 'x']).optional(),
  birth: calendarDate.optional(),
  address: shortText(200).optional(),
  validity: validity.optional(),
})

/** Machine-readable lines as they were read, two of 36 or 44 or three of 30 characters, fillers and all. */
export const mrzDocument = z.strictObject({
  documentType,
  mrz: z
    .array(
      z
        .string()
        .min(30)
        .max(44)
        .regex(/^[0-9A-Z<]+$/),
    )
    .min(2)
    .max(3),
})

/** Something lay on the reader and could not be read. */
export const unreadableDocument = z.strictObject({ unreadable: z.literal(true), reason: z.enum(unreadableReasons) })

export const swipe = z.strictObject({
  v: payloadVersion,
  seq,
  at: timeMs,
  document: z.union([cardDocument, mrzDocument, unreadableDocument]),
})
export type Swipe = z.infer<typeof swipe>

/** The gateway's answer to the message with this seq: what a lamp or a beep needs, and nothing about the person. */
export const result = z.strictObject({
  v: payloadVersion,
  seq,
  outcome: z.enum(['accepted', 'repeated', 'refused']),
  /** A code of protocols/errors.ts or of the document checks; only with 'refused'. */
  code: z
    .string()
    .regex(/^[a-z]+(\/[a-z0-9-]+)+$/)
    .max(60)
    .optional(),
})
export type Result = z.infer<typeof result>
