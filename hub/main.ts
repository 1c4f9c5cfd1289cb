/** The hub's process: one settings file, real clock, real chance. Started by the supervisor or by hand. */
import { ready } from '#crypto/sodium'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { systemClock, systemTimers } from '../edge/shell/clock.ts'
import { createLog } from '../edge/shell/log.ts'
import { readConfig, runProcess, sayReady } from '../edge/shell/process.ts'
import { databaseUrl, hubConfig } from './config.ts'
import { createHub } from './hub.ts'

const loopback = ['127.0.0.1', '::1', 'localhost']

await runProcess(async () => {
  await ready
  const configPath = process.argv[2] ?? ''
  const config = readConfig(process.argv[2], hubConfig)
  // Without TLS nothing but loopback is served: a network would read along.
  if (!loopback.includes(config.host))
    throw new Fault('config/invalid', { faults: 'host: plain HTTP is served on loopback only' })
  const log = createLog('hub', config.logFile)
  const hub = await createHub({
    config,
    configPath,
    databaseUrl: databaseUrl(),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log,
    version: '0.1.0',
    // Without its database the hub serves nothing: it ends in order, and the supervisor starts it anew.
    onFatal: (fault) => {
      log.error('hub/fatal', { code: fault.code }, fault)
      void hub.close().finally(() => process.exit(1))
    },
  })
  sayReady({ port: hub.port })
  return hub
})
