/** One demo station through its life: interrupted at birth, started, hurt, stopped, started again, and then served to its network. */
import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hello } from '#protocols/http/session.ts'
import {
  freePorts,
  launch,
  makeTop,
  type StartedStation,
  startStation,
  type Top,
  untilAnswer,
  untilGone,
} from './run-start.ts'

const goneMs = 15_000
const minutes = 60_000

let top: Top
let ports = 0
const started = new Set<number>()
beforeAll(async () => {
  top = makeTop()
  ports = await freePorts()
})
afterAll(async () => {
  // Only after a failure is anything left: the supervisor's end takes its children along.
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended, as it should
    }
  }
  await untilGone(top.top, 2 * goneMs)
  top.remove()
}, 2 * minutes)

async function start(...more: string[]) {
  const station = await startStation(top, ports, ...more)
  started.add(station.pid)
  return station
}
const helloOf = async (ready: StartedStation): Promise<Hello> =>
  (await (await fetch(new URL('/api/hello', ready.urls.desk))).json()) as Hello

let first: { ready: StartedStation; hello: Hello }

it(
  'an interrupt while it starts ends all of it, and is no failure',
  async () => {
    const { child, pid, line, ended } = launch(['--data', top.data, '--pages', top.pages, '--ports', `${ports}`])
    started.add(pid)
    await line('正在启动')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, err: '' })
    await untilGone(top.data, goneMs)
  },
  2 * minutes,
)

it(
  'a station below a folder that others cannot enter starts, database too, and every address answers',
  async () => {
    expect(statSync(top.top).mode & 0o077).toBe(0)
    const { ready, child, ended } = await start()
    const hello = await helloOf(ready)
    first = { ready, hello }
    expect(hello).toMatchObject({ demo: true, demoData: true })
    expect(ready.people.length).toBeGreaterThan(20)
    for (const url of Object.values(ready.urls)) expect((await fetch(url)).status, url).toBe(200)

    // A second start, with ports of its own, keeps off: fresh or not.
    const other = launch([
      '--json',
      '--fresh',
      '--data',
      top.data,
      '--pages',
      top.pages,
      '--ports',
      `${await freePorts()}`,
    ])
    const refused = await other.ended
    expect([refused.code, JSON.parse(refused.out)]).toEqual([
      1,
      { ready: false, code: 'start/folder-in-use', detail: { folder: top.data, pid: ready.pids['start'] } },
    ])
    expect(await helloOf(ready)).toMatchObject({ station: hello.station })

    // A killed gateway is started again.
    process.kill(ready.pids['gateway'] ?? 0, 'SIGKILL')
    const again = await untilAnswer(new URL('/api/hello', ready.urls.desk).href, minutes)
    expect(await again.json()).toMatchObject({ station: hello.station, epoch: hello.epoch })

    child.kill('SIGINT')
    await untilGone(top.data, goneMs)
    const { code, err } = await ended
    expect(code).toBe(0)
    expect(err).toContain('gateway')
    for (const pid of Object.values(ready.pids)) expect(() => process.kill(pid, 0)).toThrow()
  },
  4 * minutes,
)

it(
  'a second start goes on where it was: the same station, the same PINs',
  async () => {
    const { ready, child, ended } = await start()
    expect(ready.people).toEqual(first.ready.people)
    const { station, epoch, certificate } = await helloOf(ready)
    expect({ station, epoch, certificate }).toEqual({
      station: first.hello.station,
      epoch: first.hello.epoch,
      certificate: first.hello.certificate,
    })
    child.kill('SIGTERM')
    await untilGone(top.data, goneMs)
    expect(await ended).toMatchObject({ code: 0, err: '' })
  },
  2 * minutes,
)

it(
  'with --lan the same station is served under its name over TLS, without doors or PINs, and ends even when it is killed',
  async () => {
    const name = 'tingchao.test'
    const { ready, child } = await start('--lan', name)
    expect(ready.people).toEqual([])
    expect(ready.urls.desk).toBe(`https://${name}:${ports}/desk`)
    expect(ready.urls.hub).toBe(`http://127.0.0.1:${ports + 1}/console`)
    expect(ready.firstTicket).toMatch(/^[\w-]{22}$/)
    const ca = readFileSync(ready.ca ?? '', 'utf8')
    const ask = (path: string) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const headers = { host: `${name}:${ports}` }
        const asked = request({ host: '127.0.0.1', port: ports, path, ca, servername: name, headers }, (answer) => {
          let text = ''
          answer.on('data', (part) => {
            text += String(part)
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
        })
        asked.on('error', reject)
        asked.end()
      })
    const hello = JSON.parse((await ask('/api/hello')).text) as Hello
    expect(hello).toMatchObject({ demo: false, demoData: true, station: first.hello.station })
    expect((await ask('/api/demo/people')).status).toBe(404)
    const page = new URL(ready.trust ?? '')
    expect(Number(page.port)).toBe(ports + 6)
    expect(await (await fetch(`http://127.0.0.1:${ports + 6}/station-ca.crt`)).text()).toBe(ca)

    // The PINs are had from the folder, beside the running station.
    const seed = await launch(['--seed-only', '--json', '--data', top.data]).ended
    expect([seed.code, JSON.parse(seed.out)]).toEqual([0, { people: first.ready.people }])

    // A start that is killed can stop nobody: its parts end by themselves, database too.
    child.kill('SIGKILL')
    await untilGone(top.data, goneMs)
  },
  2 * minutes,
)
