/** The way out: find the visit by slip or document, check out, rate or not. */
import type { KioskEvent, KioskFindRequest, KioskFound } from '#protocols/http/kiosk.ts'
import { Fault } from '#protocols/errors.ts'
import { failureOf } from '../../shared/ui/failure.ts'
import type { Desk } from './kiosk.ts'
import { type Dimension, dimensions } from './rating-tags.ts'

const nothing: KioskFindRequest = { qr: null, number: null, code: null, reading: null }
/** The gateway takes no longer text; a longer code is none of ours. */
const qrCharsMax = 80

export function createLeaving(desk: Desk) {
  const { visitor, show, flash, fail, call, run } = desk

  async function find(request: Partial<KioskFindRequest>): Promise<void> {
    visitor.found = await call<KioskFound>('/api/kiosk/find', { ...nothing, ...request })
    flash('ok', 'found')
    show('found')
  }

  return {
    start: () => show('leave'),
    toNumber: () => show('leaveNumber'),
    findByQr: (text: string) =>
      run(async () => {
        const from = visitor.screen
        const qr = text.trim()
        const search = qr.length > qrCharsMax ? Promise.reject(new Fault('request/not-found', { what: 'slip' })) : find({ qr })
        await search.catch((thrown: unknown) => {
          if (from === 'start' && visitor.screen === 'start') show('leave')
          throw thrown
        })
      }),
    findByNumber: (number: string, code: string) => run(() => find({ number, code })),
    /** quiet: a document that is not inside is no mistake. Answers whether the visit was found. */
    async findByDocument(reading: string, { quiet }: { quiet: boolean }): Promise<boolean> {
      let isFound = false
      await run(async () => {
        await find({ reading }).then(
          () => {
            isFound = true
          },
          (thrown: unknown) => {
            if (failureOf(thrown).code !== 'request/not-found') throw thrown
            if (!quiet) fail({ code: 'request/not-found', detail: { what: 'document' } })
          },
        )
      })
      return isFound
    },
    checkOut: () =>
      run(async () => {
        if (!visitor.found) return
        const { mayRate } = await call<{ mayRate: boolean }>('/api/kiosk/check-out', { visit: visitor.found.visit })
        visitor.found = { ...visitor.found, presence: 'checkedOut', mayCheckOut: false, mayRate }
        visitor.ending = 'left'
        flash('ok', 'saved')
        show(mayRate ? 'rating' : 'thanks')
      }),
    toRating: () => show('rating'),
    rate: (grades: Readonly<Record<Dimension, number>>, tags: readonly string[]) =>
      run(async () => {
        if (!visitor.found) return
        const given = Object.fromEntries(dimensions.map((each) => [each, grades[each]]))
        await call('/api/kiosk/rate', { visit: visitor.found.visit, ...given, tags })
        visitor.ending = 'rated'
        flash('ok', 'saved')
        show('thanks')
      }),
    decline: () =>
      run(async () => {
        if (!visitor.found) return
        await call('/api/kiosk/decline-rating', { visit: visitor.found.visit })
        visitor.ending = 'declined'
        show('thanks')
      }),
    /** The visit moved while it is on the screen. */
    onMoved(event: Extract<KioskEvent, { kind: 'visit' }>): void {
      if (!visitor.found) return
      visitor.found = { ...visitor.found, presence: event.presence, handling: event.handling }
    },
  }
}
