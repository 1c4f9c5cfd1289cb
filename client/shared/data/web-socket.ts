/** The platform's WebSocket as the live socket wants it. */
import type { OpenSocket } from './live.ts'

/** origin: of the page or worker, such as https://station.example. */
export const openWebSocket =
  (origin: string): OpenSocket =>
  (ticket, events) => {
    const address = `${origin.replace(/^http/, 'ws')}/api/live?ticket=${encodeURIComponent(ticket)}`
    const socket = new WebSocket(address)
    let isOver = false
    const end = (): void => {
      if (isOver) return
      isOver = true
      events.onClose()
    }
    socket.onopen = () => events.onOpen()
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') events.onText(data)
    }
    socket.onclose = end
    socket.onerror = () => {
      socket.close()
      end()
    }
    return { close: () => socket.close() }
  }
