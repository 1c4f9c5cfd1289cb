/** Makes the hub: store, console, receiving process; starts them in order and stops them in the opposite one. Nothing else makes services. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { toHex } from '#crypto/bytes.ts'
import { pinCosts } from '#crypto/pin.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import type { Fault } from '#protocols/errors.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Log } from '../edge/shell/log.ts'
import { listenFault } from '../edge/shell/process.ts'
import type { HubConfig } from './config.ts'
import { ensureDemoPeople } from './demo.ts'
import { createApp } from './http/app.ts'
import { createLive } from './http/live.ts'
import { createSessions } from './http/sessions.ts'
import { hubCardOf, loadOrMakeHubKeys, writeHubCard } from './keys.ts'
import { superviseReceiver } from './lane/supervise.ts'
import { createOperators } from './operators.ts'
import { openDatabase } from './store/database.ts'
import { startEmbedded } from './store/embedded.ts'
import { migrate } from './store/migrations.ts'
import { openRecords } from './store/open-records.ts'

export interface HubParts {
  readonly config: HubConfig
  /** The settings file: the receiving process reads it too. */
  readonly configPath: string
  /** Another PostgreSQL; null: the embedded one. */
  readonly databaseUrl: string | null
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly version: string
  /** The hub cannot go on: whoever runs it stops it and starts it again. */
  readonly onFatal: (fault: Fault) => void
}

export interface Hub {
  readonly port: number
  close(): Promise<void>
}

export async function createHub(parts: HubParts): Promise<Hub> {
  const { config, clock, timers, random, log } = parts
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o711 })
  const undo: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const keys = loadOrMakeHubKeys(join(config.dataFolder, 'keys'), random)
    const target = parts.databaseUrl ?? (await embedded(parts, undo))
    const database = await openDatabase({ target, onLost: () => log.warn('store/connection-lost') })
    undo.push(() => database.close())
    await migrate(database, clock.nowMs())
    await openRecords(database, recordDefs)
    const operators = createOperators({
      database,
      clock,
      random,
      cost: config.demo ? pinCosts.handheld : pinCosts.operator,
    })
    const demoPeople = config.demo ? await ensureDemoPeople(config.dataFolder, operators) : null
    writeHubCard(config.hubCard, hubCardOf(keys, config.name, null))
    const live = createLive(timers)
    undo.push(() => live.close())
    const receiver = superviseReceiver({
      configPath: parts.configPath,
      target,
      timers,
      log,
      onEvent: ({ kind, station }) => live.poke({ kind, station }),
    })
    undo.push(() => receiver.close())
    await receiver.ready
    const app = createApp({
      hub: { id: toHex(keys.hub), name: config.name },
      version: parts.version,
      database,
      operators,
      sessions: createSessions(database, clock, random),
      live,
      defs: recordDefs,
      clock,
      timers,
      log,
      isReceiverUp: receiver.isUp,
      pagesFolder: config.pagesFolder,
      demoPeople: demoPeople && (() => demoPeople),
    })
    const listening = await listen(app, config.host, config.port)
    undo.push(listening.close)
    return { port: listening.port, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function embedded(parts: HubParts, undo: (() => Promise<void> | void)[]) {
  const { config, timers, random, log, onFatal } = parts
  const started = await startEmbedded({
    dataDir: join(config.dataFolder, 'postgres'),
    random,
    timers,
    onCrash: onFatal,
  })
  undo.push(() => started.close())
  log.info('store/embedded-started', { pid: started.pid, kind: started.binaries.isCopy ? 'copy' : 'package' })
  return started.connection
}

/** Throws Fault 'process/port-in-use' or 'process/cannot-listen'. */
function listen(app: ReturnType<typeof createApp>, host: string, port: number): Promise<Hub> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      }),
    )
    server.on('error', (cause: unknown) => reject(listenFault(cause, port)))
  })
}
