/** `npm start`: the whole station on one data folder. Hub, broker, gateway and simulated devices run as processes of their own under one small
 *  supervisor; a real deployment starts each part by its own main. */
import { join } from 'node:path'
import { ready } from '#crypto/sodium'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { errorText } from '#protocols/text/errors.ts'
import { ensureBuilt } from '../shell/build.ts'
import { systemClock, systemTimers } from '../shell/clock.ts'
import { prepareFolder } from './start/folder.ts'
import { readOptions, type StartOptions } from './start/options.ts'
import { createReport } from './start/report.ts'
import { prepareStation } from './start/station.ts'
import { writeSettings } from './start/settings.ts'
import { createSupervisor } from './start/supervisor.ts'

const root = join(import.meta.dirname, '../..')

async function start(options: StartOptions): Promise<void> {
  const report = createReport(options.json)
  const supervisor = createSupervisor({ timers: systemTimers, onEnded: report.ended })
  let stopping: Promise<void> | null = null
  const stop = () => {
    stopping ??= (async () => {
      report.say('正在停止…  Stopping …')
      await supervisor.close()
      process.exit(0)
    })()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  prepareFolder(options.data, options.fresh)
  const built = ensureBuilt({ root, onBuild: () => report.say('正在构建页面（首次约半分钟）…  Building the pages (about half a minute the first time) …') })
  // Waited for below; a failure meanwhile is not an unhandled one.
  built.catch(() => {})
  const station = await prepareStation(options, { random: systemRandom, nowMs: systemClock.nowMs(), onProgress: report.progress })
  await built
  if (options.seedOnly) return report.people(station.people)
  const settings = writeSettings(options, station, join(root, 'dist'))

  report.say('正在启动中心、网关、设备…  Starting hub, gateway and devices …')
  await Promise.all([
    supervisor.run({ name: 'hub', script: join(root, 'hub/main.ts'), args: [settings.hub] }),
    supervisor.run({ name: 'broker', script: join(root, 'edge/broker/main.ts'), args: [settings.broker], memoryMaxMiB: 192 }),
  ])
  await Promise.all([
    supervisor.run({ name: 'gateway', script: join(root, 'edge/main.ts'), args: [settings.gateway] }),
    supervisor.run({ name: 'simulators', script: join(root, 'edge/tools/simulators/main.ts'), args: ['--config', settings.simulators] }),
  ])
  report.ready(settings.urls, station.people)
}

await ready
const options = readOptions(process.argv.slice(2))
await start(options).catch((cause: unknown) => {
  const fault = cause instanceof Fault ? cause : new Fault('internal/fault', {}, { cause })
  if (options.json) process.stdout.write(`${JSON.stringify({ ready: false, code: fault.code, detail: fault.detail })}\n`)
  const { happened, todo } = errorText(fault.code, 'en')
  const zh = errorText(fault.code, 'zh-CN')
  process.stderr.write(`\n${zh.happened}${zh.todo}\n${happened} ${todo}\n(${fault.code} ${JSON.stringify(fault.detail)})\n`)
  if (fault.code === 'internal/fault' && cause instanceof Error) process.stderr.write(`${cause.stack}\n`)
  process.exit(1)
})
