/** After a fork, or when an epoch is lost for good, a named operator goes on with a new epoch. Who and why is kept. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { Fault } from '#protocols/errors.ts'
import { acceptEpoch } from '#protocols/lane/sequence.ts'
import { isId } from '#protocols/record/value.ts'
import { noteAudit } from '../store/audit.ts'
import { lockLedger, saveLedger } from '../store/stations.ts'
import { allow } from './access.ts'
import type { Env, HttpParts } from './parts.ts'

const acceptance = z.strictObject({ epoch: z.string().regex(/^[0-9a-f]{16}$/), reason: z.string().min(1).max(400) })

export function laneRoutes(app: Hono<Env>, parts: HttpParts): void {
  app.post('/api/stations/:station/accept-epoch', allow('lane.accept-epoch', parts), async (context) => {
    const station = context.req.param('station')
    const body = acceptance.safeParse(await context.req.json())
    if (!body.success || !isId(station)) throw new Fault('request/invalid', {})
    const { epoch, reason } = body.data
    await parts.database.transact(async (tx) => {
      const [row] = await tx.query<{ lane: string }>('select lane from station where station = $1', [station])
      if (!row) throw new Fault('request/not-found', {})
      const ledger = await lockLedger(tx, station, row.lane)
      if (ledger.epochs.some((each) => each.epoch === epoch))
        throw new Fault('request/invalid', { field: 'epoch', reason: 'known' })
      await saveLedger(tx, station, row.lane, acceptEpoch(ledger, epoch))
      const { account } = context.get('operator')
      const detail = { epoch, reason, fork: ledger.fork?.reason ?? null }
      await noteAudit(tx, {
        atMs: parts.clock.nowMs(),
        account,
        act: 'lane.accept-epoch',
        station,
        record: null,
        detail,
      })
    })
    parts.live.poke({ kind: 'station', station })
    return context.body(null, 204)
  })
}
