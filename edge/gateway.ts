/** The gateway put together from its parts, apart from the process it runs in: main.ts and tests make the same one. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toBase64Url, toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import type { Clock, Timers } from '#protocols/clock.ts'
import { Fault } from '#protocols/errors.ts'
import { flows } from '#protocols/flows/index.ts'
import { encodePolicy } from '#protocols/lane/policy.ts'
import { parseHubCard } from '#protocols/lane/card.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { wireVersion } from '#protocols/version.ts'
import { createCheckpointer } from './checkpoint.ts'
import { createCommitter } from './commit.ts'
import type { EdgeConfig } from './config.ts'
import { createCamera } from './devices/camera.ts'
import { createStationDevices } from './devices/station-devices.ts'
import { createApp } from './http/app.ts'
import type { Demo, HttpParts } from './http/parts.ts'
import { createSessions } from './http/sessions.ts'
import { createIdentity } from './identity.ts'
import { loadOrMakeKeys, type StationKeys } from './keys.ts'
import { createKiosks, type Kiosks } from './kiosk/kiosks.ts'
import { createDeskPictures } from './kiosk/pictures.ts'
import { innerPolicy } from './lane/policy.ts'
import { createLaneSender, type LaneSender } from './lane/sender.ts'
import { createLive } from './live.ts'
import { createDirectoryCarrier } from './shell/carriers/directory.ts'
import type { Log } from './shell/log.ts'
import { writePublicFile } from './shell/public-file.ts'
import { createZstd } from './shell/zstd.ts'
import { listen, liveRoute } from './server.ts'
import { openStore, type Store } from './store/store.ts'
import { readServed, watchServed } from './tls/served.ts'
import { openTrustPage } from './tls/trust-page.ts'
import { createVerifierPool, inlineVerifier } from './verify/pool.ts'

export interface GatewayParts {
  readonly config: EdgeConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly demo: Demo | null
}

const checkpointMs = 60 * 1000

/** Keys and store of a data folder; the folder is made 0700. Throws Fault 'store/…'. */
export function openStation(dataFolder: string, stationName: string, random: Random, nowMs: number): { keys: StationKeys; store: Store } {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new Fault('store/read-only', { what: 'data folder' }, { cause })
  }
  const keys = loadOrMakeKeys(join(dataFolder, 'keys'), stationName, random, nowMs)
  const store = openStore(join(dataFolder, 'station.db'), keys.storeKey, recordDefs)
  return { keys, store }
}

export async function createGateway(parts: GatewayParts) {
  const { config, clock, timers, random, log } = parts
  const { keys, store } = openStation(config.dataFolder, config.station.name, random, clock.nowMs())
  const identity = createIdentity(store, keys)
  const epoch = epochOf(store, random)
  store.transact(() => {
    const gateway = toHex(keys.gatewayDevice)
    if (!identity.device(gateway)) identity.certify(keys.gatewayDevice, 'gateway', 'gateway', keys.gateway.publicKey, clock.nowMs())
  })
  const live = createLive()
  const checkpointer = createCheckpointer(store, keys, epoch)
  let kiosks: Kiosks | null = null
  let sender: LaneSender | null = null
  let laneSoon: (() => void) | null = null
  const runLane = () => {
    void sender?.run().catch((cause) => log.error('lane/send-failed', { code: cause instanceof Fault ? cause.code : 'internal/fault' }, cause))
  }
  const committer = createCommitter({
    store,
    identity,
    keys,
    defs: recordDefs,
    flows,
    clock,
    random,
    defer: (run) => {
      timers.after(0, run)
    },
    onCommitted: (moved, changed) => {
      live.poke(moved, store.members.headSeq())
      kiosks?.onVisitsChanged(changed)
      laneSoon ??= timers.after(config.lane?.everyMs ?? 1000, () => {
        laneSoon = null
        runLane()
      })
    },
    onFlowRefused: (draft, refusal) => log.error('flow/refused', { type: draft.type, kind: draft.kind, code: refusal.code }),
  })
  const station = createStationFacts(store, config)
  await station.found(committer)
  const devices = createStationDevices({ store, committer, clock, timers, log, kiosks: () => kiosks as Kiosks })
  const pictures = createDeskPictures(clock)
  const cameras = new Map(
    config.cameras.map((camera) => [
      camera.unit,
      createCamera({ url: camera.url, username: camera.username, password: readFileSync(camera.passwordFile, 'utf8').trim(), clock, timers, random }),
    ]),
  )
  kiosks = createKiosks({
    store,
    committer,
    clock,
    live,
    pictures,
    randomHex: (count) => toHex(random.bytes(count)),
    station: station.facts,
    compare: devices.compare,
    snapshot: async (unit) => {
      const camera = cameras.get(unit)
      if (!camera) throw new Fault('device/unreachable')
      return camera.snapshot()
    },
    isActive: devices.isActive,
  })
  const verifier = config.verifyThreads > 0 ? createVerifierPool(config.verifyThreads, (cause) => log.error('verify/thread-ended', {}, cause)) : inlineVerifier
  const http: HttpParts = {
    store,
    identity,
    committer,
    keys,
    defs: recordDefs,
    clock,
    random,
    verifier,
    epoch,
    log,
    live,
    sessions: createSessions(store, clock, random),
    kiosks,
    pictures,
    hello: () => ({
      product: 'outpost',
      version: '0.1.0',
      wire: wireVersion,
      station: { id: toHex(keys.station), ...station.facts() },
      epoch,
      certificate: toBase64Url(keys.certificate),
      demo: parts.demo !== null,
      demoData: parts.demo !== null || config.demoData === true,
      timeMs: clock.nowMs(),
    }),
    stationUnit: () => station.facts().unit,
    demo: parts.demo,
    filesFolder: join(config.dataFolder, 'files'),
    pagesFolder: config.pagesFolder,
  }
  const app = createApp(http)
  liveRoute(app, http)

  if (config.lane) {
    const hub = parseHubCard(readFileSync(config.lane.hubCard, 'utf8'))
    const policy = innerPolicy(recordDefs)
    writePublicFile(config.lane.stationCard, JSON.stringify(stationCard(), null, 1))
    mkdirSync(config.lane.folder, { recursive: true })
    sender = createLaneSender({
      store,
      identity,
      keys,
      policy,
      recipient: { id: fromHex(hub.hub), boxKey: fromHex(hub.boxKey) },
      carrier: createDirectoryCarrier({ path: config.lane.folder, timers, random }),
      compressor: createZstd(),
      newestCheckpoint: checkpointer.newest,
      clock,
      random,
      log,
    })
    function stationCard() {
      const facts = station.facts()
      return {
        card: 'outpost-station',
        v: 1,
        station: toHex(keys.station),
        name: facts.name,
        nameEn: facts.nameEn,
        code: facts.code,
        root: toHex(keys.root),
        certificate: toHex(keys.certificate),
        laneNumber: toHex(keys.laneNumber),
        senderCertificate: toHex(keys.laneCertificate),
        policies: [toHex(encodePolicy(policy))],
      }
    }
  }
  const takeCheckpoint = () => {
    try {
      checkpointer.take(clock.nowMs())
    } catch (cause) {
      log.error('log/checkpoint-failed', { code: cause instanceof Fault ? cause.code : 'internal/fault' }, cause)
    }
  }
  takeCheckpoint()
  const stops = [timers.every(checkpointMs, takeCheckpoint), timers.every(10_000, runLane)]
  runLane()
  if (config.broker) {
    const secret = readFileSync(config.broker.secretFile, 'utf8').trim()
    // The station serves people before its devices are there: a broker that is away is no reason to keep the door shut.
    void devices.listen({ url: config.broker.url, secret }).then(() => log.info('devices/listening'))
  }
  const tls = config.tls ? readServed(config.tls) : null
  const listening = await listen(app, { host: config.host, port: config.port, tls })
  if (config.tls && tls) stops.push(watchServed(config.tls, tls, { timers, log, use: listening.useCertificate }))
  const trustPage = config.tls && config.trustPage && (await openStationTrustPage(config.tls.name, config.trustPage))
  log.info('gateway/listening', { port: listening.port })

  function openStationTrustPage(name: string, { port, caFile }: { port: number; caFile: string }) {
    const { name: zh, nameEn: en } = station.facts()
    return openTrustPage({ host: config.host, port, caFile, stationUrl: `https://${name}:${listening.port}/desk`, stationName: { zh, en } })
  }
  const hasDesk = () => store.records.list({ type: 'device', where: { kind: 'desk' }, before: null, limit: 1 }).length > 0

  return {
    port: listening.port,
    /** Of the page with the authority's file. */
    trustPort: trustPage?.port ?? null,
    /** For the first desk: from there on people make the tickets. */
    firstTicket: config.firstTicket && !hasDesk() ? http.sessions.mintTicket('desk', station.facts().unit).ticket : null,
    app,
    store,
    committer,
    async close(): Promise<void> {
      for (const stop of stops) stop()
      live.close()
      await trustPage?.close()
      await listening.close()
      await devices.close()
      takeCheckpoint()
      await sender?.run().catch(() => {})
      await verifier.close()
      store.close()
    },
  }
}
export type Gateway = Awaited<ReturnType<typeof createGateway>>

/** 8 bytes, hex. A new one begins when a gateway is restored from a backup; it is made once otherwise. */
function epochOf(store: Store, random: Random): string {
  const saved = store.meta('epoch')
  if (saved) return toHex(saved)
  const epoch = random.bytes(8)
  store.setMeta('epoch', epoch)
  return toHex(epoch)
}

/** The station's own unit: founded from the settings when there is none. */
function createStationFacts(store: Store, config: EdgeConfig) {
  const own = () => store.records.list({ type: 'unit', where: { code: config.station.code }, before: null, limit: 1 })[0]
  return {
    facts() {
      const unit = own()
      return {
        unit: unit?.id ?? '',
        code: config.station.code,
        name: String(unit?.fields['name'] ?? config.station.name),
        nameEn: String(unit?.fields['nameEn'] ?? config.station.nameEn),
      }
    },
    async found(committer: HttpParts['committer']): Promise<void> {
      if (own()) return
      const { code, name, nameEn } = config.station
      const result = await committer.act(() => [{ type: 'unit', record: null, kind: 'create', values: { code, name, nameEn, kind: 'station', label: 'internal' } }], null)
      if (!result.ok) throw new Fault(result.code, result.detail)
    },
  }
}
