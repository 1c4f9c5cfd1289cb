/** Composition root of the simulators: `node edge/tools/simulators/main.ts --config <file.json>`. Prints one line of JSON when all of them run. */
import { parseArgs } from 'node:util'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { systemClock, systemTimers } from '../../shell/clock.ts'
import { readSimulatorsConfig } from './config.ts'
import { startSimulators } from './simulators.ts'

const stopMsMax = 5000

const { values } = parseArgs({ options: { config: { type: 'string' } } })

async function start(configPath: string) {
  const config = await readSimulatorsConfig(configPath)
  const simulators = await startSimulators(config, { clock: systemClock, timers: systemTimers, random: systemRandom })
  const stop = () => {
    // A device says good-bye to its broker; when that is gone too, nobody answers and nothing is left to wait for.
    systemTimers.after(stopMsMax, () => process.exit(0))
    void simulators.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
  const cameras = simulators.cameras.map(({ url }) => url)
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: simulators.controlPort, cameras })}\n`)
}

function fail(error: unknown): never {
  const said = error instanceof Fault ? { code: error.code, ...error.detail } : { code: 'internal/fault' }
  process.stderr.write(`${JSON.stringify({ level: 'error', ...said })}\n`)
  process.exit(error instanceof Fault ? 2 : 70)
}

if (values.config === undefined) fail(new Fault('request/invalid', { faults: 'usage: main.ts --config <file.json>' }))
else start(values.config).catch(fail)
