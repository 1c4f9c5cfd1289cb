/** Generic read routes for every record type: what an actor may read by the rights table, and no write. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { toHex } from '#crypto/bytes.ts'
import { Fault } from '#protocols/errors.ts'
import type { RecordDef } from '#protocols/record/define.ts'
import { type Actor, decide, decideSystem } from '#protocols/record/rights.ts'
import type { RefusedRow } from '#protocols/http/desk.ts'
import { officerOf, withSession } from './access.ts'
import type { Env, HttpParts } from './parts.ts'

const listMax = 200

export function recordRoutes(app: Hono<Env>, parts: HttpParts): void {
  const { store, defs } = parts
  const defOf = (type: string): RecordDef => {
    const def = defs.get(type)
    if (!def) throw new Fault('request/not-found', { type })
    return def
  }
  const mayRead = (actor: Actor, def: RecordDef, doc: Parameters<typeof decide>[3]) => decide(actor, def, { kind: 'read' }, doc)

  app.get('/api/records/:type', withSession(parts), (context) => {
    const def = defOf(context.req.param('type'))
    const actor = officerOf(context)
    const query = listQuery(def, context.req.query())
    // Rights are asked for each row; pages are filled until enough may be seen or the table ends.
    const rows = []
    let before = query.before
    for (;;) {
      const page = store.records.list({ type: def.type, where: query.where, before, limit: listMax })
      for (const doc of page) if (rows.length < query.limit && mayRead(actor, def, doc)) rows.push(doc)
      const last = page.at(-1)
      if (rows.length >= query.limit || page.length < listMax || !last) break
      before = { updatedMs: last.updatedMs, id: last.id }
    }
    const end = rows.at(-1)
    const next = rows.length < query.limit || !end ? null : `${end.updatedMs}.${end.id}`
    return context.json({ rows, next })
  })

  app.get('/api/records/:type/:id', withSession(parts), (context) => {
    const def = defOf(context.req.param('type'))
    const doc = store.records.find(context.req.param('id'))
    if (doc?.type !== def.type || !mayRead(officerOf(context), def, doc)) throw new Fault('request/not-found')
    const changes = store.log.ofRecord(doc.id).map((entry) => ({
      id: toHex(entry.change.id),
      seq: entry.seq,
      kind: entry.change.header.kind,
      officer: entry.change.header.officer && toHex(entry.change.header.officer),
      outcome: entry.outcome,
      receivedMs: entry.receivedMs,
    }))
    return context.json({ record: doc, changes })
  })

  app.get('/api/refused', withSession(parts), (context) => {
    if (!decideSystem(officerOf(context), 'refused.read')) throw new Fault('session/denied')
    const rows: RefusedRow[] = store.log.refused(listMax).map((entry) => ({
      id: toHex(entry.change.id),
      type: entry.change.header.type,
      record: toHex(entry.change.header.record),
      officer: entry.change.header.officer && toHex(entry.change.header.officer),
      device: toHex(entry.change.header.device),
      code: entry.outcome,
      atMs: entry.receivedMs,
    }))
    return context.json({ rows })
  })
}

const cursor = z.string().regex(/^\d{1,16}\.[0-9a-f]{32}$/)

function listQuery(def: RecordDef, query: Record<string, string>) {
  const where: Record<string, string[]> = {}
  for (const [name, value] of Object.entries(query)) {
    if (name === 'limit' || name === 'after') continue
    const track = name.startsWith('track:') ? name.slice(6) : null
    const field = track === null && Object.hasOwn(def.allFields, name) ? def.allFields[name] : undefined
    const listed = field && !field.sensitive && (['ref', 'code', 'hex'].includes(field.type.kind) || name === 'number')
    if (!(track !== null ? Object.hasOwn(def.tracks, track) : listed)) throw new Fault('request/invalid', { field: name })
    where[name] = value.split(',').slice(0, 50)
  }
  const after = query['after']
  if (after !== undefined && !cursor.safeParse(after).success) throw new Fault('request/invalid', { field: 'after' })
  const [updatedMs, id] = (after ?? '').split('.')
  return {
    where,
    limit: Math.min(listMax, Math.max(1, Number(query['limit'] ?? 50) || 50)),
    before: after === undefined ? null : { updatedMs: Number(updatedMs), id: id ?? '' },
  }
}
