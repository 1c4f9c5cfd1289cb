/** Everything that comes in: cards of stations from their folder, bundles from the carriers. Judges nothing itself. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Carrier } from '#protocols/carrier.ts'
import type { Timers } from '#protocols/clock.ts'
import { errorCodes, Fault } from '#protocols/errors.ts'
import type { Log } from '../../edge/shell/log.ts'
import type { Database } from '../store/database.ts'
import { putCard } from '../store/stations.ts'
import { openStationCard } from './card.ts'
import type { Imported, Importer } from './importer.ts'

export type ReceiverEvent =
  | { readonly kind: 'bundle'; readonly station: string; readonly imported: Imported }
  | { readonly kind: 'quarantine'; readonly station: string; readonly code: string }
  | { readonly kind: 'station'; readonly station: string }

export interface ReceiverParts {
  readonly database: Database
  readonly importer: Importer
  readonly carriers: readonly Carrier[]
  readonly cardsFolder: string
  /** Ed25519 public keys; empty: a card's own root is believed. */
  readonly roots: readonly Uint8Array[]
  readonly timers: Timers
  readonly pollMs: number
  readonly log: Log
  readonly onEvent: (event: ReceiverEvent) => void
}

const cardBytesMax = 1024 * 1024
const cardsMax = 10_000

export async function startReceiver(
  parts: ReceiverParts,
): Promise<{ scanCards(): Promise<void>; close(): Promise<void> }> {
  /** File name -> what it was when it was last looked at. */
  const seenCards = new Map<string, string>()
  let scanning: Promise<void> = Promise.resolve()

  async function scan(): Promise<void> {
    const names = await readdir(parts.cardsFolder).catch(() => [])
    for (const name of names.filter((each) => each.endsWith('.json')).slice(0, cardsMax)) await lookAt(name)
  }

  async function lookAt(name: string): Promise<void> {
    const path = join(parts.cardsFolder, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile() || found.size > cardBytesMax) return
    const mark = `${found.mtimeMs} ${found.size} ${found.ino}`
    if (seenCards.get(name) === mark) return
    try {
      const card = openStationCard(await readFile(path, 'utf8'), parts.roots)
      const isNew = await parts.database.transact((tx) => putCard(tx, card))
      seenCards.set(name, mark)
      if (!isNew) return
      parts.log.info('hub/card-taken', { station: card.card.station })
      parts.onEvent({ kind: 'station', station: card.card.station })
    } catch (cause) {
      const code = cause instanceof Fault ? cause.code : 'internal/fault'
      parts.log.warn('hub/card-refused', { code, ...(cause instanceof Fault ? reasonOf(cause) : {}) })
      // A store that did not answer is asked again; a card that is wrong, when the file has changed.
      if (code === 'hub/card-invalid') seenCards.set(name, mark)
    }
  }

  const scanCards = (): Promise<void> => {
    scanning = scanning.then(scan)
    return scanning
  }

  async function take(bytes: Uint8Array): Promise<void> {
    try {
      const imported = await parts.importer.importFile(bytes)
      const { station, seq, changes: count } = imported
      parts.log.info(`lane/bundle-${imported.verdict}`, { station, seq, count })
      if (imported.hasAlarm) parts.log.error('lane/bundle-alarm', { station, seq })
      parts.onEvent({ kind: 'bundle', station, imported })
    } catch (cause) {
      const code = cause instanceof Fault ? cause.code : 'internal/fault'
      // What is offered again is worth a line only when it ends.
      if (errorCodes[code].retry === 'never') {
        parts.log.warn('lane/bundle-refused', { code, ...(cause instanceof Fault ? reasonOf(cause) : {}) })
        parts.onEvent({ kind: 'quarantine', station: '', code })
      } else if (code === 'internal/fault') parts.log.error('lane/import-failed', { code }, cause)
      throw cause
    }
  }

  await scanCards()
  const stopScan = parts.timers.every(parts.pollMs, () => void scanCards())
  const running = await Promise.all(parts.carriers.map((carrier) => carrier.receive(({ bytes }) => take(bytes))))
  return {
    scanCards,
    async close() {
      stopScan()
      await Promise.all(running.map((each) => each.close()))
      await scanning
    },
  }
}

const reasonOf = (fault: Fault): { reason?: string } => {
  const { reason } = fault.detail
  return typeof reason === 'string' ? { reason } : {}
}
