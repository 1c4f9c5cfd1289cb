import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { parseBrokerConfig } from '../../../../edge/broker/config.ts'
import { edgeConfig } from '../../../../edge/config.ts'
import { simulatorsConfig } from '../../../../edge/tools/simulators/config.ts'
import { readOptions } from '../../../../edge/tools/start/options.ts'
import { placesOf, urlsOf, writeHubSettings, writeStationSettings } from '../../../../edge/tools/start/settings.ts'
import { failureText } from '../../../../edge/tools/start/words.ts'
import { hubConfig } from '../../../../hub/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'outpost-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const id = (digit: string) => digit.repeat(32)
const station = {
  people: [],
  devices: [
    { id: id('1'), kind: 'kiosk', name: 'K', place: 'hall', kiosk: null, alive: true },
    { id: id('2'), kind: 'reader', name: 'R', place: 'K', kiosk: id('1'), alive: true },
    { id: id('3'), kind: 'camera', name: 'C', place: 'K', kiosk: id('1'), alive: true },
  ] as const,
  folder: join(folder, 'station'),
  secrets: join(folder, 'secrets'),
}
const transport = {
  certFile: '/k/server.crt',
  keyFile: '/k/server.key',
  caFile: '/c/station-ca.crt',
  spki: '',
  fingerprint: '',
  isNew: true,
}
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

describe.each([
  ['on loopback', []],
  ['on the network', ['--lan', 'Tingchao.test']],
])('the settings of a start %s', (_, more) => {
  const options = readOptions(['--data', folder, '--ports', '20000', ...more])
  const isOpen = options.lan !== null
  const paths = writeStationSettings(options, { station, pagesFolder: '/p', transport: isOpen ? transport : null })
  const gateway = edgeConfig.parse(read(paths.gateway))

  it('are taken by the processes they are for', () => {
    expect(parseBrokerConfig(readFileSync(paths.broker, 'utf8')).host).toBe('127.0.0.1')
    expect(simulatorsConfig.parse(read(paths.simulators)).brokerUrl).toBe('mqtt://127.0.0.1:20002')
    expect(hubConfig.parse(read(writeHubSettings(options, '/p'))).host).toBe('127.0.0.1')
  })

  it('open the gateway alone, and doors on loopback alone', () => {
    expect(gateway).toMatchObject(
      isOpen
        ? {
            host: '0.0.0.0',
            demo: false,
            demoData: true,
            firstTicket: true,
            tls: { name: 'tingchao.test' },
            trustPage: { port: 20_006 },
          }
        : { host: '127.0.0.1', demo: true, demoData: true, firstTicket: false, tls: null, trustPage: null },
    )
    expect(
      placesOf(options)
        .filter(({ host }) => host !== '127.0.0.1')
        .map(({ port }) => port),
    ).toEqual(isOpen ? [20_000, 20_006] : [])
  })

  it('say the addresses under which the faces are opened', () => {
    expect(urlsOf(options).handheld).toBe(isOpen ? 'https://tingchao.test:20000/h/' : 'http://127.0.0.1:20000/h/')
  })
})

describe('what is said of a failure', () => {
  it('a broker that lost its port is told like any other port', () => {
    expect(failureText(new Fault('broker/port-in-use', { port: 7 }))).toBe(
      failureText(new Fault('process/port-in-use', { port: 7 })),
    )
  })
  it('a code without a sentence of its own has the words of the table, in both languages', () => {
    const [zh, en] = failureText(new Fault('hub/postgres-no-user', {})).split('\n')
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[A-Z][^\p{Script=Han}]+$/u)
  })
})
