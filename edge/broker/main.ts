/** Composition root of the broker process: `node edge/broker/main.ts <config.json>`. Makes everything, says on standard output that it is ready, and
 *  stops when told, when its parent goes, or when the disk fails. */
import { mkdir, readFile, stat } from 'node:fs/promises'
import { ClassicLevel } from 'classic-level'
import { CannotOpen } from '#crypto/cannot-open.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { type ErrorCode, Fault } from '#protocols/errors.ts'
import { systemClock, systemTimers } from '../shell/clock.ts'
import { createLog } from '../shell/log.ts'
import { sayReady } from '../shell/process.ts'
import { createBroker } from './broker.ts'
import { type BrokerConfig, describeBrokerConfig, readBrokerConfig } from './config.ts'
import { readCredentials } from './credentials.ts'
import { openQueueStore } from './queue-store.ts'
import { createSealer } from './sealer.ts'

/** What a script reads from the exit status; the code itself stands in the line on standard output. */
const exitStatus: Partial<Record<ErrorCode, number>> = {
  'broker/config-invalid': 2,
  'broker/credentials-invalid': 2,
  'broker/port-in-use': 3,
  'broker/address-denied': 3,
  'broker/folder-unwritable': 4,
  'broker/folder-locked': 4,
  'store/wrong-key': 5,
}
const otherExitStatus = 70

const log = createLog('broker', null)
let isReady = false

async function start(configPath: string) {
  await ready
  const config = await readBrokerConfig(configPath)
  const credentials = await readCredentials(config.credentialsPath)
  const tls = config.tls ? { cert: await readPart(config.tls.certPath), key: await readOwn(config.tls.keyPath) } : null
  const level = await openLevel(config.dataDir)
  const queue = await openQueueStore({
    level,
    sealer: createSealer(await readKey(config.queueKeyPath), systemRandom),
    deviceQueueMax: config.deviceQueueMax,
    onBroken: () => fail(new Fault('store/read-only', { part: 'broker-queue' })),
  }).catch((error) => {
    throw error instanceof CannotOpen ? new Fault('store/wrong-key', { part: 'broker-queue' }) : error
  })
  const parts = { config, tls, queue, credentials, clock: systemClock, timers: systemTimers, log }
  const broker = await createBroker(parts).catch((error) => {
    throw addressFault(error, config) ?? error
  })

  const reload = async () => {
    try {
      await broker.setCredentials(await readCredentials(config.credentialsPath))
      log.info('broker/credentials-read')
    } catch (error) {
      // The old ones stay in force: a half-written file must not lock the station out of its readers.
      log.error(error instanceof Fault ? error.code : 'internal/fault')
    }
  }
  let stopping: Promise<void> | null = null
  const stop = () => {
    stopping ??= broker
      .close()
      .then(queue.close)
      .then(() => process.exit(0))
  }
  process.on('SIGHUP', () => void reload())
  process.on('message', (message) => {
    if (isCommand(message, 'reload')) void reload().then(() => process.send?.({ reloaded: true }))
    if (isCommand(message, 'stop')) stop()
  })
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
  isReady = true
  sayReady({ port: broker.port })
}

async function openLevel(dataDir: string): Promise<ClassicLevel<string, Buffer>> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const level = new ClassicLevel<string, Buffer>(dataDir, { keyEncoding: 'utf8', valueEncoding: 'buffer' })
    await level.open()
    return level
  } catch (error) {
    const isLocked = causeCode(error) === 'LEVEL_LOCKED'
    throw new Fault(isLocked ? 'broker/folder-locked' : 'broker/folder-unwritable', { key: 'dataDir' })
  }
}

const causeCode = (error: unknown) => (error as { cause?: { code?: string } }).cause?.code

async function readKey(path: string): Promise<Uint8Array> {
  const key = await readOwn(path)
  if (key.length !== 32) throw new Fault('broker/config-invalid', { faults: 'queueKeyPath: not 32 bytes' })
  return key
}

const fileFault = (what: string) => new Fault('broker/config-invalid', { faults: `named file: ${what}` })

const readPart = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => {
    throw fileFault('missing or unreadable')
  })

/** A secret of ours that others can read is a fault, not a warning. */
async function readOwn(path: string): Promise<Buffer> {
  const bytes = await readPart(path)
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw fileFault('open to others')
  return bytes
}

function addressFault(error: unknown, { port }: BrokerConfig): Fault | null {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return new Fault('broker/port-in-use', { port })
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return new Fault('broker/address-denied', { port })
  return null
}

const isCommand = (message: unknown, command: string): boolean =>
  typeof message === 'object' && message !== null && (message as { command?: unknown }).command === command

/** The end of this process. Before it was ready it says why on standard output, as all our processes do; afterwards in the log. */
function fail(error: unknown): never {
  const fault = error instanceof Fault ? error : new Fault('internal/fault', {}, { cause: error })
  const { code, detail } = fault
  if (!isReady) process.stdout.write(`${JSON.stringify({ ready: false, code, detail })}\n`)
  log.error(code, {}, fault)
  process.exit(exitStatus[code] ?? otherExitStatus)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const [argument] = process.argv.slice(2)
if (argument === '--print-config') process.stdout.write(`${describeBrokerConfig()}\n`)
else if (argument === undefined) fail(new Fault('broker/config-invalid', { faults: 'usage: main.ts <config.json>' }))
else start(argument).catch(fail)
