import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { addToSum, emptySum, type Manifest, type ScopeSum } from '#protocols/sync/manifest.ts'
import type { Checkpoint, PullAnswer, PullRow } from '#protocols/sync/pull.ts'
import {
  type PullerEffect,
  type PullerEvent,
  type PullerState,
  pullerStart,
  stepPuller,
} from '#protocols/sync/puller.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const doc = (n: number, version = 1): RecordDoc =>
  ({ id: id(n), type: 'task', version: version.toString(16).padStart(64, '0'), seq: n }) as unknown as RecordDoc
const epoch = '0000000000000001'
const otherEpoch = '0000000000000002'
const at = (seq: number, of = epoch): Checkpoint => ({ epoch: of, seq })
const rowIn = (n: number): PullRow => ({ seq: n, dir: 'in', doc: doc(n) })
const rowOut = (n: number): PullRow => ({ seq: n, dir: 'out', type: 'task', id: id(n) })
const page = (rows: PullRow[], checkpoint: Checkpoint, more = false): PullAnswer => ({
  rows,
  checkpoint,
  more,
  manifest: null,
  timeMs: 7,
})
const manifestOf = (sum: ScopeSum): Manifest => ({
  station: '',
  epoch,
  seq: 0,
  scopeKey: '',
  timeMs: 7,
  count: sum.count,
  sum: sum.sum,
})
const sumOf = (...numbers: number[]): ScopeSum =>
  numbers.reduce((sum, n) => addToSum(sum, id(n), doc(n).version), emptySum)

const run = (events: readonly PullerEvent[], from: PullerState = pullerStart): [PullerState, PullerEffect[]] => {
  let state = from
  const effects: PullerEffect[] = []
  for (const event of events) {
    const [next, more] = stepPuller(state, event)
    state = next
    effects.push(...more)
  }
  return [state, effects]
}
const names = (effects: readonly PullerEffect[]): string[] => effects.map((effect) => effect.run)
const fresh: PullerEvent = { kind: 'started', checkpoint: null, isSweeping: false }

describe('puller', () => {
  beforeAll(() => ready)

  it('goes on from the stored checkpoint, page after page, to the end', () => {
    const [state, effects] = run([
      { kind: 'poke' },
      { kind: 'started', checkpoint: at(3), isSweeping: false },
      { kind: 'answered', answer: page([rowIn(4)], at(4), true), manifest: null },
      { kind: 'applied', sum: emptySum },
      { kind: 'answered', answer: page([rowIn(5)], at(5)), manifest: null },
      { kind: 'applied', sum: emptySum },
    ])
    expect(state).toEqual({ at: 'resting', mayRepair: true })
    expect(names(effects)).toEqual(['start', 'pull', 'apply', 'pull', 'apply'])
    expect(effects[1]).toMatchObject({ request: { checkpoint: at(3) } })
    expect(effects[3]).toMatchObject({ request: { checkpoint: at(4) } })
    expect(effects[4]).toMatchObject({ page: { isEnd: true, keepOnly: null, checkpoint: at(5) }, pulled: 2 })
  })

  it('the next page is asked for only after the one before is on disk', () => {
    const [state, effects] = run([
      { kind: 'poke' },
      fresh,
      { kind: 'answered', answer: page([rowIn(1)], at(1), true), manifest: null },
    ])
    expect(state.at).toBe('applying')
    expect(effects.at(-1)?.run).toBe('apply')
    expect(run([{ kind: 'failed' }], state)[0]).toMatchObject({ at: 'waiting', attempt: 1 })
  })

  it('a sum that agrees with the manifest is reported as proved', () => {
    const sum = sumOf(1, 2)
    const [state, effects] = run([
      { kind: 'poke' },
      fresh,
      { kind: 'answered', answer: page([rowIn(1), rowIn(2)], at(2)), manifest: manifestOf(sum) },
      { kind: 'applied', sum },
    ])
    expect(state.at).toBe('resting')
    expect(effects.at(-1)).toEqual({ run: 'report', isProved: true, have: 2, of: 2, atMs: 7 })
  })

  it('a wrong sum starts over from nothing and keeps only what comes again', () => {
    const [state, effects] = run([
      { kind: 'poke' },
      { kind: 'started', checkpoint: at(1), isSweeping: false },
      { kind: 'answered', answer: page([rowIn(2)], at(2)), manifest: manifestOf(sumOf(2)) },
      { kind: 'applied', sum: sumOf(1, 2) },
    ])
    expect(names(effects.slice(-3))).toEqual(['report', 'repair', 'start'])
    const [after, more] = run(
      [
        { kind: 'started', checkpoint: null, isSweeping: true },
        { kind: 'answered', answer: page([rowIn(1), rowIn(2)], at(2), true), manifest: null },
        { kind: 'applied', sum: sumOf(1, 2) },
        { kind: 'answered', answer: page([rowOut(1)], at(3)), manifest: manifestOf(sumOf(2)) },
      ],
      state,
    )
    expect(more.at(-1)).toMatchObject({ run: 'apply', page: { keepOnly: new Set([id(2)]), isEnd: true } })
    expect(run([{ kind: 'applied', sum: sumOf(2) }], after)[1]).toMatchObject([{ run: 'report', isProved: true }])
  })

  it('a sum that stays wrong is reported and repaired again only after a new contact', () => {
    const wrong: PullerEvent[] = [
      { kind: 'answered', answer: page([], at(2)), manifest: manifestOf(sumOf(2)) },
      { kind: 'applied', sum: sumOf(1) },
    ]
    const [state, effects] = run([
      { kind: 'poke' },
      { kind: 'started', checkpoint: at(1), isSweeping: false },
      ...wrong,
      { kind: 'started', checkpoint: null, isSweeping: true },
      ...wrong,
    ])
    expect(state).toEqual({ at: 'resting', mayRepair: false })
    expect(names(effects).filter((name) => name === 'repair')).toHaveLength(1)
    const again: PullerEvent[] = [{ kind: 'started', checkpoint: at(2), isSweeping: false }, ...wrong]
    expect(names(run([{ kind: 'poke' }, ...again], state)[1])).not.toContain('repair')
    expect(names(run([{ kind: 'contact' }, ...again], state)[1])).toContain('repair')
  })

  it('another epoch starts over without taking the page in', () => {
    const [state, effects] = run([
      { kind: 'poke' },
      { kind: 'started', checkpoint: at(9), isSweeping: false },
      { kind: 'answered', answer: page([rowIn(1)], at(1, otherEpoch)), manifest: null },
    ])
    expect(state).toMatchObject({ at: 'starting', fromScratch: true })
    expect(names(effects)).toEqual(['start', 'pull', 'start'])
  })

  it('an epoch that changes in the middle of a run starts over too', () => {
    const [, effects] = run([
      { kind: 'poke' },
      fresh,
      { kind: 'answered', answer: page([rowIn(1)], at(1), true), manifest: null },
      { kind: 'applied', sum: sumOf(1) },
      { kind: 'answered', answer: page([rowIn(1)], at(1, otherEpoch)), manifest: null },
    ])
    expect(effects.at(-1)).toEqual({ run: 'start', fromScratch: true })
  })

  it('a sweep that a crash cut off is begun anew, for what had come before the crash is not known', () => {
    const [state] = run([{ kind: 'poke' }, { kind: 'started', checkpoint: at(5), isSweeping: true }])
    expect(state).toMatchObject({ at: 'starting', fromScratch: true })
  })

  it('a first pull that a crash cut off goes on where it was', () => {
    const [, effects] = run([{ kind: 'poke' }, { kind: 'started', checkpoint: at(5), isSweeping: false }])
    expect(effects.at(-1)).toMatchObject({ run: 'pull', request: { checkpoint: at(5) } })
  })

  it('a starting over that failed is made up for', () => {
    const [state] = run([
      { kind: 'poke' },
      { kind: 'started', checkpoint: at(1), isSweeping: false },
      { kind: 'answered', answer: page([], at(2)), manifest: manifestOf(sumOf(2)) },
      { kind: 'applied', sum: emptySum },
      { kind: 'failed' },
    ])
    expect(state).toMatchObject({ at: 'waiting', mayRepair: true })
  })

  it('poked during a run, it runs once more', () => {
    const end: PullerEvent[] = [
      { kind: 'answered', answer: page([], at(2)), manifest: null },
      { kind: 'applied', sum: emptySum },
    ]
    const [state] = run([{ kind: 'poke' }, fresh, { kind: 'poke' }, { kind: 'poke' }, ...end])
    expect(state.at).toBe('starting')
    expect(run([fresh, ...end], state)[0].at).toBe('resting')
  })

  it('contact cuts a wait short, a poke does not', () => {
    const [waiting] = run([{ kind: 'poke' }, { kind: 'failed' }])
    expect(run([{ kind: 'poke' }], waiting)).toEqual([waiting, []])
    expect(names(run([{ kind: 'contact' }], waiting)[1])).toEqual(['cancel-wait', 'start'])
  })

  it('stopped is for good', () => {
    const [state, effects] = run([{ kind: 'poke' }, { kind: 'stop' }, fresh, { kind: 'contact' }])
    expect(state).toEqual({ at: 'stopped' })
    expect(names(effects)).toEqual(['start', 'cancel-wait'])
  })
})
