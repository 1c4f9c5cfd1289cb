import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '#protocols/limits.ts'
import {
  type OutgoingChange,
  type PusherEffect,
  type PusherEvent,
  type PusherState,
  pusherStart,
  stepPusher,
} from '#protocols/sync/pusher.ts'
import type { Receipt, ReceiptRow } from '#protocols/sync/receipt.ts'

const idOf = (seq: number): string => seq.toString(16).padStart(64, '0')
const change = (seq: number): OutgoingChange => ({ seq, id: idOf(seq), item: { plain: new Uint8Array([seq]) } })
const receipt = (...rows: readonly [number, ReceiptRow['outcome'], ReceiptRow['detail']?][]): Receipt => ({
  station: 'aa',
  epoch: 'bb',
  device: 'cc',
  timeMs: 1,
  rows: rows.map(([seq, outcome, detail = {}]) => ({ id: idOf(seq), seq: seq * 10, outcome, detail })),
})
const run = (events: readonly PusherEvent[], from: PusherState = pusherStart): [PusherState, PusherEffect[]] => {
  let state = from
  const effects: PusherEffect[] = []
  for (const event of events) {
    const [next, more] = stepPusher(state, event)
    state = next
    effects.push(...more)
  }
  return [state, effects]
}
const names = (effects: readonly PusherEffect[]): string[] => effects.map((effect) => effect.run)

describe('pusher', () => {
  it('a commit starts a load within the limits of the wire', () => {
    const [state, effects] = run([{ kind: 'changed' }])
    expect(state.at).toBe('loading')
    expect(effects).toEqual([{ run: 'load', countMax: limits.pushChangesMax, bytesMax: limits.pushBytesMax / 2 }])
  })

  it('what was loaded is sent, its receipt is kept before anything else is loaded', () => {
    const [state, effects] = run([
      { kind: 'contact' },
      { kind: 'loaded', changes: [change(1), change(2)] },
      { kind: 'answered', receipt: receipt([1, 'admitted'], [2, 'admitted']) },
    ])
    expect(state.at).toBe('settling')
    expect(names(effects)).toEqual(['load', 'send', 'settle'])
    expect(names(run([{ kind: 'settled' }], state)[1])).toEqual(['load'])
  })

  it('a refusal is an answer: the next change is sent at once', () => {
    const [, effects] = run([
      { kind: 'contact' },
      { kind: 'loaded', changes: [change(1)] },
      { kind: 'answered', receipt: receipt([1, 'change/denied']) },
      { kind: 'settled' },
      { kind: 'loaded', changes: [change(2)] },
    ])
    expect(names(effects)).toEqual(['load', 'send', 'settle', 'load', 'send'])
  })

  it('an empty read ends the run', () => {
    expect(run([{ kind: 'changed' }, { kind: 'loaded', changes: [] }])[0]).toEqual({ at: 'resting' })
  })

  it('a change committed while an empty read was under way is not left behind', () => {
    const [state, effects] = run([{ kind: 'changed' }, { kind: 'changed' }, { kind: 'loaded', changes: [] }])
    expect(state.at).toBe('loading')
    expect(names(effects)).toEqual(['load', 'load'])
  })

  it('a failure of any effect waits, longer each time', () => {
    const failing: PusherEvent[][] = [
      [{ kind: 'changed' }, { kind: 'failed' }],
      [{ kind: 'changed' }, { kind: 'loaded', changes: [change(1)] }, { kind: 'failed' }],
      [
        { kind: 'changed' },
        { kind: 'loaded', changes: [change(1)] },
        { kind: 'answered', receipt: receipt([1, 'admitted']) },
        { kind: 'failed' },
      ],
    ]
    for (const events of failing) {
      const [state, effects] = run(events)
      expect(effects.at(-1)).toEqual({ run: 'wait', attempt: 1 })
      const [, again] = run([{ kind: 'waited' }, { kind: 'failed' }], state)
      expect(again.at(-1)).toEqual({ run: 'wait', attempt: 2 })
    }
  })

  it('contact cuts a wait short and starts the back-off anew, a commit does not', () => {
    const [waiting] = run([{ kind: 'changed' }, { kind: 'failed' }, { kind: 'waited' }, { kind: 'failed' }])
    expect(run([{ kind: 'changed' }], waiting)).toEqual([waiting, []])
    const [state, effects] = run([{ kind: 'contact' }, { kind: 'failed' }], waiting)
    expect(effects).toEqual([
      { run: 'cancel-wait' },
      expect.objectContaining({ run: 'load' }),
      { run: 'wait', attempt: 1 },
    ])
    expect(state).toEqual({ at: 'waiting', attempt: 1 })
  })

  it('asked for older changes, it offers them again once, and asked the same again, it waits', () => {
    const asked = receipt([5, 'waiting', { from: 3 }])
    const [state, effects] = run([
      { kind: 'contact' },
      { kind: 'loaded', changes: [change(5)] },
      { kind: 'answered', receipt: asked },
    ])
    expect(effects.at(-1)).toEqual({ run: 'settle', receipt: asked, offerFrom: 3 })
    const [after, more] = run(
      [{ kind: 'settled' }, { kind: 'loaded', changes: [change(5)] }, { kind: 'answered', receipt: asked }],
      state,
    )
    expect(after.at).toBe('waiting')
    expect(names(more)).toEqual(['load', 'send', 'wait'])
  })

  it('a number that the gateway never takes does not make it go round in circles', () => {
    // The change before was refused without a place in the log: it stays settled, all after it wait for ever.
    let [state] = run([{ kind: 'contact' }, { kind: 'loaded', changes: [change(5)] }])
    let turns = 0
    for (; state.at !== 'waiting' && turns < 20; turns++) {
      const [next] = run([{ kind: 'answered', receipt: receipt([5, 'waiting', { from: 4 }]) }], state)
      if (next.at === 'waiting') {
        state = next
        break
      }
      ;[state] = run(
        [
          { kind: 'settled' },
          { kind: 'loaded', changes: [change(4)] },
          { kind: 'answered', receipt: receipt([4, 'change/unattributed']) },
          { kind: 'settled' },
          { kind: 'loaded', changes: [change(5)] },
        ],
        next,
      )
    }
    expect(state.at).toBe('waiting')
    expect(turns).toBe(1)
  })

  it('a receipt that names none of the changes sent is no progress', () => {
    const [state] = run([
      { kind: 'contact' },
      { kind: 'loaded', changes: [change(1)] },
      { kind: 'answered', receipt: receipt([9, 'admitted']) },
    ])
    expect(state.at).toBe('waiting')
  })

  it('stopped is for good', () => {
    const [state, effects] = run([{ kind: 'changed' }, { kind: 'stop' }, { kind: 'contact' }, { kind: 'waited' }])
    expect(state).toEqual({ at: 'stopped' })
    expect(names(effects)).toEqual(['load', 'cancel-wait'])
  })

  it('an event that does not belong to a state changes nothing', () => {
    const events: PusherEvent[] = [
      { kind: 'loaded', changes: [change(1)] },
      { kind: 'answered', receipt: receipt() },
      { kind: 'settled' },
      { kind: 'waited' },
      { kind: 'failed' },
    ]
    for (const event of events) expect(stepPusher(pusherStart, event)).toEqual([pusherStart, []])
    const sending = run([{ kind: 'changed' }, { kind: 'loaded', changes: [change(1)] }])[0]
    for (const kind of ['changed', 'contact', 'settled', 'waited'] as const)
      expect(stepPusher(sending, { kind })).toEqual([sending, []])
  })

  it('for any order of events there is one effect under way at most', () => {
    const event = fc.oneof(
      fc.constantFrom<PusherEvent>(
        { kind: 'changed' },
        { kind: 'contact' },
        { kind: 'settled' },
        { kind: 'failed' },
        { kind: 'waited' },
      ),
      fc
        .nat(3)
        .map(
          (count): PusherEvent => ({ kind: 'loaded', changes: Array.from({ length: count }, (_, i) => change(i + 1)) }),
        ),
      fc
        .constantFrom<ReceiptRow['outcome']>('admitted', 'waiting', 'change/denied')
        .map((outcome): PusherEvent => ({ kind: 'answered', receipt: receipt([1, outcome, { from: 1 }]) })),
    )
    const starts = ['load', 'send', 'settle']
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state: PusherState = pusherStart
        for (const each of events) {
          const [next, effects] = stepPusher(state, each)
          expect(effects.filter((effect) => starts.includes(effect.run)).length).toBeLessThanOrEqual(1)
          // A busy state is left only by an answer to what it asked for.
          const answers: Record<string, string[]> = {
            loading: ['loaded', 'failed', 'changed'],
            sending: ['answered', 'failed'],
            settling: ['settled', 'failed'],
          }
          if (next !== state && state.at in answers) expect(answers[state.at]).toContain(each.kind)
          state = next
        }
      }),
    )
  })
})
