/** Adds a person who may sign in at the console, of a hub that is running: `node hub/tools/operator.ts <settings.json> <account> <role> <name>`.
 *  Says the PIN once. Whoever may read the hub's data folder may do this: there is no other way to the first one. */
import { join } from 'node:path'
import { pinCosts } from '#crypto/pin.ts'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { Fault } from '#protocols/errors.ts'
import { type ConsoleRole, consoleRoles } from '#protocols/http/console.ts'
import { systemClock } from '../../edge/shell/clock.ts'
import { readConfig } from '../../edge/shell/process.ts'
import { databaseUrl, hubConfig } from '../config.ts'
import { createOperators } from '../operators.ts'
import { openDatabase } from '../store/database.ts'
import { connectionOfRunning } from '../store/embedded.ts'

async function addOperator(): Promise<{ account: string; pin: string }> {
  const [path, account = '', role = '', name = ''] = process.argv.slice(2)
  const config = readConfig(path, hubConfig)
  const known = consoleRoles.find((each) => each === role)
  if (!known || !name)
    throw new Fault('request/invalid', { wanted: `account role name; role: ${consoleRoles.join(' ')}` })
  const target = databaseUrl() ?? connectionOfRunning(join(config.dataFolder, 'postgres'))
  const database = await openDatabase({ target, connectionsMax: 1, onLost: () => {} })
  try {
    const operators = createOperators({ database, clock: systemClock, random: systemRandom, cost: pinCosts.operator })
    return { account, pin: await operators.add({ account, name, role: known satisfies ConsoleRole }) }
  } finally {
    await database.close()
  }
}

await ready
await addOperator().then(
  (added) => process.stdout.write(`${JSON.stringify(added)}\n`),
  (cause: unknown) => {
    const fault = cause instanceof Fault ? cause : new Fault('internal/fault', {}, { cause })
    process.stdout.write(`${JSON.stringify({ code: fault.code, detail: fault.detail })}\n`)
    process.exitCode = 1
  },
)
