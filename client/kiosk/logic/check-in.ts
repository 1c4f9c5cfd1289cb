/** The way in: document or typed words, who it is, why they come, the slip. A match that does not come or does not fit blocks nobody: a person at
 *  the desk compares, and the page goes on by itself. */
import type { KioskArriveAnswer, KioskBeginAnswer, KioskEvent, Slip } from '#protocols/http/kiosk.ts'
import { failureOf } from '../../shared/ui/failure.ts'
import type { Desk } from './kiosk.ts'
import type { DeskWhy, Visitor } from './visitor.ts'

/** Comparing again helps with a mask or a bad light, not for ever. */
export const comparesMax = 3
export const companionsMax = 20

type VisitEvent = Extract<KioskEvent, { visit: string }>

export function createCheckIn(desk: Desk, info: () => KioskBeginAnswer) {
  const { visitor, show, flash, call, run } = desk

  /** Makes the visit as late as it can be: who only looks around leaves nothing behind. */
  async function arrive(): Promise<string> {
    if (visitor.visit) return visitor.visit.visit
    const { name, documentType, documentNumber, phone } = visitor.typed
    const typed = { name: name.trim(), documentType, documentNumber, phone }
    const request = visitor.reading ? { reading: visitor.reading.reading, typed: null } : { reading: null, typed }
    const answer = await call<KioskArriveAnswer>('/api/kiosk/arrive', request)
    visitor.visit = answer
    return answer.visit
  }

  const askDesk = (why: DeskWhy) =>
    run(
      async () => {
        const visit = await arrive()
        visitor.deskWhy = why
        show('desk')
        await call('/api/kiosk/ask-desk', { visit })
      },
      { force: true },
    )

  return {
    start(): void {
      show('card')
    },
    withoutDocument(): void {
      visitor.reading = null
      show('typedDocument')
    },
    typedNumberDone(): void {
      show('typedPerson')
    },
    sendTyped: () => run(() => askDesk('typed')),
    /** That is me: the camera is asked for consent where there is one. */
    confirmReading: () => {
      if (info().camera === 'online') show('consent')
      else void askDesk('noCamera')
    },
    denyReading(): void {
      visitor.reading = null
      show('card')
    },
    compare: () =>
      run(async () => {
        const visit = await arrive()
        visitor.compared += 1
        // Shown before the request: the answer of the unit may overtake the gateway's.
        show('comparing')
        await call('/api/kiosk/match', { visit, consent: true }).catch((thrown: unknown) => {
          if (failureOf(thrown).code !== 'device/unreachable') throw thrown
          if (visitor.screen === 'comparing') return askDesk('late')
        })
      }),
    withoutCamera: () => askDesk('noCamera'),
    giveUpComparing: () => askDesk('late'),
    mayCompareAgain: (): boolean =>
      visitor.reading !== null && visitor.compared > 0 && visitor.compared < comparesMax && info().camera === 'online',
    stopComparing(): void {
      visitor.compared = comparesMax
    },
    choose(choice: Partial<Pick<Visitor, 'reason' | 'host' | 'companions'>>): void {
      Object.assign(visitor, choice)
    },
    type(change: Partial<Visitor['typed']>): void {
      Object.assign(visitor.typed, change)
    },
    finish: () =>
      run(async () => {
        const { visit, reason, host, companions } = visitor
        if (!visit || reason === null) return
        const request = { visit: visit.visit, reason, reasonText: '', host, companions }
        visitor.slip = await call<Slip>('/api/kiosk/check-in', request)
        flash('ok', 'saved')
        show('slip')
      }),
    onEvent(event: VisitEvent, busy: boolean): void {
      const waits = visitor.screen === 'comparing' || visitor.screen === 'desk'
      if (event.kind === 'refused-entry') show('window')
      else if (event.kind === 'identified' && waits) {
        flash('ok', 'checked')
        show('reason')
      } else if (event.kind === 'match' && waits) {
        visitor.likeness = { score: event.score, threshold: event.threshold }
        if (event.decision === 'match') {
          flash('ok', 'same')
          show('matched')
        } else if (visitor.screen === 'comparing') {
          flash('bad', 'refused')
          void askDesk(event.decision === 'noFace' ? 'noFace' : 'notMatched')
        }
      } else if (event.kind === 'visit' && event.presence === 'checkedIn' && !busy && visitor.slip === null) {
        // The desk did the whole of it meanwhile.
        visitor.ending = 'byDesk'
        show('thanks')
      }
    },
  }
}
