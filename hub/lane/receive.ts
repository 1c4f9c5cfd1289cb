/** The receiving process: the only one that holds the key to open bundles, and the only writer of what stations sent. It runs apart from the
 *  console, so that a large bundle, or one that brings it down, does not take the console along. Started by hub/main.ts with a channel. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ready } from '#crypto/sodium'
import { fromHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import { Fault } from '#protocols/errors.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { createDirectoryCarrier } from '../../edge/shell/carriers/directory.ts'
import { systemClock, systemTimers } from '../../edge/shell/clock.ts'
import { createLog } from '../../edge/shell/log.ts'
import { readConfig, runProcess } from '../../edge/shell/process.ts'
import { createZstd } from '../../edge/shell/zstd.ts'
import { hubConfig } from '../config.ts'
import { createImporter } from '../import/importer.ts'
import { createOpener } from '../import/open.ts'
import { startReceiver } from '../import/receiver.ts'
import { retryQuarantined } from '../import/retry.ts'
import { loadOrMakeHubKeys } from '../keys.ts'
import { openDatabase } from '../store/database.ts'
import { openRecords } from '../store/open-records.ts'
import type { Connection } from '../store/embedded.ts'
import type { ToReceiver } from './supervise.ts'

const say = (message: unknown): void => {
  process.send?.(message)
}

/** The address of the store comes by the channel, so that its password stands in no argument and no environment. */
const targetOf = (): Promise<Connection | string> =>
  new Promise((resolve, reject) => {
    if (!process.send) return reject(new Fault('config/invalid', { faults: 'started without a channel' }))
    process.once('message', (message: ToReceiver) => resolve(message.target))
    say({ kind: 'hello' })
  })

await runProcess(async () => {
  await ready
  const config = readConfig(process.argv[2], hubConfig)
  const log = createLog('hub-receiver', config.logFile)
  const target = await targetOf()
  const keys = loadOrMakeHubKeys(join(config.dataFolder, 'keys'), systemRandom)
  const database = await openDatabase({ target, connectionsMax: 4, onLost: () => log.warn('store/connection-lost') })
  const records = await openRecords(database, recordDefs)
  await retryQuarantined(database, { records, defs: recordDefs })
  const opener = createOpener({ hub: keys.hub, box: keys.box, compressor: createZstd() })
  const importer = createImporter({ database, opener, records, defs: recordDefs, clock: systemClock })
  const folders = [config.carrierFolder, ...config.moreCarrierFolders]
  for (const folder of [config.stationCards, config.carrierFolder]) mkdirSync(folder, { recursive: true })
  const receiver = await startReceiver({
    database,
    importer,
    carriers: folders.map((path) =>
      createDirectoryCarrier({ path, timers: systemTimers, random: systemRandom, pollMs: config.pollMs }),
    ),
    cardsFolder: config.stationCards,
    roots: config.roots.map((root) => fromHex(root)),
    timers: systemTimers,
    pollMs: config.pollMs,
    log,
    onEvent: say,
  })
  say({ kind: 'ready' })
  return {
    async close() {
      await receiver.close()
      await database.close()
    },
  }
})
