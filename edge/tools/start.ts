/** `npm start`: the whole station on one data folder. Hub, broker, gateway and simulated devices run as processes of their own under one small
 *  supervisor; a real deployment starts each part by its own main. */
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { ensureBuilt } from '../shell/build.ts'
import { systemClock, systemTimers } from '../shell/clock.ts'
import type { Transport } from '../tls/files.ts'
import { stationFacts } from './seed/facts.ts'
import { prepareFolder } from './start/folder.ts'
import { lanAddress } from './start/lan.ts'
import { readOptions, type StartOptions } from './start/options.ts'
import { ensureFree } from './start/ports.ts'
import { createReport } from './start/report.ts'
import {
  authorityFileOf,
  hubCardOf,
  placesOf,
  trustUrlOf,
  urlsOf,
  writeHubSettings,
  writeStationSettings,
} from './start/settings.ts'
import { isSeeded, prepareStation } from './start/station.ts'
import { createSupervisor } from './start/supervisor.ts'

const root = join(import.meta.dirname, '../..')
const dayMs = 24 * 3600 * 1000
const cardLookMs = 20
const script = {
  hub: join(root, 'hub/main.ts'),
  broker: join(root, 'edge/broker/main.ts'),
  gateway: join(root, 'edge/main.ts'),
  simulators: join(root, 'edge/tools/simulators/main.ts'),
}

const words = {
  building: '正在构建页面 (首次约半分钟) …  Building the pages (about half a minute the first time) …',
  starting: '正在启动中心、网关、设备 …  Starting hub, gateway and devices …',
  stopping: '正在停止 …  Stopping …',
}

const options = readOptions(process.argv.slice(2))
const report = createReport(options.json)
// Parsed once and kept: most of what a process does at its start is to read code. Where it cannot be written there is none.
const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(root, '.cache', 'compile')
enableCompileCache(compileCache)
const supervisor = createSupervisor({
  env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  timers: systemTimers,
  onEnded: report.ended,
})
let stopping: Promise<void> | null = null

if (options.printConfig) process.stdout.write(await (await import('./start/print-config.ts')).configTable(root))
else if (options.seedOnly) await seed(options).catch(fail)
else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  await start(options).catch(fail)
}

/** Fills the folder if that was not done yet, and prints the PINs: beside a station that runs, too. */
async function seed(options: StartOptions): Promise<void> {
  const release = options.fresh || !isSeeded(options) ? prepareFolder(options.data, options.fresh) : () => {}
  try {
    report.people((await station(options)).people)
  } finally {
    release()
  }
}

function station(options: StartOptions) {
  return prepareStation(options, { random: systemRandom, nowMs: systemClock.nowMs(), onProgress: report.progress })
}

async function start(options: StartOptions): Promise<void> {
  await ensureFree(placesOf(options))
  process.on('exit', prepareFolder(options.data, options.fresh))
  const pagesFolder = options.pages ?? join(root, 'dist')
  const built = options.pages
    ? Promise.resolve()
    : ensureBuilt({ root, onBuild: () => report.say(words.building) }).then(() => {})
  report.say(words.starting)
  // The hub needs nothing of the station and takes longest: it starts while the station is seeded.
  const hub = built.then(() =>
    supervisor.run({ name: 'hub', script: script.hub, args: [writeHubSettings(options, pagesFolder)], stage: 0 }),
  )
  const edge = startEdge(options, { pagesFolder, built, hub })
  const [fields] = await Promise.all([edge, hub])
  report.ready({ ...fields, urls: urlsOf(options), pids: { start: process.pid, ...supervisor.pids() } })
}

interface EdgeParts {
  readonly pagesFolder: string
  readonly built: Promise<void>
  readonly hub: Promise<unknown>
}

async function startEdge(options: StartOptions, { pagesFolder, built, hub }: EdgeParts) {
  const prepared = await station(options)
  const transport = options.lan === null ? null : await openTransport(options, options.lan)
  const settings = writeStationSettings(options, { station: prepared, pagesFolder, transport })
  const devices = supervisor
    .run({ name: 'broker', script: script.broker, args: [settings.broker], stage: 0, memoryMaxMiB: 192 })
    .then(() =>
      supervisor.run({
        name: 'simulators',
        script: script.simulators,
        args: ['--config', settings.simulators],
        stage: 1,
      }),
    )
  const gateway = Promise.all([built, Promise.race([hub, cardThere(hubCardOf(options))])]).then(() =>
    supervisor.run({ name: 'gateway', script: script.gateway, args: [settings.gateway], stage: 1 }),
  )
  const [said] = await Promise.all([gateway, devices])
  if (!transport) return { people: prepared.people, lan: null }
  const lan = {
    firstTicket: typeof said['firstTicket'] === 'string' ? said['firstTicket'] : null,
    ca: transport.caFile,
    spki: transport.spki,
    fingerprint: transport.fingerprint,
    trust: trustUrlOf(options, lanAddress() ?? (options.lan as string)),
    isNew: transport.isNew,
  }
  return { people: [], lan }
}

/** The gateway reads the hub's card once; the hub lays it down well before it is ready itself. */
function cardThere(path: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (existsSync(path) ? resolve() : void systemTimers.after(cardLookMs, look))
    look()
  })
}

/** Made or renewed now and looked at every day, for a station that runs for months; the gateway takes up what was renewed. */
async function openTransport(options: StartOptions, name: string): Promise<Transport> {
  const { ensureTransport } = await import('../tls/files.ts')
  const ensure = () =>
    ensureTransport({
      folder: join(options.data, 'station', 'keys', 'transport'),
      caFile: authorityFileOf(options),
      stationName: stationFacts.nameEn,
      stationCode: stationFacts.code,
      name,
      random: systemRandom,
      nowMs: systemClock.nowMs(),
    })
  systemTimers.every(dayMs, () => void ensure().catch(report.notRenewed))
  return ensure()
}

function stop(): void {
  stopping ??= (async () => {
    report.say(words.stopping)
    await supervisor.close()
    process.exit(0)
  })()
}

async function fail(cause: unknown): Promise<void> {
  // Parts that end because they are told to are no failure.
  if (stopping) return
  const fault = cause instanceof Fault ? cause : new Fault('internal/fault', {}, { cause })
  await supervisor.close()
  report.failed(fault)
  process.exit(1)
}
