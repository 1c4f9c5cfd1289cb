import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { describeBrokerConfig, parseBrokerConfig } from '../../../../edge/broker/config.ts'
import { hashSecret, readCredentials, writeCredentials } from '../../../../edge/broker/credentials.ts'
import { openQueueStore } from '../../../../edge/broker/queue-store.ts'
import { createSealer } from '../../../../edge/broker/sealer.ts'
import { credentialsFile, kioskId, readerId, secretOf, tempFolder } from './station.ts'

let folder: string
beforeEach(async () => {
  await ready
  folder = await tempFolder()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('settings', () => {
  const paths = { dataDir: '/d', queueKeyPath: '/k', credentialsPath: '/c' }
  const faultsOf = (settings: unknown): string => {
    try {
      parseBrokerConfig(typeof settings === 'string' ? settings : JSON.stringify(settings))
    } catch (error) {
      return (error as { detail: { faults: string } }).detail.faults
    }
    return ''
  }

  test('the paths are enough', () => {
    expect(parseBrokerConfig(JSON.stringify(paths))).toMatchObject({
      host: '127.0.0.1',
      port: 1883,
      connectTimeoutMs: 3000,
    })
  })

  test('all faults are reported together, by key and without values', () => {
    const faults = faultsOf({ ...paths, port: 99_999, colour: 'CANARY', keepaliveSecondsMax: 0, dataDir: '' })
    for (const key of ['port', 'colour', 'keepaliveSecondsMax', 'dataDir']) expect(faults).toContain(key)
    expect(faults).not.toContain('CANARY')
    expect(faultsOf('no json')).toContain('file')
  })

  test('an address beyond loopback needs TLS', () => {
    expect(faultsOf({ ...paths, host: '0.0.0.0' })).toContain('host')
    expect(faultsOf({ ...paths, host: '0.0.0.0', tls: { certPath: '/a', keyPath: '/b' } })).toBe('')
  })

  test('every key has its description', () => {
    const lines = describeBrokerConfig().split('\n')
    expect(lines.length).toBeGreaterThan(15)
    for (const line of lines) expect(line).toMatch(/^\w+\s+\S+\s+\S.{15,}\.$/)
  })
})

describe('credentials', () => {
  const path = () => join(folder, 'credentials.json')

  test('what the gateway writes the broker reads, and nobody else may', async () => {
    await writeCredentials(path(), credentialsFile())
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    const credentials = await readCredentials(path())
    expect(credentials.check(readerId, readerId, secretOf(readerId))).toEqual({ kind: 'reader', deviceId: readerId })
    expect(credentials.check('gateway', 'gateway', secretOf('gateway'))).toEqual({ kind: 'gateway' })
    expect(credentials.check('gateway-out', 'gateway', secretOf('gateway'))).toEqual({ kind: 'gateway' })
    for (const [id, username, secret] of [
      [readerId, readerId, secretOf(kioskId)],
      [readerId, kioskId, secretOf(kioskId)],
      [readerId, 'gateway', secretOf('gateway')],
      ['gateway', readerId, secretOf(readerId)],
      ['gateway-out', 'gateway-out', secretOf('gateway-out')],
      [readerId, readerId, ''],
      ['ff'.repeat(16), 'ff'.repeat(16), ''],
      ['constructor', 'constructor', ''],
      ['', '', ''],
    ] as const)
      expect([id, username, credentials.check(id, username, secret)]).toEqual([id, username, null])
  })

  test('the file holds no secret, and one secret of two devices has two hashes', async () => {
    await writeCredentials(path(), credentialsFile())
    expect(await readFile(path(), 'utf8')).not.toContain('secret-of')
    expect(hashSecret(readerId, 'same')).not.toBe(hashSecret(kioskId, 'same'))
  })

  test('writing it over an open file closes it again', async () => {
    await writeFile(path(), '{}', { mode: 0o644 })
    await writeCredentials(path(), credentialsFile())
    expect((await stat(path())).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['malformed', '{"version":1}'],
    ['malformed', 'no json'],
    ['malformed', JSON.stringify({ ...credentialsFile(), extra: 1 })],
    ['duplicate', JSON.stringify(credentialsFile([readerId, readerId]))],
  ])('a %s file is a fault', async (reason, text) => {
    await writeFile(path(), text, { mode: 0o600 })
    await expect(readCredentials(path())).rejects.toMatchObject({
      code: 'broker/credentials-invalid',
      detail: { reason },
    })
  })

  test('a missing file, and one that others may read, are faults', async () => {
    await expect(readCredentials(path())).rejects.toMatchObject({ detail: { reason: 'missing' } })
    await writeCredentials(path(), credentialsFile())
    await chmod(path(), 0o604)
    await expect(readCredentials(path())).rejects.toMatchObject({ detail: { reason: 'open-to-others' } })
  })
})

describe('queue on disk', () => {
  const open = async (key = 7, deviceQueueMax = 2) => {
    const level = new ClassicLevel<string, Buffer>(join(folder, 'queue'), {
      keyEncoding: 'utf8',
      valueEncoding: 'buffer',
    })
    await level.open()
    const sealer = createSealer(new Uint8Array(32).fill(key), systemRandom)
    const opened = openQueueStore({ level, sealer, deviceQueueMax, onBroken: () => {} })
    return opened.catch(async (error) => {
      await level.close()
      throw error
    })
  }
  const all = async (values: AsyncGenerator<Buffer>) => {
    const texts: string[] = []
    for await (const value of values) texts.push(value.toString())
    return texts
  }

  test('it survives being closed, counts its openings, and opens with its own key alone', async () => {
    const first = await open()
    await first.db.put('outgoing:gateway:b1:1', Buffer.from('one'))
    await first.close()
    await expect(open(8)).rejects.toBeInstanceOf(CannotOpen)
    const second = await open()
    expect([first.boot, second.boot]).toEqual([1, 2])
    expect(second.depth('gateway')).toBe(1)
    expect((await second.db.get('outgoing:gateway:b1:1'))?.toString()).toBe('one')
    await second.close()
  })

  test('entries that change places do not open', async () => {
    const store = await open()
    await store.db.put('outgoing:gateway:b1:1', Buffer.from('one'))
    await store.db.put('outgoing:gateway:b1:2', Buffer.from('two'))
    await store.close()
    const level = new ClassicLevel<string, Buffer>(join(folder, 'queue'), {
      keyEncoding: 'utf8',
      valueEncoding: 'buffer',
    })
    const moved = await level.get('outgoing:gateway:b1:1')
    await level.put('outgoing:gateway:b1:2', moved ?? Buffer.alloc(0))
    await level.close()
    const again = await open()
    await expect(again.db.get('outgoing:gateway:b1:2')).rejects.toBeInstanceOf(CannotOpen)
    await again.close()
  })

  test("a device's queue drops its oldest, the gateway's never does", async () => {
    const store = await open()
    for (const n of [1, 2, 3]) {
      await store.db.put(`outgoing:${readerId}:b1:${n}`, Buffer.from(String(n)))
      await store.db.put(`outgoing:gateway:b1:${n}`, Buffer.from(String(n)))
    }
    expect(await all(store.db.values({ gte: `outgoing:${readerId}:`, lt: `outgoing:${readerId};` }))).toEqual([
      '2',
      '3',
    ])
    expect(await all(store.db.values({ gte: 'outgoing:gateway:', lt: 'outgoing:gateway;' }))).toEqual(['1', '2', '3'])
    expect([store.depth(readerId), store.depth('gateway')]).toEqual([2, 3])
    await store.close()
  })

  test('a message that is written again counts once, and an acknowledged one no more', async () => {
    const store = await open()
    const key = 'outgoing:gateway:b1:1'
    await store.db.put(key, Buffer.from('one'))
    await store.db.put(key, Buffer.from('one again'))
    expect(store.depth('gateway')).toBe(1)
    await store.db.batch().del(key).write()
    expect(store.depth('gateway')).toBe(0)
    expect(await store.db.get(key)).toBe(undefined)
    await store.close()
  })

  test('a forgotten client leaves nothing, and its neighbour stays', async () => {
    const store = await open()
    for (const id of [readerId, kioskId])
      for (const key of [
        `outgoing:${id}:b1:1`,
        `outgoing-id:${id}:1`,
        `subscriptions:${id}:x`,
        `will:${id}`,
        `retained:up/${id}/presence`,
      ])
        await store.db.put(key, Buffer.from('x'))
    await store.forget(readerId)
    expect(await store.clientIds()).toEqual([kioskId])
    expect(await all(store.db.values({ gte: 'retained:', lt: 'retained;' }))).toEqual(['x'])
    await store.close()
  })
})
