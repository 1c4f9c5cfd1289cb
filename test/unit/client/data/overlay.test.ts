import { createRxDatabase, type MangoQuery, type RxCollection, type RxJsonSchema } from 'rxdb/plugins/core'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { afterEach, describe, expect, it } from 'vitest'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import { type PendingDocuments, pageAfter, planList } from '../../../../client/shared/data/overlay.ts'

await ready

interface Visit {
  id: string
  state: string
  rank: number
  tracks: { handling: string }
  officers: string[]
  note?: string
}
const schema: RxJsonSchema<Visit> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 32 },
    state: { type: 'string', maxLength: 20 },
    rank: { type: 'integer', minimum: 0, maximum: 1000, multipleOf: 1 },
    tracks: { type: 'object', properties: { handling: { type: 'string', maxLength: 20 } } },
    officers: { type: 'array', items: { type: 'string' } },
    note: { type: 'string' },
  },
  required: ['id', 'state', 'rank', 'tracks', 'officers'],
  indexes: ['rank', ['state', 'rank']],
}

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const database of open.splice(0)) await database.close()
})
let databases = 0
async function collection(documents: readonly Visit[]): Promise<RxCollection<Visit>> {
  const database = await createRxDatabase({
    name: `overlay-${databases++}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  })
  open.push(database)
  const { visits } = await database.addCollections({ visits: { schema } })
  await visits.bulkInsert(documents as Visit[])
  return visits as RxCollection<Visit>
}
const ask = async (visits: RxCollection<Visit>, query: MangoQuery<Visit>): Promise<Visit[]> =>
  (await visits.find(query).exec()).map((each) => each.toJSON() as Visit)
const show = async (visits: RxCollection<Visit>, query: MangoQuery<Visit>, pending: PendingDocuments<Visit>) => {
  const plan = planList(visits.schema.jsonSchema, query, pending)
  return plan.show(await ask(visits, plan.wide))
}

const byRank: MangoQuery<Visit> = { sort: [{ rank: 'asc' }] }
const states = ['assigned', 'closed', 'queued', 'signed']
const officers = ['li', 'wang', 'zhao']

/** Chance by seed. */
function chance(seed: string) {
  const random = createSeededRandom(seed)
  const below = (n: number): number => {
    const [a, b] = random.bytes(2) as unknown as [number, number]
    return (a * 256 + b) % n
  }
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const visit = (n: number): Visit => ({
    id: n.toString(16).padStart(32, '0'),
    state: one(states),
    rank: below(40),
    tracks: { handling: one(states) },
    officers: officers.filter(() => below(2) === 0),
    ...(below(2) === 0 && { note: one(['来访', 'call', 'letter']) }),
  })
  const conditions: (() => MangoQuery<Visit>['selector'])[] = [
    () => ({}),
    () => ({ state: one(states) }),
    () => ({ rank: { $gte: below(40), $lt: 10 + below(40) } }),
    () => ({ 'tracks.handling': { $in: [one(states), one(states)] } }) as never,
    () => ({ $or: [{ state: one(states) }, { rank: { $gt: below(40) } }] }),
    () => ({ officers: { $elemMatch: { $eq: one(officers) } } }) as never,
    () => ({ note: { $exists: below(2) === 0 } }),
    () => ({ note: { $regex: 'l' } }),
    () => ({ $and: [{ state: { $ne: one(states) } }, { rank: { $lte: below(40) } }] }),
  ]
  const sorts: NonNullable<MangoQuery<Visit>['sort']>[] = [
    [{ rank: 'asc' }],
    [{ rank: 'desc' }],
    [{ state: 'desc' }, { rank: 'asc' }],
    [{ 'tracks.handling': 'asc' } as never, { id: 'desc' }],
    [{ id: 'asc' }],
  ]
  const query = (): MangoQuery<Visit> => {
    const limit = one([undefined, 1, 5, 20, 50, 1000])
    return { selector: one(conditions)() ?? {}, sort: one(sorts), ...(limit !== undefined && { limit }) }
  }
  return { below, visit, query }
}

/** Admitted documents, and pending ones: changed, new and gone. */
function world(seed: string, admittedCount: number, pendingCount: number) {
  const draw = chance(seed)
  const admitted = Array.from({ length: admittedCount }, (_, n) => draw.visit(n))
  const pending = new Map<string, Visit | null>()
  while (pending.size < pendingCount) {
    const visit = draw.visit(draw.below(Math.floor(admittedCount * 1.2)))
    pending.set(visit.id, draw.below(10) === 0 ? null : visit)
  }
  const written = new Map(admitted.map((visit) => [visit.id, visit]))
  for (const [id, visit] of pending)
    if (visit) written.set(id, visit)
    else written.delete(id)
  return { draw, admitted, pending, written: [...written.values()] }
}

describe('a list with pending documents on top', () => {
  it.each([
    ['few', 400, 20],
    ['many', 300, 200],
    ['more than there are', 20, 24],
    ['none', 100, 0],
  ])(
    'is what the query would find had they been written: %s, 150 random queries',
    async (seed, admittedCount, pendingCount) => {
      const { draw, admitted, pending, written } = world(seed, admittedCount, pendingCount)
      const [replica, real] = [await collection(admitted), await collection(written)]
      let shownCount = 0
      for (let n = 0; n < 150; n++) {
        const query = draw.query()
        const shown = await show(replica, query, pending)
        expect(shown, JSON.stringify(query)).toEqual(await ask(real, query))
        shownCount += shown.length
      }
      expect(shownCount).toBeGreaterThan(500)
    },
  )
  it('shows a record that moved into the list, not one that moved out of it, and each once', async () => {
    const { visit } = chance('moves')
    const at = (n: number, state: string): Visit => ({ ...visit(n), state, rank: n })
    const replica = await collection([at(1, 'queued'), at(2, 'queued'), at(3, 'signed')])
    const pending = new Map(
      [at(1, 'closed'), at(2, 'queued'), at(3, 'queued'), at(4, 'queued')].map((each) => [each.id, each]),
    )
    const shown = await show(replica, { selector: { state: 'queued' }, sort: [{ rank: 'desc' }], limit: 2 }, pending)
    expect(shown.map(({ rank }) => rank)).toEqual([4, 3])
  })
  it('asks for as many more as pending documents could take away', () => {
    const pending = new Map([
      ['a', null],
      ['b', null],
    ])
    const jsonSchema = { ...schema, properties: { ...schema.properties } } as never
    expect(planList<Visit>(jsonSchema, { ...byRank, limit: 10 }, pending).wide.limit).toBe(12)
    expect(planList<Visit>(jsonSchema, byRank, pending).wide.limit).toBeUndefined()
  })
  it('says how it is sorted', () => {
    expect(() => planList<Visit>(schema as never, {}, new Map())).toThrow('how it is sorted')
  })
  it('is never paged by offset', () => {
    expect(() => planList<Visit>(schema as never, { ...byRank, skip: 5 }, new Map())).toThrow('by sort key')
  })
})

describe('paging by sort key', () => {
  it.each(['one', 'two', 'three'])(
    'gives every row once and in order, with pending documents on top: %s',
    async (seed) => {
      const { draw, admitted, pending, written } = world(`pages ${seed}`, 150, 40)
      const [replica, real] = [await collection(admitted), await collection(written)]
      for (let n = 0; n < 25; n++) {
        const limit = 7 + draw.below(30)
        const { limit: _, ...unlimited } = draw.query()
        const whole = await ask(real, unlimited)
        const pages: Visit[] = []
        for (;;) {
          const last = pages.at(-1)
          const query = { ...(last ? pageAfter(replica.schema.jsonSchema, unlimited, last) : unlimited), limit }
          const page = await show(replica, query, pending)
          pages.push(...page)
          if (page.length < limit) break
          expect(pages.length).toBeLessThanOrEqual(whole.length)
        }
        expect(pages, JSON.stringify(unlimited)).toEqual(whole)
      }
    },
  )
  it('does not take a field that may be missing for a sort key', () => {
    const last = chance('x').visit(1)
    delete last.note
    expect(() => pageAfter<Visit>(schema as never, { sort: [{ note: 'asc' }] }, last)).toThrow('always there')
  })
})
