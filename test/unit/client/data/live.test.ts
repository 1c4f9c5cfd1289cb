import { beforeEach, describe, expect, it } from 'vitest'
import { createLive, type Live, type SocketEvents } from '../../../../client/shared/data/live.ts'
import type { LiveMessage } from '#protocols/sync/pull.ts'
import { createFakeClock, type FakeClock } from '../../../fixtures/fake-clock.ts'

const random = { bytes: (n: number) => new Uint8Array(n).fill(128) }
let clock: FakeClock
let sockets: { ticket: string; events: SocketEvents; isClosed: boolean }[]
let heard: string[]
let messages: LiveMessage[]
let hasTicket: boolean
let asked: number
let live: Live

beforeEach(async () => {
  clock = createFakeClock()
  sockets = []
  heard = []
  messages = []
  hasTicket = true
  asked = 0
  live = createLive({
    ticket: async () => {
      asked++
      if (!hasTicket) throw new Error('no ticket')
      return `ticket ${asked}`
    },
    openSocket: (ticket, events) => {
      const socket = { ticket, events, isClosed: false }
      sockets.push(socket)
      return { close: () => void (socket.isClosed = true) }
    },
    timers: clock,
    random,
    onMessage: (message) => messages.push(message),
    onOpen: () => heard.push('open'),
    onClose: () => heard.push('close'),
  })
  await clock.advanceAsync(0)
})

describe('the live socket', () => {
  it('is opened with a fresh ticket, and passes on what it understands', () => {
    sockets[0]?.events.onOpen()
    sockets[0]?.events.onText('{"kind":"poke","seq":7}')
    for (const text of ['', 'null', '[]', '{"kind":"later"}', '{'] as const) sockets[0]?.events.onText(text)
    expect([heard, messages, sockets[0]?.ticket]).toEqual([['open'], [{ kind: 'poke', seq: 7 }], 'ticket 1'])
  })

  it('closed, it is opened again after a growing wait with a new ticket', async () => {
    sockets[0]?.events.onOpen()
    sockets[0]?.events.onClose()
    expect(heard).toEqual(['open', 'close'])
    await clock.advanceAsync(374)
    expect(sockets).toHaveLength(1)
    await clock.advanceAsync(2)
    expect(sockets.map((socket) => socket.ticket)).toEqual(['ticket 1', 'ticket 2'])
    sockets[1]?.events.onClose()
    await clock.advanceAsync(700)
    expect(sockets).toHaveLength(2)
    await clock.advanceAsync(100)
    expect(sockets).toHaveLength(3)
  })

  it('without a ticket it waits too; contact tries at once', async () => {
    sockets[0]?.events.onClose()
    hasTicket = false
    await clock.advanceAsync(60_000)
    expect(asked).toBeGreaterThan(3)
    hasTicket = true
    live.contact()
    await clock.advanceAsync(0)
    expect(sockets).toHaveLength(2)
  })

  it('contact while it is open or opening opens no second one', async () => {
    live.contact()
    live.contact()
    await clock.advanceAsync(0)
    expect(sockets).toHaveLength(1)
  })

  it('one that never opened is not told as closed', () => {
    sockets[0]?.events.onClose()
    expect(heard).toEqual([])
  })

  it('ended, it stays ended', async () => {
    sockets[0]?.events.onOpen()
    live.close()
    expect(sockets[0]?.isClosed).toBe(true)
    sockets[0]?.events.onClose()
    sockets[0]?.events.onText('{"kind":"poke","seq":7}')
    await clock.advanceAsync(600_000)
    expect([sockets.length, heard, messages, clock.pending()]).toEqual([1, ['open'], [], 0])
  })
})
