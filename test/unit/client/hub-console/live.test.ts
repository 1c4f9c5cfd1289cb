import { describe, expect, it } from 'vitest'
import { createLive, type LiveState, type Source } from '../../../../client/hub-console/logic/live.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'

function world() {
  const clock = createFakeClock()
  const sources: { say(kind: string, data?: string): void; closed: boolean }[] = []
  const live = createLive({
    timers: clock,
    open() {
      const listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>()
      const source = {
        closed: false,
        say(kind: string, data = '') {
          for (const each of listeners.get(kind) ?? []) each({ data } as MessageEvent<string>)
        },
      }
      sources.push(source)
      return {
        addEventListener: (kind, listener) => void listeners.set(kind, [...(listeners.get(kind) ?? []), listener]),
        close: () => {
          source.closed = true
        },
      } satisfies Source
    },
  })
  const states: LiveState[] = []
  const pokes: unknown[] = []
  live.state$.subscribe((state) => states.push(state))
  live.poke$.subscribe((poke) => pokes.push(poke))
  return { live, clock, sources, states, pokes }
}
const poke = { kind: 'bundle', station: 'a' }

describe("the hub's pokes", () => {
  it('come through when they have their form, and nothing else does', () => {
    const { live, sources, states, pokes } = world()
    live.open()
    live.open()
    expect(sources).toHaveLength(1)
    sources[0]?.say('open')
    sources[0]?.say('poke', JSON.stringify(poke))
    for (const bad of ['', '{', 'null', '{"kind":"other","station":"a"}', '{"kind":"bundle"}', '[]'])
      sources[0]?.say('poke', bad)
    sources[0]?.say('beat')
    expect(states).toEqual(['closed', 'opening', 'open'])
    expect(pokes).toEqual([poke])
  })

  it('after a break it opens anew by itself, and says once that anything may be new', () => {
    const { live, clock, sources, states, pokes } = world()
    live.open()
    sources[0]?.say('open')
    sources[0]?.say('error')
    expect(sources[0]?.closed).toBe(true)
    expect(states.at(-1)).toBe('broken')
    clock.advance(2999)
    expect(sources).toHaveLength(1)
    clock.advance(1)
    sources[1]?.say('error')
    clock.advance(3000)
    expect(states.at(-1)).toBe('broken')
    sources[2]?.say('open')
    expect(states.at(-1)).toBe('open')
    expect(pokes).toEqual([null])
  })

  it('closed, it stays closed: no try is left behind', () => {
    const { live, clock, sources, states } = world()
    live.open()
    sources[0]?.say('error')
    live.close()
    clock.advance(60_000)
    expect(sources).toHaveLength(1)
    expect(clock.pending()).toBe(0)
    expect(states.at(-1)).toBe('closed')
    live.open()
    expect(states.at(-1)).toBe('opening')
  })
})
