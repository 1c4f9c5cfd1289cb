/** The kiosk's page without its pictures: one visitor at a time, what may be done next, and the way back to the start. All of a visitor lies in
 *  `visitor`; a new beginning replaces it whole, and answers that come late for an earlier visitor are dropped. */
import { computed, type ComputedRef, reactive, type Ref, ref, shallowRef } from 'vue'
import type { Clock, Timers } from '#protocols/clock.ts'
import type { KioskBeginAnswer, KioskEvent, MaskedReading } from '#protocols/http/kiosk.ts'
import { type Failure, failureOf } from '../../shared/ui/failure.ts'
import { createCheckIn } from './check-in.ts'
import { createEnding, type EndCountdown, longerMs } from './ending.ts'
import { createIdle, type Idle } from './idle.ts'
import { createLeaving } from './leaving.ts'
import { type KioskLink, type LinkState, startingState } from './link.ts'
import { backFrom, endsByItself, freshVisitor, type ScreenName, takesDocument, type Visitor } from './visitor.ts'
import { createWedge } from './wedge.ts'

/** A short sign that something was read or decided: a tone and its visible twin. key: under 'kiosk.'. */
export interface Flash {
  readonly tone: 'ok' | 'bad'
  readonly key: 'read' | 'found' | 'notRead' | 'same' | 'checked' | 'saved' | 'refused'
  readonly n: number
}

/** What the two ways (check-in, leaving) use of the page. */
export interface Desk {
  readonly visitor: Visitor
  show(screen: ScreenName): void
  flash(tone: Flash['tone'], key: Flash['key']): void
  fail(failure: Failure): void
  /** One request of this visitor; rejects with `dropped` when the visitor is gone by the time of the answer. */
  call<Answer>(path: string, body: unknown): Promise<Answer>
  /** Runs one act; a second one waits for nothing and does nothing, unless it is forced. */
  run(work: () => Promise<void>, options?: { force?: boolean }): Promise<void>
}

const flashMs = 1600
/** How old the list of officers on duty and the state of the reader may be on the start page. */
const refreshMs = 30_000
const retryMs = 5000
const goesOnMs = 4000
/** A shorter loss of contact is no reason to frighten anybody; a request that fails says it at once. */
const graceMs = 2500
const dropped = Symbol('dropped')

const emptyInfo: KioskBeginAnswer = { reader: 'offline', camera: 'offline', reasons: [], hosts: [] }

export function createKiosk(parts: { link: KioskLink; clock: Clock; timers: Timers; onReset?: () => void }) {
  const { link, clock, timers } = parts
  const visitor = reactive(freshVisitor(clock.nowMs())) as Visitor
  const state = shallowRef<LinkState>(startingState)
  const info = shallowRef<KioskBeginAnswer>(emptyInfo)
  /** False until the gateway has said once what there is. */
  const known = ref(false)
  const busy = ref(false)
  const trouble = shallowRef<Failure | null>(null)
  const flashed = shallowRef<Flash | null>(null)
  const cut = ref(false)
  /** Counts visitors: a view that is keyed by it is built anew, so nothing stays in a field. */
  const turn = ref(0)
  let endFlash = () => {}
  let flashes = 0

  const lost = ref(false)
  let endGrace = () => {}
  const away = computed(() => state.value.phase === 'open' && (lost.value || cut.value))
  const ending: EndCountdown = createEnding(parts, () => reset())
  const goesOn: EndCountdown = createEnding(parts, () => show('reason'))
  const idle: Idle = createIdle({
    clock,
    timers,
    isOn: () => state.value.phase === 'open' && visitor.screen !== 'start' && ending.secondsLeft.value === null,
    onEnd: () => reset(),
  })

  function show(screen: ScreenName): void {
    visitor.screen = screen
    visitor.sinceMs = clock.nowMs()
    trouble.value = null
    ending.stop()
    goesOn.stop()
    idle.touch()
    if (endsByItself(screen)) ending.start()
    if (screen === 'matched') goesOn.start(goesOnMs)
  }

  function flash(tone: Flash['tone'], key: Flash['key']): void {
    flashed.value = { tone, key, n: ++flashes }
    endFlash()
    endFlash = timers.after(flashMs, () => {
      flashed.value = null
    })
  }

  function fail(failure: Failure): void {
    if (failure.code === 'gateway/unavailable') cut.value = true
    else trouble.value = failure
    flash('bad', 'refused')
  }

  async function call<Answer>(path: string, body: unknown): Promise<Answer> {
    const mine = turn.value
    const answer = await link.call<Answer>(path, body).catch((thrown: unknown) => {
      throw mine === turn.value ? thrown : dropped
    })
    if (mine !== turn.value) throw dropped
    return answer
  }

  async function run(work: () => Promise<void>, { force = false } = {}): Promise<void> {
    if (busy.value && !force) return
    const mine = turn.value
    busy.value = true
    trouble.value = null
    try {
      await work()
    } catch (thrown) {
      if (thrown !== dropped) fail(failureOf(thrown))
    } finally {
      if (mine === turn.value) busy.value = false
    }
  }

  /** Tells the gateway that a new visitor stands here, and learns what there is today. */
  async function begin(): Promise<void> {
    const mine = turn.value
    try {
      const answer = await link.call<KioskBeginAnswer>('/api/kiosk/begin', {})
      if (mine !== turn.value) return
      info.value = answer
      known.value = true
    } catch (thrown) {
      if (mine === turn.value) fail(failureOf(thrown))
    }
  }

  /** sameOne: they only went back to the start; language and size stay theirs. */
  function reset({ sameOne = false } = {}): void {
    turn.value += 1
    busy.value = false
    flashed.value = null
    Object.assign(visitor, freshVisitor(clock.nowMs()))
    show('start')
    if (!sameOne) parts.onReset?.()
    void begin()
  }

  const desk: Desk = { visitor, show, flash, fail, call, run }
  const checkIn = createCheckIn(desk, () => info.value)
  const leaving = createLeaving(desk)
  const wedge = createWedge()

  async function onDocument(reading: MaskedReading): Promise<void> {
    if (!takesDocument(visitor)) {
      // Another document lies on the reader now: a comparison would no longer be with the one of this visit.
      if (visitor.visit) checkIn.stopComparing()
      return
    }
    idle.touch()
    visitor.refused = null
    flash('ok', 'read')
    const from = visitor.screen
    if (from === 'start' || from === 'leave' || from === 'leaveNumber') {
      // Whoever is inside and lays the document down wants to leave; nobody has to say so first.
      const isFound = await leaving.findByDocument(reading.reading, { quiet: from === 'start' })
      if (isFound || from !== 'start' || visitor.screen !== 'start') return
    }
    visitor.reading = reading
    show('reading')
  }

  function onRefused(code: string): void {
    if (!takesDocument(visitor)) return
    if (visitor.screen === 'start' || visitor.screen === 'reading') show('card')
    visitor.reading = null
    visitor.refused = code
    idle.touch()
    flash('bad', 'notRead')
  }

  function onEvent(event: KioskEvent): void {
    if (event.kind === 'document') void onDocument(event.reading)
    else if (event.kind === 'document-refused') onRefused(event.code)
    else if (event.kind === 'reader') info.value = { ...info.value, reader: event.online ? 'online' : 'offline' }
    else if (event.visit === visitor.visit?.visit) checkIn.onEvent(event, busy.value)
    else if (event.kind === 'visit' && event.visit === visitor.found?.visit) leaving.onMoved(event)
  }

  /** Touches anything? Then somebody is here, and an end that has begun waits its full time again. */
  function touch(): void {
    idle.touch()
    const left = ending.secondsLeft.value
    if (left !== null && left < 10) ending.start()
  }

  async function retry(): Promise<void> {
    await link.retry().then(
      () => {
        cut.value = false
      },
      () => {},
    )
  }

  const ends = [
    timers.every(refreshMs, () => {
      if (visitor.screen === 'start' && state.value.phase === 'open' && !away.value) void begin()
    }),
    timers.every(retryMs, () => {
      if (away.value) void retry()
    }),
  ]
  const subscriptions = [
    link.state$.subscribe((next) => {
      const before = state.value
      state.value = next
      if (next.phase !== 'open') return
      if (!next.online) {
        if (before.phase === 'open' && !before.online) return
        endGrace()
        endGrace = timers.after(graceMs, () => {
          lost.value = !state.value.online
        })
        return
      }
      endGrace()
      lost.value = false
      if (before.phase === 'open' && before.online) return
      cut.value = false
      // Contact is back: a page that waits at the start learns anew; one in the middle of a visit keeps its handles.
      if (visitor.screen === 'start') void begin()
    }),
    link.events$.subscribe(onEvent),
  ]

  return {
    visitor: visitor as Readonly<Visitor> & Pick<Visitor, 'reason' | 'host' | 'companions' | 'typed'>,
    state: state as Readonly<Ref<LinkState>>,
    info: info as Readonly<Ref<KioskBeginAnswer>>,
    known: known as Readonly<Ref<boolean>>,
    busy: busy as Readonly<Ref<boolean>>,
    trouble: trouble as Readonly<Ref<Failure | null>>,
    flashed: flashed as Readonly<Ref<Flash | null>>,
    turn: turn as Readonly<Ref<number>>,
    away: away as ComputedRef<boolean>,
    stillThere: idle.secondsLeft,
    endsIn: ending.secondsLeft,
    goesOnIn: goesOn.secondsLeft,
    checkIn,
    leaving,
    enrol: (ticket: string) => link.enrol(ticket),
    enrolDemo: () => link.enrolDemo(),
    go: show,
    back(): void {
      const to = backFrom(visitor)
      if (!to) return
      if (visitor.screen === 'reading') visitor.reading = null
      visitor.found = null
      if (to === 'start') reset({ sameOne: true })
      else show(to)
    },
    stop: () => reset(),
    touch,
    longer: () => ending.start(longerMs),
    retry,
    /** A key of the page; a scanner's text is found among them where one is awaited. */
    key(key: string): void {
      const scanned = wedge.feed(key, clock.nowMs())
      if (scanned !== null && ['start', 'leave', 'leaveNumber'].includes(visitor.screen)) void leaving.findByQr(scanned)
    },
    close(): void {
      for (const end of ends) end()
      for (const subscription of subscriptions) subscription.unsubscribe()
      endFlash()
      endGrace()
      idle.close()
      ending.stop()
      goesOn.stop()
      link.close()
    },
  }
}
export type Kiosk = ReturnType<typeof createKiosk>
