/** Turns a swipe into a reading: one form for all documents, with what was checked and what did not fit. Pure. It judges documents, never people, and
 *  what fails a check is still shown to the person at the desk: a worn card is no crime. */
import { checkGb11643, type Gb11643Verdict } from '#protocols/documents/gb11643.ts'
import { maskNumber } from '#protocols/documents/mask.ts'
import { parseMrz } from '#protocols/documents/mrz.ts'
import type { DocumentType, Swipe } from '#protocols/device/reader.ts'
import type { DocumentCheck, DocumentReading, UnreadableReading } from '#protocols/device/reading.ts'

type CardDocument = Extract<Swipe['document'], { number: string }>
type MrzDocument = Extract<Swipe['document'], { mrz: string[] }>

/** today: 'YYYY-MM-DD' at the station. */
export function readDocument(swipe: Swipe, today: string): DocumentReading | UnreadableReading {
  const { document } = swipe
  if ('unreadable' in document) return unreadable(document.reason)
  return 'mrz' in document ? readMrz(document, today) : readCard(document, today)
}

/** Documents whose number follows GB 11643 (domain.md 3.1): residence permits use the same rule. */
const gb11643Types: readonly DocumentType[] = [
  'identityCard',
  'temporaryCard',
  'householdBook',
  'hongKongMacaoResidence',
  'taiwanResidence',
  'electronicIdentity',
]

function readCard(document: CardDocument, today: string): DocumentReading {
  const isGb11643 = gb11643Types.includes(document.documentType)
  const verdict = isGb11643 ? checkGb11643(document.number) : null
  const number = verdict?.ok ? verdict.number : document.number
  const { from = null, until = null } = document.validity ?? {}
  return {
    ok: true,
    documentType: document.documentType,
    number,
    numberMasked: maskNumber(number),
    name: document.name,
    nameVerified: false,
    sex: document.sex ?? (verdict?.ok ? verdict.sex : null),
    birth: document.birth ?? (verdict?.ok ? verdict.birth : null),
    address: document.address ?? null,
    nationality: null,
    validFrom: from,
    validUntil: until,
    ...sorted([...numberFindings(verdict, document), ...validityFindings(from, until, today)]),
  }
}

function readMrz(document: MrzDocument, today: string): DocumentReading | UnreadableReading {
  const parsed = parseMrz(document.mrz, today)
  if (!parsed.ok) return unreadable(`mrz-${parsed.code}`)
  return {
    ok: true,
    documentType: document.documentType,
    number: parsed.documentNumber,
    numberMasked: maskNumber(parsed.documentNumber),
    name: [parsed.surname, parsed.givenNames].filter(Boolean).join(' '),
    nameVerified: false,
    sex: parsed.sex,
    birth: parsed.birth,
    address: null,
    nationality: parsed.nationality,
    validFrom: null,
    validUntil: parsed.expiry,
    ...sorted([
      ['document/check-digit', true],
      ['document/date', true],
      ...validityFindings(null, parsed.expiry, today),
    ]),
  }
}

type Finding = readonly [check: DocumentCheck, isPassed: boolean]

/** The rule looks at form, then date, then check character, and stops at the first that does not fit: what it did not reach is not claimed. */
function numberFindings(verdict: Gb11643Verdict | null, document: CardDocument): Finding[] {
  if (!verdict) return []
  if (verdict.ok) {
    const isAsPrinted =
      (document.birth ?? verdict.birth) === verdict.birth && (document.sex ?? verdict.sex) === verdict.sex
    return [
      ['document/form', true],
      ['document/date', true],
      ['document/check-digit', true],
      ['document/contradiction', isAsPrinted],
    ]
  }
  if (verdict.code === 'check')
    return [
      ['document/form', true],
      ['document/date', true],
      ['document/check-digit', false],
    ]
  if (verdict.code === 'date')
    return [
      ['document/form', true],
      ['document/date', false],
    ]
  return [['document/form', false]]
}

/** A document is valid on its last day. */
function validityFindings(from: string | null, until: string | null, today: string): Finding[] {
  const findings: Finding[] = []
  if (until !== null) findings.push(['document/expired', until === 'longTerm' || until >= today])
  if (from !== null) findings.push(['document/not-yet-valid', from <= today])
  return findings
}

const sorted = (findings: readonly Finding[]) => ({
  passed: findings.filter(([, isPassed]) => isPassed).map(([check]) => check),
  failed: findings.filter(([, isPassed]) => !isPassed).map(([check]) => check),
})

const unreadable = (reason: string): UnreadableReading => ({ ok: false, code: 'document/unreadable', reason })
