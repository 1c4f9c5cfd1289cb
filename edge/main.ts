/** The gateway's process: one settings file, real clock, real chance. Started by the supervisor or by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ready } from '#crypto/sodium'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { edgeConfig } from './config.ts'
import { createGateway } from './gateway.ts'
import type { Demo } from './http/parts.ts'
import { systemClock, systemTimers } from './shell/clock.ts'
import { createLog } from './shell/log.ts'
import { readConfig, runProcess, sayReady } from './shell/process.ts'

const loopback = ['127.0.0.1', '::1', 'localhost']

await runProcess(async () => {
  await ready
  const config = readConfig(process.argv[2], edgeConfig)
  // Without TLS nothing but loopback is served: a browser gives a plain page no keys, and a network would read along.
  if (!loopback.includes(config.host)) throw new Fault('config/invalid', { faults: 'host: plain HTTP is served on loopback only' })
  const log = createLog('gateway', config.logFile)
  const demo: Demo | null = config.demo
    ? { people: () => JSON.parse(readFileSync(join(config.dataFolder, 'demo-people.json'), 'utf8')) as ReturnType<Demo['people']> }
    : null
  const gateway = await createGateway({ config, clock: systemClock, timers: systemTimers, random: systemRandom, log, demo })
  sayReady({ port: gateway.port })
  return gateway
})
