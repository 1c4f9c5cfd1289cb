import type { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectFrame, frame, rawPeer, readerId, secretOf, startStation, type Station } from './station.ts'

const pingRequest = Buffer.from([0xc0, 0])
const pingResponse = [0xd0, 0]
const connackBytes = 4
const topic = Buffer.from(`up/${readerId}/health`)
const publish = (messageId: number, text: string) => {
  const head = Buffer.from([topic.length >> 8, topic.length & 255])
  return frame(0x32, Buffer.concat([head, topic, Buffer.from([messageId >> 8, messageId & 255]), Buffer.from(text)]))
}

/** A disk that can be made to hang: its writes begin when it is let go. */
function hangingDisk() {
  let isHanging = false
  let letGo = () => {}
  let released: Promise<void> = Promise.resolve()
  return {
    hang() {
      isHanging = true
      released = new Promise((resolve) => {
        letGo = resolve
      })
    },
    letGo() {
      isHanging = false
      letGo()
    },
    wrap: (level: ClassicLevel<string, Buffer>) =>
      new Proxy(level, {
        get(target, key) {
          if (key === 'batch')
            return async (...args: Parameters<typeof target.batch>) => {
              if (isHanging) await released
              return target.batch(...args)
            }
          const value = Reflect.get(target, key, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  }
}

let station: Station
const disk = hangingDisk()
beforeEach(async () => {
  station = await startStation({}, { wrapLevel: disk.wrap })
})
afterEach(async () => {
  disk.letGo()
  await station.close()
})

const connectedPeer = async () => {
  const peer = await rawPeer(station.port)
  peer.socket.write(connectFrame(readerId, secretOf(readerId)))
  await peer.waitForBytes(connackBytes)
  return peer
}

test('a message is acknowledged only after it is on disk', async () => {
  const peer = await connectedPeer()
  disk.hang()
  peer.socket.write(Buffer.concat([publish(1, 'a'), publish(2, 'b'), pingRequest]))
  // The library answers in order: when the answer to the ping is here, the acknowledgements had their turn.
  expect([...(await peer.waitForBytes(connackBytes + 2)).subarray(connackBytes)]).toEqual(pingResponse)
  disk.letGo()
  const bytes = await peer.waitForBytes(connackBytes + 2 + 8)
  expect([...bytes.subarray(connackBytes + 2)]).toEqual([0x40, 2, 0, 1, 0x40, 2, 0, 2])
  peer.socket.destroy()
})

test('a device that goes before its message is on disk has no acknowledgement', async () => {
  const peer = await connectedPeer()
  disk.hang()
  peer.socket.write(Buffer.concat([publish(1, 'a'), pingRequest]))
  await peer.waitForBytes(connackBytes + 2)
  peer.socket.end()
  await peer.closed
  expect(peer.received().length).toBe(connackBytes + 2)
})
