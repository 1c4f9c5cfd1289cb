/** What visitors do at a kiosk, as changes that the gateway signs on the kiosk's behalf. It creates and finds by exact match; it never lists or
 *  searches people. What the reader and the camera unit report comes in here; what the screen may know goes out masked. */
import { equalBytes, utf8 } from '#crypto/bytes.ts'
import { hash } from '#crypto/hash.ts'
import type { Clock } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import type { Compare } from '#protocols/device/kiosk.ts'
import type { DocumentReading, UnreadableReading } from '#protocols/device/reading.ts'
import { maskNumber } from '#protocols/documents/mask.ts'
import type {
  KioskArriveRequest,
  KioskBeginAnswer,
  KioskCheckInRequest,
  KioskFindRequest,
  KioskFound,
  KioskRateRequest,
  MaskedReading,
  Slip,
} from '#protocols/http/kiosk.ts'
import { shortNumber } from '#protocols/numbers.ts'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import type { Act, ActResult, Committer } from '../commit.ts'
import type { MatchReading } from '../devices/kiosk.ts'
import type { Live } from '../live.ts'
import { onDutyAccounts } from '../roster.ts'
import type { Store } from '../store/store.ts'
import { createScreenSessions } from './desk-session.ts'
import { mintVisitNumber } from './numbers.ts'
import type { DeskPictures } from './pictures.ts'
import { normaliseTyped, parseQr, slipOf, slipText, typedCode } from './slip.ts'

/** 0..1000: at or above it the unit's comparison counts as the same person. A setting of the station. */
const matchThreshold = 700
const compareMs = 60 * 1000
const insideStates = ['checkedIn', 'steppedOut']

export interface KioskParts {
  readonly store: Store
  readonly committer: Committer
  readonly clock: Clock
  readonly live: Live
  readonly pictures: DeskPictures
  readonly randomHex: (bytes: number) => string
  readonly station: () => { readonly unit: string; readonly code: string; readonly name: string; readonly nameEn: string }
  /** Sends to the kiosk unit; rejects with Fault 'device/unreachable'. */
  readonly compare: (unit: string, request: Compare) => Promise<void>
  /** A picture from the camera of this kiosk unit; rejects with a Fault. */
  readonly snapshot: (unit: string) => ReturnType<Parameters<DeskPictures['take']>[1]>
  readonly isActive: (device: string) => boolean
}

export function createKiosks(parts: KioskParts) {
  const { store, committer, clock, live } = parts
  const sessions = createScreenSessions(clock)
  const asked = new Map<string, { kiosk: string; visit: string; request: Compare }>()
  const devicesAt = store.database.prepare("select id from p_device where f_kiosk = ? and f_kind = ? and t_presence <> 'disabled'").pluck()

  /** The kiosk unit at which this page stands. */
  const unitOf = (kiosk: string): string | null => {
    const unit = store.records.find(kiosk)?.fields['kiosk']
    return typeof unit === 'string' ? unit : null
  }
  const pagesAt = (unit: string): string[] => (devicesAt.all(unit, 'kiosk') as string[]).filter((page) => live.isHere(page))
  const isOnline = (kiosk: string, kind: string): boolean => {
    const unit = unitOf(kiosk)
    return unit !== null && (devicesAt.all(unit, kind) as string[]).some(parts.isActive)
  }
  const actFor = async (kiosk: string, act: Act): Promise<Extract<ActResult, { ok: true }>> => {
    const result = await committer.act(act, { kind: 'kiosk', device: kiosk })
    if (!result.ok) throw new Fault(result.code, result.detail)
    return result
  }
  const ownVisit = (kiosk: string, visit: string): RecordDoc => {
    const doc = sessions.of(kiosk).visits.has(visit) ? store.records.find(visit) : null
    if (doc?.type !== 'visit') throw new Fault('request/not-found')
    return doc
  }
  const masked = (handle: string, reading: DocumentReading): MaskedReading => ({
    reading: handle,
    documentType: reading.documentType,
    name: maskName(reading.name),
    numberMasked: reading.numberMasked,
    sex: reading.sex,
    birthYear: reading.birth === null ? null : Number(reading.birth.slice(0, 4)),
    expiry: reading.validUntil === 'longTerm' ? null : reading.validUntil,
    warnings: reading.failed,
  })

  return {
    /** At which unit a new page stands: the one with the fewest pages that are open now, the first registered of those. */
    placeForPage(): string | null {
      const devices = store.records.all('device').filter((doc) => doc.fields['kind'] === 'kiosk')
      const units = devices.filter((doc) => typeof doc.fields['publicKey'] !== 'string')
      const pages = (unit: string) => devices.filter((doc) => doc.fields['kiosk'] === unit && live.isHere(doc.id)).length
      return units.toSorted((a, b) => pages(a.id) - pages(b.id) || a.createdMs - b.createdMs)[0]?.id ?? null
    },

    /** From the device side, after the swipe's number was taken into the store. */
    onReading(reader: string, seq: number, reading: DocumentReading | UnreadableReading): void {
      const unit = store.records.find(reader)?.fields['kiosk']
      for (const page of typeof unit === 'string' ? pagesAt(unit) : []) {
        if (!reading.ok) live.toKiosk(page, { kind: 'document-refused', code: reading.code })
        else if (reading.failed.includes('document/check-digit') || reading.failed.includes('document/form') || reading.failed.includes('document/date'))
          live.toKiosk(page, { kind: 'document-refused', code: 'document/check-digit' })
        else {
          const handle = parts.randomHex(16)
          sessions.of(page).reading = { handle, reading, reader, seq, atMs: clock.nowMs() }
          live.toKiosk(page, { kind: 'document', reading: masked(handle, reading) })
        }
      }
    },

    askedOf: (session: string): Compare | undefined => asked.get(session)?.request,

    async onMatch(match: MatchReading): Promise<void> {
      const question = asked.get(match.session)
      if (!question || match.failed.length > 0) return
      asked.delete(match.session)
      const { kiosk, visit } = question
      const same = match.decision === 'match'
      // The desk may have decided meanwhile: then the kiosk's answer comes too late and changes nothing.
      const isPending = store.records.find(visit)?.tracks['presence'] === 'identityPending'
      if (same && isPending)
        await actFor(kiosk, () => [
          {
            type: 'visit',
            record: visit,
            kind: 'do:identify',
            values: {
              identifiedBy: 'match',
              matchScore: match.score,
              matchThreshold: match.threshold,
              matchModel: match.model,
              matchDecision: 'same',
              consentAt: clock.nowMs(),
            },
          },
        ])
      const decision = match.decision === 'noPortrait' ? 'noFace' : match.decision
      live.toKiosk(kiosk, { kind: 'match', visit, score: match.score, threshold: match.threshold, model: match.model, decision })
    },

    /** Pages that wait for a decision of the desk are told when it comes. */
    onVisitsChanged(docs: readonly RecordDoc[]): void {
      for (const doc of docs) {
        if (doc.type !== 'visit') continue
        const presence = doc.tracks['presence'] ?? ''
        for (const kiosk of sessions.kiosksOf(doc.id)) {
          if (presence === 'identified' && doc.fields['identifiedBy'] === 'desk')
            live.toKiosk(kiosk, { kind: 'identified', visit: doc.id, by: 'person' })
          if (presence === 'refusedEntry') live.toKiosk(kiosk, { kind: 'refused-entry', visit: doc.id })
          live.toKiosk(kiosk, { kind: 'visit', visit: doc.id, presence, handling: doc.tracks['handling'] ?? '' })
        }
        if (presence !== 'identityPending') parts.pictures.forget(doc.id)
      }
    },

    begin(kiosk: string): KioskBeginAnswer {
      sessions.begin(kiosk)
      const posts = new Map(store.records.all('post').map((post) => [post.id, post]))
      return {
        reader: isOnline(kiosk, 'reader') ? 'online' : 'offline',
        camera: isOnline(kiosk, 'camera') || parts.isActive(unitOf(kiosk) ?? '') ? 'online' : 'offline',
        reasons: publishedReasons(store),
        hosts: onDutyAccounts(store, clock.nowMs()).flatMap((account) => {
          const doc = store.records.find(account)
          const post = posts.get(((doc?.fields['posts'] ?? []) as readonly string[])[0] ?? '')
          const role = post?.fields['role']
          if (!doc || doc.tracks['account'] !== 'active' || (role !== 'officer' && role !== 'duty-leader')) return []
          return [{ account, name: String(doc.fields['name']), post: String(post?.fields['name']), postEn: String(post?.fields['nameEn'] ?? '') }]
        }),
      }
    },

    async arrive(kiosk: string, request: KioskArriveRequest): Promise<{ visit: string; number: string }> {
      const session = sessions.of(kiosk)
      const held = session.reading?.handle === request.reading ? session.reading : null
      if (!held && !request.typed) throw new Fault('request/not-found')
      const { unit, code } = parts.station()
      const person = held ? personOfReading(held.reading) : personOfTyped(request.typed as NonNullable<KioskArriveRequest['typed']>)
      const result = await actFor(kiosk, (reads) => {
        const number = mintVisitNumber(reads, code)
        if (typeof number !== 'string') return number
        const visitor = reads.newId()
        const common = { unit, label: 'internal', drill: false }
        return [
          { type: 'person', record: visitor, kind: 'create', values: { ...common, ...person } },
          { type: 'visit', record: null, kind: 'create', values: { ...common, number, visitor } },
        ]
      })
      const visit = result.records[1] as RecordDoc
      session.visits.add(visit.id)
      return { visit: visit.id, number: String(visit.fields['number']) }
    },

    /** Consent was given on the screen; the unit compares one to one. */
    async match(kiosk: string, visit: string): Promise<void> {
      ownVisit(kiosk, visit)
      const unit = unitOf(kiosk)
      const held = sessions.of(kiosk).reading
      if (!unit || !held) throw new Fault('device/unreachable')
      const request: Compare = {
        v: 1,
        session: visit,
        reader: held.reader,
        seq: held.seq,
        threshold: matchThreshold,
        validUntil: clock.nowMs() + compareMs,
      }
      asked.set(visit, { kiosk, visit, request })
      await parts.compare(unit, request)
    },

    /** A person at the desk compares: the camera's picture is fetched for them, if there is one. */
    async askDesk(kiosk: string, visit: string): Promise<void> {
      ownVisit(kiosk, visit)
      const unit = unitOf(kiosk)
      if (unit) await parts.pictures.take(visit, () => parts.snapshot(unit)).catch(() => {})
    },

    async checkIn(kiosk: string, request: KioskCheckInRequest): Promise<Slip> {
      ownVisit(kiosk, request.visit)
      const values: Record<string, Json> = {
        reason: request.reason,
        checkedInAt: clock.nowMs(),
        slipCode: parts.randomHex(5),
        companions: request.companions,
        hostUnit: parts.station().unit,
        ...(request.reasonText ? { reasonText: request.reasonText } : {}),
        ...(request.host ? { host: request.host } : {}),
      }
      const result = await actFor(kiosk, () => [{ type: 'visit', record: request.visit, kind: 'do:checkIn', values }])
      return slipOf(result.records[0] as RecordDoc, parts.station())
    },

    /** One refusal for a wrong number and a wrong code. */
    find(kiosk: string, request: KioskFindRequest): KioskFound {
      const visit = findBySlip(request) ?? findByReading(kiosk, request.reading)
      if (!visit) throw new Fault('request/not-found', { what: 'slip' })
      sessions.of(kiosk).visits.add(visit.id)
      const presence = visit.tracks['presence'] ?? ''
      return {
        visit: visit.id,
        number: String(visit.fields['number']),
        shortNumber: shortNumber(String(visit.fields['number'])),
        reason: String(visit.fields['reason'] ?? ''),
        presence,
        handling: visit.tracks['handling'] ?? '',
        mayCheckOut: insideStates.includes(presence),
        mayRate: openRating(visit.id) !== null,
      }
    },

    async checkOut(kiosk: string, visit: string): Promise<{ mayRate: boolean }> {
      ownVisit(kiosk, visit)
      await actFor(kiosk, () => [{ type: 'visit', record: visit, kind: 'do:checkOut', values: { leftAt: clock.nowMs() } }])
      return { mayRate: openRating(visit) !== null }
    },

    async rate(kiosk: string, request: KioskRateRequest): Promise<void> {
      const { quality, efficiency, environment, attitude } = request
      const rating = ratingOf(kiosk, request.visit)
      await actFor(kiosk, () => [
        {
          type: 'rating',
          record: rating.id,
          kind: 'do:rate',
          values: { quality, efficiency, environment, attitude, tags: { add: [...request.tags] }, ratedAt: clock.nowMs() },
        },
      ])
    },

    async decline(kiosk: string, visit: string): Promise<void> {
      const rating = ratingOf(kiosk, visit)
      await actFor(kiosk, () => [{ type: 'rating', record: rating.id, kind: 'do:declineRating', values: {} }])
    },
  }

  function openRating(visit: string): RecordDoc | null {
    return store.records.related('rating', 'matter', visit).find((rating) => rating.tracks['rating'] === 'invited') ?? null
  }

  function ratingOf(kiosk: string, visit: string): RecordDoc {
    ownVisit(kiosk, visit)
    const rating = openRating(visit)
    if (!rating) throw new Fault('request/not-found')
    return rating
  }

  function findBySlip(request: KioskFindRequest): RecordDoc | null {
    const scanned = request.qr === null ? null : parseQr(request.qr)
    const number = scanned?.number ?? (request.number === null ? '' : normaliseNumber(request.number))
    const code = scanned?.code ?? normaliseTyped(request.code ?? '')
    const visit = number === '' ? undefined : visitByNumber(number)
    const slipCode = typeof visit?.fields['slipCode'] === 'string' ? visit.fields['slipCode'] : '0000000000'
    const expected = scanned ? slipText(slipCode) : typedCode(slipCode)
    return visit && equalBytes(hash('ticket', utf8(code)), hash('ticket', utf8(expected))) ? visit : null
  }

  /** A short number (261121-0007) is one of this station's. */
  function normaliseNumber(text: string): string {
    const short = /^V?(\d{6})-?(\d{4})$/.exec(text.trim().toUpperCase())
    return short ? `${parts.station().code}V20${short[1]}${short[2]}` : normaliseTyped(text)
  }

  function visitByNumber(number: string): RecordDoc | undefined {
    return store.records.list({ type: 'visit', where: { number }, before: null, limit: 1 })[0]
  }

  /** The document that lies on the reader now: exact match with a person inside, whose visit is still open. */
  function findByReading(kiosk: string, handle: string | null): RecordDoc | null {
    const held = sessions.of(kiosk).reading
    if (handle === null || held?.handle !== handle) return null
    const inside = store.records.list({ type: 'visit', where: { 'track:presence': insideStates }, before: null, limit: 500 })
    return (
      inside.find((visit) => {
        const person = store.records.find(String(visit.fields['visitor']))
        return (
          person?.fields['documentNumber'] === held.reading.number && person.fields['documentType'] === held.reading.documentType
        )
      }) ?? null
    )
  }
}
export type Kiosks = ReturnType<typeof createKiosks>

/** The first character and as many stars as there are others: enough for the visitor to know their own card. */
export const maskName = (name: string): string => {
  const signs = [...name]
  return (signs[0] ?? '') + '*'.repeat(Math.min(8, Math.max(1, signs.length - 1)))
}

function personOfReading(reading: DocumentReading): Record<string, Json> {
  return {
    name: reading.name,
    documentType: reading.documentType,
    documentNumber: reading.number,
    numberMasked: reading.numberMasked,
    source: 'reader',
    ...(reading.sex ? { sex: reading.sex } : {}),
    ...(reading.birth ? { birth: reading.birth } : {}),
    ...(reading.nationality ? { nationality: reading.nationality } : {}),
    ...(reading.validUntil && reading.validUntil !== 'longTerm' ? { documentExpiry: reading.validUntil } : {}),
  }
}

function personOfTyped(typed: NonNullable<KioskArriveRequest['typed']>): Record<string, Json> {
  return {
    name: typed.name,
    documentType: typed.documentType,
    source: 'typed',
    ...(typed.documentNumber ? { documentNumber: typed.documentNumber, numberMasked: maskNumber(typed.documentNumber) } : {}),
    ...(typed.phone ? { phone: typed.phone } : {}),
  }
}

function publishedReasons(store: Store): KioskBeginAnswer['reasons'] {
  const list = store.records
    .all('code-list')
    .find((doc) => doc.fields['key'] === 'visit-reason' && doc.tracks['publishing'] === 'published')
  const rows = Object.values((list?.fields['rows'] ?? {}) as Record<string, { code: string; zh: string; en: string; order: number }>)
  return rows.sort((a, b) => a.order - b.order).map(({ code, zh, en }) => ({ code, zh, en }))
}
