/** A hub's database in a process of its own, for tests that need another user, another mask or a violent end. Options come as JSON in the
 *  first argument; it says `{ "ok": … }` or `{ "code": … }` on one line, runs each line of its input as a query, and stops when that ends. */
import { createInterface } from 'node:readline'
import pg from 'pg'
import { systemRandom } from '#crypto/random.ts'
import { ready } from '#crypto/sodium'
import { Fault } from '#protocols/errors.ts'
import { systemTimers } from '../../../../edge/shell/clock.ts'
import { type EmbeddedOptions, startEmbedded } from '../../../../hub/store/embedded.ts'

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

await ready
try {
  const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions
  const onCrash = (fault: Fault) => say({ crash: fault.code })
  const embedded = await startEmbedded({ ...options, random: systemRandom, timers: systemTimers, onCrash })
  const client = new pg.Client(embedded.connection)
  client.on('error', () => {})
  await client.connect()
  say({
    ok: {
      pid: embedded.pid,
      runsAs: embedded.runsAs,
      isCopy: embedded.binaries.isCopy,
      host: embedded.connection.host,
    },
  })
  for await (const line of createInterface({ input: process.stdin })) {
    const rows = await client.query(line).then(
      (answer) => answer.rows as unknown[],
      (error: Error) => [{ error: error.message }],
    )
    say({ rows })
  }
  await client.end().catch(() => {})
  await embedded.close()
  say({ closed: true })
} catch (error) {
  const fault = error instanceof Fault ? error : null
  say({
    code: fault?.code ?? 'not-a-fault',
    detail: fault?.detail ?? null,
    cause: String((error as Error).cause ?? error),
  })
}
