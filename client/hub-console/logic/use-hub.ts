/** The hub as screens see it: who is signed in, and answers that are asked for again when the hub pokes. */
import {
  type App,
  type InjectionKey,
  inject,
  onScopeDispose,
  type Ref,
  ref,
  type ShallowRef,
  shallowRef,
  watch,
} from 'vue'
import { assert } from '#protocols/errors.ts'
import type { ConsoleAction, ConsolePoke, ConsoleSession, HubHello } from '#protocols/http/console.ts'
import { type Failure, failureOf } from '../../shared/ui/failure.ts'
import { useSurroundings } from '../../shared/ui/surroundings.ts'
import type { Hub } from './hub.ts'
import type { Live, LiveState } from './live.ts'

export interface HubContext {
  readonly hub: Hub
  readonly live: Live
  readonly liveState: Readonly<Ref<LiveState>>
  readonly hello: Readonly<ShallowRef<HubHello | null>>
  /** undefined: not asked yet. */
  readonly session: ShallowRef<ConsoleSession | null | undefined>
  readonly failure: ShallowRef<Failure | null>
  may(action: ConsoleAction): boolean
  /** Asks who this is; for the start of the page. */
  begin(): Promise<void>
  signIn(account: string, pin: string): Promise<void>
  signOut(): Promise<void>
}

const key: InjectionKey<HubContext> = Symbol('hub')

export function provideHub(app: App, hub: Hub, live: Live): HubContext {
  const liveState = ref<LiveState>('closed')
  const hello = shallowRef<HubHello | null>(null)
  const session = shallowRef<ConsoleSession | null | undefined>(undefined)
  const failure = shallowRef<Failure | null>(null)
  const subscription = live.state$.subscribe((state) => {
    liveState.value = state
  })
  app.onUnmount(() => {
    subscription.unsubscribe()
    live.close()
  })
  watch(session, (now) => (now ? live.open() : live.close()))
  const context: HubContext = {
    hub,
    live,
    liveState,
    hello,
    session,
    failure,
    may: (action) => session.value?.may.includes(action) ?? false,
    async begin() {
      failure.value = null
      try {
        hello.value = await hub.hello()
        session.value = await hub.session().catch((thrown) => {
          if (failureOf(thrown).code === 'session/none') return null
          throw thrown
        })
      } catch (thrown) {
        failure.value = failureOf(thrown)
      }
    },
    async signIn(account, pin) {
      session.value = await hub.signIn({ account, pin })
    },
    async signOut() {
      await hub.signOut()
      session.value = null
    },
  }
  app.provide(key, context)
  return context
}

export function useHub(): HubContext {
  const found = inject(key, null)
  assert(found, 'A composition root provides the hub before it mounts.')
  return found
}

export interface Asked<Answer> {
  readonly answer: Readonly<ShallowRef<Answer | null>>
  readonly failure: Readonly<ShallowRef<Failure | null>>
  readonly busy: Readonly<Ref<boolean>>
  readonly askedMs: Readonly<Ref<number | null>>
  again(): Promise<void>
}

/** A burst of pokes is one question. */
const pauseMs = 400

/** Asks when the key changes and when the hub pokes. The answer before stands until the next one is here; an answer to an older key is dropped. */
export function useAsk<Answer>(
  keyOf: () => string,
  ask: () => Promise<Answer>,
  heeds: (poke: ConsolePoke) => boolean = () => true,
): Asked<Answer> {
  const context = useHub()
  const { clock, timers } = useSurroundings()
  const answer = shallowRef<Answer | null>(null) as ShallowRef<Answer | null>
  const failure = shallowRef<Failure | null>(null)
  const busy = ref(false)
  const askedMs = ref<number | null>(null)
  let turn = 0
  let cancel = () => {}

  async function again(): Promise<void> {
    cancel()
    turn += 1
    const mine = turn
    busy.value = true
    try {
      const got = await ask()
      if (mine !== turn) return
      answer.value = got
      failure.value = null
      askedMs.value = clock.nowMs()
    } catch (thrown) {
      if (mine !== turn) return
      failure.value = failureOf(thrown)
      if (failure.value.code === 'session/none') context.session.value = null
    }
    busy.value = false
  }
  watch(
    keyOf,
    (_now, before) => {
      if (before !== undefined) answer.value = null
      void again()
    },
    { immediate: true },
  )
  const subscription = context.live.poke$.subscribe((poke) => {
    if (poke !== null && !heeds(poke)) return
    cancel()
    cancel = timers.after(pauseMs, () => void again())
  })
  onScopeDispose(() => {
    turn += 1
    cancel()
    subscription.unsubscribe()
  })
  return { answer, failure, busy, askedMs, again }
}
