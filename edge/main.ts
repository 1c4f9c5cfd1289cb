/** The gateway's process: one settings file, real clock, real chance. Started by the supervisor or by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ready } from '#crypto/sodium'
import { systemRandom } from '#crypto/random.ts'
import { edgeConfig } from './config.ts'
import { createGateway } from './gateway.ts'
import type { Demo } from './http/parts.ts'
import { systemClock, systemTimers } from './shell/clock.ts'
import { createLog } from './shell/log.ts'
import { readConfig, runProcess, sayReady } from './shell/process.ts'

await runProcess(async () => {
  await ready
  const config = readConfig(process.argv[2], edgeConfig)
  const log = createLog('gateway', config.logFile)
  const demo: Demo | null = config.demo
    ? {
        people: () =>
          JSON.parse(readFileSync(join(config.dataFolder, 'demo-people.json'), 'utf8')) as ReturnType<Demo['people']>,
      }
    : null
  const gateway = await createGateway({
    config,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log,
    demo,
  })
  sayReady({
    port: gateway.port,
    ...(gateway.trustPort === null ? {} : { trustPort: gateway.trustPort }),
    ...(gateway.firstTicket === null ? {} : { firstTicket: gateway.firstTicket }),
  })
  return gateway
})
