import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemRandom } from '#crypto/random.ts'
import type { Match } from '#protocols/device/kiosk.ts'
import type { DocumentReading } from '#protocols/device/reading.ts'
import { createDedupe, type SeqState } from '../../../../edge/devices/dedupe.ts'
import { createInbox, type Inbox } from '../../../../edge/devices/inbox.ts'
import { readMatch } from '../../../../edge/devices/kiosk.ts'
import type { DeviceMessage } from '../../../../edge/devices/message.ts'
import { createPresence, type PresenceBoard } from '../../../../edge/devices/presence.ts'
import { readDocument } from '../../../../edge/devices/reader.ts'
import { systemClock, systemTimers } from '../../../../edge/shell/clock.ts'
import { simulatorsConfig } from '../../../../edge/tools/simulators/config.ts'
import { demoPeople } from '../../../../edge/tools/simulators/people.ts'
import { type Simulators, startSimulators } from '../../../../edge/tools/simulators/simulators.ts'
import {
  connected,
  createLog,
  kindById,
  kioskId,
  readerId,
  secretOf,
  startStation,
  type Station,
  tempFolder,
} from '../broker/station.ts'

// Real processes and sockets on a machine that may be busy: a limit against hanging, not a measure.
vi.setConfig({ testTimeout: 60_000 })

const session = 'd1'.repeat(16)
const threshold = 860
const today = '2026-11-21'

let folder: string
let station: Station
let simulators: Simulators
let inbox: Inbox
let presence: PresenceBoard
let changes: string[]
let readings: ReturnType<typeof readDocument>[]
let matches: Match[]
let health: DeviceMessage[]

/** The gateway's side as it will be, without its store: dedupe, reading, answer. */
const ingest = async (message: DeviceMessage) => {
  if (message.topic === 'up/<device>/presence') {
    if (message.payload.state === 'offline') presence.lost(message.deviceId)
    else presence.heard(message.deviceId)
    return
  }
  presence.heard(message.deviceId)
  const { deviceId } = message
  const { seq } = message.payload
  const verdict = dedupe.judge(deviceId, seq)
  if (verdict === 'new') {
    dedupe.remember(deviceId, seq)
    if (message.topic === 'up/<device>/swipe') readings.push(readDocument(message.payload, today))
    if (message.topic === 'up/<device>/match') matches.push(message.payload)
    if (message.topic === 'up/<device>/health') health.push(message)
  }
  if (message.topic === 'up/<device>/swipe')
    await inbox.send('down/<device>/result', deviceId, {
      v: 1,
      seq,
      outcome: verdict === 'new' ? 'accepted' : 'repeated',
    })
}
const states = new Map<string, SeqState>()
const dedupe = createDedupe({ load: (id) => states.get(id), save: (id, state) => void states.set(id, state) })

const configOf = async (brokerUrl: string) => {
  const secretPath = async (id: string) => {
    const path = join(folder, id)
    await writeFile(path, `${secretOf(id)}\n`, { mode: 0o600 })
    return path
  }
  const passwordPath = join(folder, 'camera')
  await writeFile(passwordPath, 'camera-password', { mode: 0o600 })
  return {
    brokerUrl,
    cameras: [{ name: 'hall', username: 'gate', passwordPath }],
    readers: [{ deviceId: readerId, secretPath: await secretPath(readerId) }],
    kioskUnits: [{ deviceId: kioskId, secretPath: await secretPath(kioskId), camera: 'hall' }],
  }
}

beforeEach(async () => {
  folder = await tempFolder()
  station = await startStation()
  states.clear()
  changes = []
  readings = []
  matches = []
  health = []
  const onChange = ({ deviceId, state }: { deviceId: string; state: string }) =>
    void changes.push(`${deviceId} ${state}`)
  presence = createPresence({ clock: systemClock, timers: systemTimers, onChange, goneAfterMs: 1 })
  inbox = createInbox({
    url: station.url,
    secret: secretOf('gateway'),
    register: {
      find: (deviceId) => ({ deviceId, kind: kindById[deviceId] ?? 'reader', isEnabled: true }),
      all: () => [],
    },
    ingest,
    onRejected: ({ code }) => {
      throw new Error(code)
    },
    clock: systemClock,
    timers: systemTimers,
    log: createLog(),
  })
  await inbox.ready
  const config = simulatorsConfig.parse(await configOf(station.url))
  simulators = await startSimulators(config, { clock: systemClock, timers: systemTimers, random: systemRandom })
  await Promise.all([...simulators.readers, ...simulators.kioskUnits].map((device) => device.ready))
})
afterEach(async () => {
  await simulators.close()
  await inbox.close()
  presence.close()
  await station.close()
  await rm(folder, { recursive: true, force: true })
})

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
const control = (path: string) => `http://127.0.0.1:${simulators.controlPort}${path}`
const post = async (path: string, body: unknown, headers = { 'content-type': 'application/json' }) => {
  const response = await fetch(control(path), { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}

describe('the reader', () => {
  test('a document laid on it by hand becomes a reading at the gateway, and its lamp hears the answer', async () => {
    const { status, body } = await post('/swipe', { document: 'lin' })
    expect(status).toBe(200)
    expect(await simulators.readers[0]?.result(body['seq'] ?? 0)).toMatchObject({ outcome: 'accepted' })
    expect(readings).toHaveLength(1)
    expect(readings[0]).toMatchObject({ ok: true, numberMasked: '000***********404X', failed: [] })
  })

  test('every demo person can be laid on it, and a document of one’s own', async () => {
    const people = (await (await fetch(control('/people'))).json()) as { people: typeof demoPeople }
    expect(people.people.map(({ key }) => key)).toEqual(demoPeople.map(({ key }) => key))
    for (const { key } of demoPeople) await post('/swipe', { document: key })
    const own = { documentType: 'drivingLicence', number: 'X1', name: '何谷雨' }
    await post('/swipe', { document: own, inFront: 'nobody' })
    await until(() => readings.length === demoPeople.length + 1)
    expect((readings.at(-1) as DocumentReading).documentType).toBe('drivingLicence')
  })

  test('a swipe made while the broker is away arrives when it is back, once', async () => {
    const [reader] = simulators.readers
    // Somebody takes its connection; the reader comes back by itself and sends what it owes.
    const client = station.client(readerId)
    await connected(client)
    const swiped = reader?.swipe(demoPeople[1]?.document ?? { unreadable: true, reason: 'other' })
    await client.endAsync(true)
    const seq = await swiped
    expect(await reader?.result(seq ?? 0)).toMatchObject({ outcome: 'accepted' })
    expect(readings).toHaveLength(1)
  })

  test('with its cable cut it falls silent by its will', async () => {
    await until(() => changes.includes(`${readerId} active`))
    simulators.readers[0]?.cut()
    await until(() => changes.includes(`${readerId} silent`))
  })
})

describe('the kiosk unit', () => {
  const ask = async (document: string, inFront?: string, change: object = {}) => {
    const { body } = await post('/swipe', inFront === undefined ? { document } : { document, inFront })
    const asked = {
      v: 1,
      session,
      reader: readerId,
      seq: body['seq'] ?? 0,
      threshold,
      validUntil: 9e12,
      ...change,
    } as const
    await inbox.send('down/<device>/compare', kioskId, asked)
    await until(() => matches.length > 0)
    const report = matches.shift()
    if (!report) throw new Error('no report')
    expect(readMatch(report, asked, 0).failed).toEqual([])
    return report
  }

  test('the holder of the document before the camera is a match, measured by the named model', async () => {
    const report = await ask('lin')
    expect(report).toMatchObject({ session, threshold, decision: 'match', model: 'simulator-1' })
    expect(report.score).toBeGreaterThanOrEqual(threshold)
  })

  test('somebody else is a mismatch, for every pair of demo people', async () => {
    const people = demoPeople.filter(({ key }) => key !== 'unreadable').map(({ key }) => key)
    for (const [index, key] of people.entries()) {
      const other = people[(index + 1) % people.length] ?? ''
      expect([key, other, (await ask(key, other)).decision]).toEqual([key, other, 'mismatch'])
      expect([key, (await ask(key)).decision]).toEqual([key, 'match'])
    }
  })

  test('nobody before the camera, no portrait, and a question too late are said so, with score 0', async () => {
    expect(await ask('lin', 'nobody')).toMatchObject({ decision: 'noFace', score: 0 })
    expect(await ask('unreadable', 'lin')).toMatchObject({ decision: 'noPortrait', score: 0 })
    expect(await ask('lin', 'lin', { seq: 1 })).toMatchObject({ decision: 'noPortrait', score: 0 })
  })

  test('a camera that is away is nobody seen', async () => {
    await simulators.cameras[0]?.close()
    expect(await ask('lin')).toMatchObject({ decision: 'noFace', score: 0 })
  })

  test('it shows the gateway’s line and reports its paper', async () => {
    const line = { v: 1, id: session, text: { zh: '请到窗口', en: 'To the window, please' }, validUntil: 9e12 } as const
    await inbox.send('down/<device>/message', kioskId, line)
    await until(() => simulators.kioskUnits[0]?.lastMessage() !== null)
    expect(simulators.kioskUnits[0]?.lastMessage()).toEqual(line)
    expect((await post('/paper', { paper: 'out' })).status).toBe(200)
    await until(() => health.some(({ payload }) => 'paper' in payload && payload.paper === 'out'))
  })
})

describe('the control', () => {
  test('a form of another page, another host, an unknown key, person or reader are refused', async () => {
    expect((await post('/swipe', { document: 'lin' }, { 'content-type': 'text/plain' })).status).toBe(400)
    expect((await post('/swipe', { document: 'lin', extra: 1 })).status).toBe(400)
    expect((await post('/swipe', { document: 'nobody-of-that-name' })).status).toBe(404)
    expect((await post('/swipe', { document: 'lin', reader: kioskId })).status).toBe(404)
    expect((await post('/swipe', { document: 'lin', inFront: 'stranger' })).status).toBe(404)
    expect((await post('/swipe', { document: 'x'.repeat(9000) })).status).toBe(400)
    expect((await post('/nowhere', {})).status).toBe(404)
    const foreign = request({
      port: simulators.controlPort,
      host: '127.0.0.1',
      path: '/people',
      headers: { host: 'evil.example' },
    })
    foreign.end()
    const [response] = await once(foreign, 'response')
    expect(response.statusCode).toBe(403)
    response.resume()
    expect(readings).toEqual([])
  })

  test('its page is there and allows no foreign origin', async () => {
    const response = await fetch(control('/'))
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('Demo data')
  })

  test('it tells what its devices last heard', async () => {
    const { body } = await post('/swipe', { document: 'lin' })
    await simulators.readers[0]?.result(body['seq'] ?? 0)
    const state = await (await fetch(control('/state'))).json()
    expect(state).toMatchObject({
      readers: [{ deviceId: readerId, lastResult: { seq: body['seq'], outcome: 'accepted' } }],
    })
  })
})

test('started as a process from a file it says that it is ready and stops when told', async () => {
  await simulators.close()
  const configPath = join(folder, 'simulators.json')
  await writeFile(configPath, JSON.stringify(await configOf(station.url)))
  const child = spawn(process.execPath, ['edge/tools/simulators/main.ts', '--config', configPath], {
    cwd: new URL('../../../../', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const said = JSON.parse(String(line))
  expect(said).toMatchObject({ ready: true, cameras: [expect.stringContaining('http://127.0.0.1:')] })
  const response = await fetch(`http://127.0.0.1:${said.controlPort}/swipe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ document: 'lin' }),
  })
  expect(response.status).toBe(200)
  await until(() => readings.length === 1)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
