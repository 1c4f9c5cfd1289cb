/** Live sockets: a poke when a scope moved, events for kiosks. Nothing of a record travels here. */
import type { KioskEvent } from '#protocols/http/kiosk.ts'
import { limits } from '#protocols/limits.ts'
import type { LiveMessage } from '#protocols/sync/pull.ts'

/** What a socket can do for us. */
export interface LiveSocket {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes that wait to be sent. */
  backlogBytes(): number
}

export interface LivePeer {
  readonly device: string
  readonly account: string | null
  /** Scope keys as they stand now: asked at each poke, so that changed posts take effect. */
  readonly keys: () => readonly string[]
}

export function createLive() {
  const peers = new Map<LiveSocket, LivePeer>()
  const send = (socket: LiveSocket, message: LiveMessage) => {
    // A peer that does not read is cut off; it will pull when it comes back.
    if (socket.backlogBytes() > limits.liveBacklogBytesMax) {
      peers.delete(socket)
      socket.close(1013, 'backlog')
      return
    }
    socket.send(JSON.stringify(message))
  }
  return {
    /** False when there are too many. */
    join(socket: LiveSocket, peer: LivePeer): boolean {
      if (peers.size >= limits.liveSocketsMax) return false
      peers.set(socket, peer)
      return true
    },
    leave: (socket: LiveSocket) => {
      peers.delete(socket)
    },
    poke(moved: ReadonlySet<string>, seq: number): void {
      for (const [socket, peer] of peers) if (peer.keys().some((key) => moved.has(key))) send(socket, { kind: 'poke', seq })
    },
    toKiosk(device: string, event: KioskEvent): void {
      for (const [socket, peer] of peers) if (peer.device === device && peer.account === null) send(socket, { kind: 'kiosk', event })
    },
    isHere: (device: string): boolean => [...peers.values()].some((peer) => peer.device === device),
    close(): void {
      for (const socket of peers.keys()) socket.close(1001, 'gateway stops')
      peers.clear()
    },
  }
}
export type Live = ReturnType<typeof createLive>
