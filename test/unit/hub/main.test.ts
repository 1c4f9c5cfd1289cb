/** The hub as it runs: its own process, its receiving process, its database, fed by a folder as a station feeds it. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fromHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import type { ConsoleDemoPerson, ConsolePoke, HubHealth, StationRow, VisitPage } from '#protocols/http/console.ts'
import { parseHubCard } from '#protocols/lane/card.ts'
import { createDirectoryCarrier } from '../../../edge/shell/carriers/directory.ts'
import { createFakeClock } from '../../fixtures/fake-clock.ts'
import { createTestStation, type TestStation } from './test-hub.ts'

const program = join(import.meta.dirname, '../../../hub/main.ts')
let folder = ''
let configPath = ''
const running = new Set<HubProcess>()

beforeAll(async () => {
  await ready
  folder = mkdtempSync(join(tmpdir(), 'hub-main-'))
  configPath = join(folder, 'hub.json')
  const config = {
    dataFolder: join(folder, 'hub'),
    pagesFolder: join(folder, 'dist'),
    host: '127.0.0.1',
    port: 0,
    demo: true,
    logFile: join(folder, 'hub.log'),
    hubCard: join(folder, 'cards/hub-card.json'),
    stationCards: join(folder, 'cards/stations'),
    carrierFolder: join(folder, 'lane'),
    pollMs: 100,
  }
  writeFileSync(configPath, JSON.stringify(config))
})
afterEach(async () => {
  for (const hub of running) await hub.stop('SIGTERM')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface HubProcess {
  readonly child: ChildProcessByStdio<null, Readable, null>
  readonly said: Record<string, unknown>
  readonly exited: Promise<number | null>
  stop(signal: NodeJS.Signals): Promise<number | null>
}

async function startHub(path = configPath, env: Record<string, string> = {}): Promise<HubProcess> {
  const child = spawn(process.execPath, [program, path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = await lines.next()
  const hub: HubProcess = {
    child,
    said: line.done ? {} : (JSON.parse(line.value) as Record<string, unknown>),
    exited,
    stop(signal) {
      running.delete(hub)
      child.kill(signal)
      return exited
    },
  }
  running.add(hub)
  return hub
}

const urlOf = (hub: HubProcess, path: string) => `http://127.0.0.1:${hub.said['port']}${path}`

async function signIn(
  hub: HubProcess,
): Promise<{ get<T>(path: string): Promise<T>; pokes(): Promise<AsyncIterator<ConsolePoke>> }> {
  const { people } = (await (await fetch(urlOf(hub, '/api/demo/people'))).json()) as { people: ConsoleDemoPerson[] }
  const leader = people.find(({ role }) => role === 'bureau-leader')
  const answer = await fetch(urlOf(hub, '/api/session'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: leader?.account, pin: leader?.pin }),
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return {
    get: async (path) => (await (await fetch(urlOf(hub, path), { headers: { cookie } })).json()) as never,
    async pokes() {
      const live = await fetch(urlOf(hub, '/api/live'), { headers: { cookie } })
      // Locked at once: a body that nobody holds is given up when its answer is collected.
      const text = (live.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream())
      return pokesOf(text.getReader())
    },
  }
}

async function* pokesOf(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<ConsolePoke> {
  let text = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.+)$/m.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      if (data) yield JSON.parse(data) as ConsolePoke
    }
  }
}

async function stationFor(): Promise<TestStation> {
  const card = parseHubCard(readFileSync(join(folder, 'cards/hub-card.json'), 'utf8'))
  const keys = { hub: fromHex(card.hub), box: { publicKey: fromHex(card.boxKey), secretKey: new Uint8Array(32) } }
  return createTestStation({ keys: { ...keys, sign: keys.box } }, 'station-main')
}

async function carry(files: readonly Uint8Array[]): Promise<void> {
  const carrier = createDirectoryCarrier({
    path: join(folder, 'lane'),
    timers: createFakeClock(),
    random: systemRandom,
  })
  for (const bytes of files) expect(await carrier.offer({ bytes }, 2)).toBe('taken')
}

async function nextPokes(pokes: AsyncIterator<ConsolePoke>, count: number): Promise<ConsolePoke['kind'][]> {
  const kinds: ConsolePoke['kind'][] = []
  while (kinds.length < count) kinds.push((await pokes.next()).value.kind)
  return kinds
}

const processesOf = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(configPath)
    } catch {
      return false
    }
  })

describe('the hub', { timeout: 90_000 }, () => {
  let station: TestStation

  it('starts from nothing, leaves its card, takes a station by its card and shows its visits', async () => {
    const hub = await startHub()
    expect(hub.said).toMatchObject({ ready: true })
    expect(statSync(join(folder, 'hub/keys/hub-keys.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'hub/demo-operators.json')).mode & 0o777).toBe(0o600)
    station = await stationFor()
    const console = await signIn(hub)
    const pokes = await console.pokes()
    await station.visit('help')
    const files = await station.seal()
    await carry(files) // before its card: they wait
    writeFileSync(join(folder, 'cards/stations/000000010000.json'), JSON.stringify(station.card()))
    const kinds = new Set<string>()
    for (let bundles = 0; bundles < files.length; ) {
      const { kind } = (await pokes.next()).value as ConsolePoke
      kinds.add(kind)
      if (kind === 'bundle') bundles++
    }
    expect(kinds.has('station')).toBe(true)
    expect((await console.get<VisitPage>('/api/visits')).visits).toMatchObject([
      { number: 'V1', reason: 'help', handling: 'signed' },
    ])
    expect((await console.get<{ rows: unknown[] }>('/api/quarantine')).rows).toEqual([])
  })

  it('is where it was after a kill, with its old sessions ended by no one', async () => {
    const first = await startHub()
    await first.stop('SIGKILL')
    const hub = await startHub()
    expect(hub.said).toMatchObject({ ready: true })
    const console = await signIn(hub)
    expect((await console.get<VisitPage>('/api/visits')).visits).toHaveLength(1)
    const { stations } = await console.get<{ stations: StationRow[] }>('/api/stations')
    expect(stations[0]?.checkpoint.state).toBe('verified')
  })

  it('starts its receiving process again when that is killed, and takes what came meanwhile', async () => {
    const hub = await startHub()
    const console = await signIn(hub)
    const pokes = await console.pokes()
    const receiver = processesOf().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('receive.ts'))
    process.kill(Number(receiver), 'SIGKILL')
    await station.visit('consult')
    await carry(await station.seal())
    expect(await nextPokes(pokes, 1)).toEqual(['bundle'])
    expect((await console.get<VisitPage>('/api/visits')).visits).toHaveLength(2)
    expect(await console.get<HubHealth>('/api/health')).toMatchObject({ ok: true, receiver: 'up', store: 'up' })
  })

  it('shows a broken bundle with its reason, and the carrier keeps it', async () => {
    const hub = await startHub()
    const console = await signIn(hub)
    const pokes = await console.pokes()
    await station.visit('help')
    const [file] = await station.seal()
    const broken = Uint8Array.from(file as Uint8Array)
    broken[300] = (broken[300] as number) ^ 1
    await carry([broken])
    expect(await nextPokes(pokes, 1)).toEqual(['quarantine'])
    const { rows } = await console.get<{ rows: unknown[] }>('/api/quarantine')
    expect(rows).toMatchObject([{ kind: 'bundle', code: 'lane/bundle-forged' }])
    await carry([file as Uint8Array])
    expect(await nextPokes(pokes, 1)).toEqual(['bundle'])
    // One file at a time: the broken one was put away before this one was looked at.
    expect(readdirSync(join(folder, 'lane/refused')).some((name) => name.endsWith('.reason.json'))).toBe(true)
  })

  it('gets a further operator by its tool while it runs, and says the PIN once', async () => {
    const hub = await startHub()
    const tool = join(import.meta.dirname, '../../../hub/tools/operator.ts')
    const add = (...args: string[]) => {
      const { status, stdout } = spawnSync(process.execPath, [tool, configPath, ...args], { encoding: 'utf8' })
      return { status, said: JSON.parse(stdout) as Record<string, string> }
    }
    const { said } = add('second-auditor', 'auditor', '督察')
    const answer = await fetch(urlOf(hub, '/api/session'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: said['account'], pin: said['pin'] }),
    })
    expect(answer.status).toBe(200)
    expect(add('second-auditor', 'auditor', '督察')).toMatchObject({ status: 1, said: { code: 'request/invalid' } })
    expect(add('third', 'emperor', '某')).toMatchObject({ status: 1, said: { code: 'request/invalid' } })
    expect(readFileSync(join(folder, 'hub.log'), 'utf8')).not.toContain(said['pin'])
  })

  it('stops in order on a signal and leaves no process behind', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const hub = await startHub()
      expect(await hub.stop(signal)).toBe(0)
      expect(processesOf()).toEqual([])
      expect(readdirSync(join(folder, 'hub/postgres/cluster'))).not.toContain('postmaster.pid')
    }
  })

  it('ends with a failure when its database dies, so that its supervisor starts it again', async () => {
    const hub = await startHub()
    const pid = readFileSync(join(folder, 'hub/postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]
    running.delete(hub)
    process.kill(Number(pid), 'SIGKILL')
    expect(await hub.exited).toBe(1)
    expect(processesOf()).toEqual([])
    expect((await startHub()).said).toMatchObject({ ready: true })
  })

  it('says in one line why it did not start: settings, address, another PostgreSQL that is not there', async () => {
    const config = JSON.parse(readFileSync(configPath, 'utf8')) as object
    const failing = async (change: object, env: Record<string, string> = {}) => {
      const path = join(folder, 'failing.json')
      writeFileSync(path, JSON.stringify({ ...config, ...change }))
      const hub = await startHub(path, env)
      running.delete(hub)
      expect(await hub.exited).toBe(1)
      return hub.said['code']
    }
    expect(await failing({ unknownKey: 1 })).toBe('config/invalid')
    expect(await failing({ host: '0.0.0.0' })).toBe('config/invalid')
    mkdirSync(join(folder, 'elsewhere'), { recursive: true })
    const url = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    expect(await failing({ dataFolder: join(folder, 'elsewhere') }, url)).toBe('hub/postgres-unreachable')
    station.close()
  })
})
