/** The live socket: it says that something changed, never what. Closed, it is opened again after a growing wait; an open one is the surest sign of
 *  contact. Nothing is ever sent on it. */
import type { Random } from '#crypto/random.ts'
import type { Timers } from '#protocols/clock.ts'
import { backOffMs } from '#protocols/sync/back-off.ts'
import type { LiveMessage } from '#protocols/sync/pull.ts'

/** What a platform's WebSocket comes down to. */
export interface Socket {
  close(): void
}
export interface SocketEvents {
  onOpen(): void
  onText(text: string): void
  /** Once, however it ended. */
  onClose(): void
}
export type OpenSocket = (ticket: string, events: SocketEvents) => Socket

export interface LiveOptions {
  /** A fresh one-use ticket. */
  readonly ticket: () => Promise<string>
  readonly openSocket: OpenSocket
  readonly timers: Timers
  readonly random: Random
  readonly onMessage: (message: LiveMessage) => void
  readonly onOpen: () => void
  readonly onClose: () => void
}

export interface Live {
  /** Try now, whatever the back-off says. */
  contact(): void
  close(): void
}

export function createLive(options: LiveOptions): Live {
  const { timers, random } = options
  let socket: Socket | null = null
  let isBusy = false
  let isClosed = false
  let attempt = 0
  let cancelWait = () => {}

  function later(): void {
    cancelWait()
    attempt++
    cancelWait = timers.after(backOffMs(attempt, random), () => void connect())
  }

  async function connect(): Promise<void> {
    if (isClosed || isBusy || socket) return
    isBusy = true
    cancelWait()
    try {
      const ticket = await options.ticket()
      if (!isClosed) open(ticket)
    } catch {
      // Whatever it was, it has been told where the request was made.
      if (!isClosed) later()
    } finally {
      isBusy = false
    }
  }

  function open(ticket: string): void {
    let isOpen = false
    const mine = options.openSocket(ticket, {
      onOpen() {
        isOpen = true
        attempt = 0
        if (!isClosed) options.onOpen()
      },
      onText(text) {
        const message = messageOf(text)
        if (message && !isClosed) options.onMessage(message)
      },
      onClose() {
        if (socket === mine) socket = null
        if (isClosed) return
        if (isOpen) options.onClose()
        later()
      },
    })
    socket = mine
  }

  void connect()
  return {
    contact: () => void connect(),
    close() {
      isClosed = true
      cancelWait()
      socket?.close()
      socket = null
    },
  }
}

/** Null for what is no message of ours: a newer gateway may say more than we know. */
function messageOf(text: string): LiveMessage | null {
  try {
    const message = JSON.parse(text) as LiveMessage
    return ['poke', 'kiosk', 'bye'].includes(message?.kind) ? message : null
  } catch {
    return null
  }
}
