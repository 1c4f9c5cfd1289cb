import { execFile } from 'node:child_process'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeCredentials } from '../../../../edge/broker/credentials.ts'
import { systemTimers } from '../../../../edge/shell/clock.ts'
import { type BrokerProcess, spawnBroker } from './spawn.ts'
import {
  connectClient,
  connected,
  credentialsFile,
  ended,
  kioskId,
  messagesOf,
  readerId,
  secretOf,
  tempFolder,
  writeBrokerFiles,
} from './station.ts'

// Real processes and sockets on a machine that may be busy: a limit against hanging, not a measure.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let running: BrokerProcess[]
let logLines: { level?: string; msg?: string; ready?: boolean; code?: string }[]

beforeEach(async () => {
  folder = await tempFolder()
  running = []
  logLines = []
})
afterEach(async () => {
  await Promise.all(running.map((broker) => broker.close()))
  await rm(folder, { recursive: true, force: true })
})

const start = async (configPath: string) => {
  const onLogLine = (line: string) => void logLines.push(JSON.parse(line))
  const broker = await spawnBroker({ configPath, timers: systemTimers, onLogLine })
  running.push(broker)
  return broker
}
const urlOf = (broker: BrokerProcess) => `mqtt://127.0.0.1:${broker.port}`
/** What a start that fails says on its standard output, as every process of ours, and its status. */
const failure = async (configPath: string) => {
  const error = await start(configPath).catch((error) => error)
  return { status: error.detail.status, code: logLines.findLast(({ ready }) => ready === false)?.code }
}
const kill = async (broker: BrokerProcess) => {
  process.kill(broker.pid, 'SIGKILL')
  expect(await broker.ended).toBe(null)
}

describe('nothing acknowledged is lost', () => {
  test('killed again and again while devices speak and the gateway is away: it hears every acknowledged message', async () => {
    const firstPath = await writeBrokerFiles(folder)
    let broker = await start(firstPath)
    const { port } = broker
    const configPath = join(folder, 'fixed.json')
    const paths = { dataDir: 'queue', queueKeyPath: 'queue.key', credentialsPath: 'credentials.json' }
    const settings = Object.fromEntries(Object.entries(paths).map(([key, name]) => [key, join(folder, name)]))
    await writeFile(configPath, JSON.stringify({ ...settings, port, packetsPerSecond: 10_000, packetsBurst: 10_000 }))

    const acknowledged = new Set<string>()
    const devices = [readerId, kioskId].map((id) => connectClient(urlOf(broker), id, { reconnectPeriod: 20 }))
    const messagesEach = 400
    let spoken = 0
    const allSpoken = Promise.withResolvers<void>()
    let onAcknowledged = (_count: number) => {}
    for (const device of devices) {
      const id = device.options.clientId
      const speak = (n: number) => {
        if (n === messagesEach) return ++spoken === devices.length && allSpoken.resolve()
        return device.publish(`up/${id}/health`, `${id}/${n}`, { qos: 1 }, (error) => {
          if (error) return
          acknowledged.add(`${id}/${n}`)
          onAcknowledged(acknowledged.size)
          speak(n + 1)
        })
      }
      speak(0)
    }
    for (const killAt of [100, 250, 400, 600]) {
      await new Promise<void>((resolve) => {
        onAcknowledged = (count) => count >= killAt && resolve()
      })
      await kill(broker)
      broker = await start(configPath)
    }
    await allSpoken.promise
    await kill(broker)
    broker = await start(configPath)

    const inbox = connectClient(urlOf(broker), 'gateway')
    const heard = new Map<string, string[]>()
    let distinct = 0
    await new Promise<void>((resolve) => {
      inbox.on('message', (_topic, payload) => {
        const text = payload.toString()
        const [id = ''] = text.split('/')
        const list = heard.get(id) ?? []
        heard.set(id, list)
        if (list.includes(text)) return
        list.push(text)
        distinct += 1
        if (distinct === messagesEach * devices.length) resolve()
      })
    })
    expect(acknowledged.size).toBe(messagesEach * devices.length)
    for (const { options } of devices) {
      const id = options.clientId ?? ''
      expect(heard.get(id)).toEqual(Array.from({ length: messagesEach }, (_, n) => `${id}/${n}`))
    }
    await Promise.all([inbox, ...devices].map((client) => client.endAsync(true)))
  })

  test('what lies in the queue is sealed: a swipe that waits on disk cannot be read there', async () => {
    const broker = await start(await writeBrokerFiles(folder))
    const reader = connectClient(urlOf(broker), readerId)
    await connected(reader)
    await reader.publishAsync(`up/${readerId}/swipe`, 'CANARY-00000019881222404X', { qos: 1 })
    await reader.endAsync(true)
    await kill(broker)
    const { stdout } = await promisify(execFile)('grep', [
      '-rlac',
      `up/${readerId}/swipe`,
      join(folder, 'queue'),
    ]).catch((error) => error)
    expect(stdout).toBe('')
    const found = await promisify(execFile)('grep', ['-ral', 'CANARY', join(folder, 'queue')]).catch((error) => error)
    expect(found.stdout).toBe('')
  })
})

describe('strangers', () => {
  test('mosquitto_pub, which knows nothing of us, delivers a swipe and sees its acknowledgement', async () => {
    const broker = await start(await writeBrokerFiles(folder))
    const swipe = { v: 1, seq: 1, at: 1, document: { unreadable: true, reason: 'damaged' } }
    const { stdout } = await promisify(execFile)('/usr/bin/mosquitto_pub', [
      ...['-h', '127.0.0.1', '-p', String(broker.port), '-d', '-q', '1'],
      ...['-i', readerId, '-u', readerId, '-P', secretOf(readerId)],
      ...['-t', `up/${readerId}/swipe`, '-m', JSON.stringify(swipe)],
    ])
    expect(stdout).toContain('received PUBACK (Mid: 1, RC:0)')
    const inbox = connectClient(urlOf(broker), 'gateway')
    const [message] = await messagesOf(inbox, 1)
    expect(JSON.parse(message?.text ?? '')).toEqual(swipe)
    await inbox.endAsync(true)
  })

  test('mosquitto_sub hears the answer for its device', async () => {
    const broker = await start(await writeBrokerFiles(folder))
    const first = connectClient(urlOf(broker), readerId)
    await connected(first)
    await first.subscribeAsync(`down/${readerId}/#`, { qos: 1 })
    await first.endAsync(true)
    const inbox = connectClient(urlOf(broker), 'gateway')
    await connected(inbox)
    await inbox.publishAsync(`down/${readerId}/result`, '{"v":1,"seq":1,"outcome":"accepted"}', { qos: 1 })
    const { stdout } = await promisify(execFile)('/usr/bin/mosquitto_sub', [
      ...['-h', '127.0.0.1', '-p', String(broker.port), '-q', '1', '-c', '-C', '1'],
      ...['-i', readerId, '-u', readerId, '-P', secretOf(readerId), '-t', `down/${readerId}/#`],
    ])
    expect(JSON.parse(stdout)).toEqual({ v: 1, seq: 1, outcome: 'accepted' })
    await inbox.endAsync(true)
  })
})

describe('TLS', () => {
  test('with a certificate it speaks TLS 1.3 and nothing older, and no plain MQTT', async () => {
    const keyPath = join(folder, 'tls.key')
    const certPath = join(folder, 'tls.crt')
    const openssl = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
    await promisify(execFile)('openssl', [...openssl, ...subject, '-keyout', keyPath, '-out', certPath])
    await chmod(keyPath, 0o600)
    const broker = await start(await writeBrokerFiles(folder, { tls: { certPath, keyPath } }))
    const publish = (extra: string[]) =>
      promisify(execFile)('/usr/bin/mosquitto_pub', [
        ...['-h', 'localhost', '-p', String(broker.port), '-q', '1', '--cafile', certPath, ...extra],
        ...['-i', readerId, '-u', readerId, '-P', secretOf(readerId), '-t', `up/${readerId}/health`, '-m', '{}'],
      ])
    await publish(['--tls-version', 'tlsv1.3'])
    const old = connectTls({ port: broker.port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false })
    const [error] = await once(old, 'error')
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
    const plain = connectClient(`mqtt://127.0.0.1:${broker.port}`, readerId)
    await ended(plain)
  })
})

describe('credentials', () => {
  test.each(['SIGHUP', 'message'])(
    'a change of the file takes effect while the broker runs, told by %s',
    async (how) => {
      const broker = await start(await writeBrokerFiles(folder))
      await writeCredentials(join(folder, 'credentials.json'), credentialsFile([kioskId]))
      const reader = connectClient(urlOf(broker), readerId)
      await connected(reader)
      const cut = ended(reader)
      if (how === 'SIGHUP') process.kill(broker.pid, 'SIGHUP')
      else await broker.reload()
      await cut
      const kiosk = connectClient(urlOf(broker), kioskId)
      await connected(kiosk)
      await kiosk.endAsync(true)
    },
  )

  test('a broken credentials file leaves the old one in force', async () => {
    const broker = await start(await writeBrokerFiles(folder))
    await writeFile(join(folder, 'credentials.json'), '{"version":1}')
    await broker.reload()
    const reader = connectClient(urlOf(broker), readerId)
    await connected(reader)
    await reader.endAsync(true)
    expect(logLines.at(-1)).toMatchObject({ level: 'error', msg: 'broker/credentials-invalid' })
  })
})

describe('a start that fails says why', () => {
  test('the port is in use: status 3', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    expect(await failure(await writeBrokerFiles(folder, { port }))).toEqual({ status: 3, code: 'broker/port-in-use' })
    other.close()
  })

  test('the folder cannot be made: status 4', async () => {
    const configPath = await writeBrokerFiles(folder, { dataDir: join(folder, 'queue.key', 'below-a-file') })
    expect(await failure(configPath)).toEqual({ status: 4, code: 'broker/folder-unwritable' })
  })

  test('another broker has the folder: status 4', async () => {
    const configPath = await writeBrokerFiles(folder)
    await start(configPath)
    expect(await failure(configPath)).toEqual({ status: 4, code: 'broker/folder-locked' })
  })

  test('the queue was sealed with another key: status 5', async () => {
    const first = await start(await writeBrokerFiles(folder))
    await first.close()
    expect(await failure(await writeBrokerFiles(folder))).toEqual({ status: 5, code: 'store/wrong-key' })
  })

  test('an unknown setting: status 2', async () => {
    const configPath = await writeBrokerFiles(folder, { colour: 'red' })
    expect(await failure(configPath)).toEqual({ status: 2, code: 'broker/config-invalid' })
  })

  test('a secret that others can read: status 2', async () => {
    const configPath = await writeBrokerFiles(folder)
    await chmod(join(folder, 'queue.key'), 0o644)
    expect(await failure(configPath)).toEqual({ status: 2, code: 'broker/config-invalid' })
    await chmod(join(folder, 'queue.key'), 0o600)
    await chmod(join(folder, 'credentials.json'), 0o640)
    expect(await failure(configPath)).toEqual({ status: 2, code: 'broker/credentials-invalid' })
  })
})

test('told to stop it ends in order, with status 0, and its queue opens again', async () => {
  const configPath = await writeBrokerFiles(folder)
  const first = await start(configPath)
  await first.close()
  expect(await first.ended).toBe(0)
  await start(configPath)
})
