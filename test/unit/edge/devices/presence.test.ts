import { beforeEach, describe, expect, test } from 'vitest'
import { createPresence, type PresenceBoard, type PresenceChange } from '../../../../edge/devices/presence.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'

let clock: FakeClock
let changes: PresenceChange[]
let board: PresenceBoard
beforeEach(() => {
  clock = createFakeClock()
  changes = []
  const onChange = (change: PresenceChange) => void changes.push(change)
  board = createPresence({ clock, timers: clock, onChange, goneAfterMs: 5000, silentAfterMs: 60_000 })
})
const states = () => changes.map(({ deviceId, state }) => `${deviceId} ${state}`)

describe('presence', () => {
  test('a device that speaks is active at once, and told once', () => {
    board.heard('a')
    board.heard('a')
    expect(changes).toEqual([{ deviceId: 'a', state: 'active', heardAtMs: clock.nowMs() }])
    expect(board.stateOf('a')).toBe('active')
    expect(board.stateOf('b')).toBe('unknown')
  })

  test('a will makes it silent after a moment, not before', () => {
    board.heard('a')
    board.lost('a')
    clock.advance(4999)
    expect(states()).toEqual(['a active'])
    clock.advance(1)
    expect(states()).toEqual(['a active', 'a silent'])
  })

  test('a cable that was moved is nobody’s business', () => {
    board.heard('a')
    board.lost('a')
    clock.advance(4000)
    board.heard('a')
    clock.advance(50_000)
    expect(states()).toEqual(['a active'])
  })

  test('a will that is said again does not put off the silence', () => {
    board.heard('a')
    board.lost('a')
    clock.advance(4000)
    board.lost('a')
    clock.advance(1000)
    expect(states()).toEqual(['a active', 'a silent'])
  })

  test('a device that says nothing falls silent though its connection stands', () => {
    board.heard('a')
    clock.advance(59_999)
    board.heard('a')
    clock.advance(59_999)
    expect(states()).toEqual(['a active'])
    clock.advance(1)
    expect(states()).toEqual(['a active', 'a silent'])
    expect(board.heardAtMs('a')).toBe(clock.nowMs() - 60_000)
  })

  test('an enrolled device that never spoke is called silent, one that was never expected is not', () => {
    board.expect('a')
    clock.advance(60_000)
    expect(changes).toEqual([{ deviceId: 'a', state: 'silent', heardAtMs: null }])
    board.heard('a')
    expect(states()).toEqual(['a silent', 'a active'])
  })

  test('a retained will of a device that is long gone does not make it active', () => {
    board.lost('a')
    clock.advance(5000)
    expect(states()).toEqual(['a silent'])
  })

  test('a forgotten device is told of no more, and closing leaves no timer', () => {
    board.heard('a')
    board.heard('b')
    board.forget('a')
    clock.advance(60_000)
    expect(states()).toEqual(['a active', 'b active', 'b silent'])
    board.heard('b')
    board.close()
    expect(clock.pending()).toBe(0)
  })
})
