/** What screens watch: lists and single records of the replica with own changes on top, alive. A list is worked out anew when the replica's answer,
 *  the own changes or the actor change. */
import type { MangoQuery, RxDocument } from 'rxdb/plugins/core'
import { combineLatest, from, map, type Observable, switchMap } from 'rxjs'
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { RecordQuery, ShownRecord } from './api.ts'
import { planList } from './overlay.ts'
import type { OwnDoc } from './own-change.ts'
import type { OnTop } from './own-on-top.ts'
import { plainDoc } from './rx-tables.ts'
import type { OfficerRx } from './schemas.ts'

export interface QueriesOptions {
  readonly officer: OfficerRx
  /** Emits at once, and whenever own changes or the actor changed. */
  readonly own$: Observable<readonly OwnDoc[]>
  readonly onTop: (type: string, record: string) => Promise<OnTop>
}

export interface Queries {
  list(query: RecordQuery): Observable<readonly ShownRecord[]>
  one(type: string, id: string): Observable<ShownRecord | null>
}

const newestFirst = [{ updatedMs: 'desc' }] as const

const plain = (doc: RxDocument<RecordDoc>): RecordDoc => plainDoc<RecordDoc>(doc.toJSON(true))

export function createQueries({ officer, own$, onTop }: QueriesOptions): Queries {
  const { jsonSchema } = officer.records.schema

  /** Records of a type that own changes touch, as they stand with them. */
  async function touched(own: readonly OwnDoc[], type: string): Promise<Map<string, OnTop>> {
    const ids = new Set(own.filter((each) => each.type === type && each.state !== 'refused').map((each) => each.record))
    const found = new Map<string, OnTop>()
    for (const id of ids) {
      const top = await onTop(type, id)
      if (top.count > 0) found.set(id, top)
    }
    return found
  }

  const toMango = ({ type, selector, sort, limit }: RecordQuery): MangoQuery<RecordDoc> =>
    ({
      selector: { ...selector, type: { $eq: type } },
      sort: sort && sort.length > 0 ? sort : newestFirst,
      ...(limit === undefined ? {} : { limit }),
    }) as unknown as MangoQuery<RecordDoc>

  return {
    list(query) {
      return own$.pipe(
        switchMap((own) => from(touched(own, query.type))),
        switchMap((tops) => {
          const pending = new Map([...tops].map(([id, top]) => [id, top.shown] as const))
          const plan = planList<RecordDoc>(jsonSchema, toMango(query), pending)
          return officer.records
            .find(plan.wide)
            .$.pipe(
              map((docs) =>
                plan.show(docs.map(plain)).map((doc) => ({ ...doc, pendingChanges: tops.get(doc.id)?.count ?? 0 })),
              ),
            )
        }),
      )
    },
    one(type, id) {
      return combineLatest([own$, officer.records.findOne(id).$]).pipe(
        switchMap(() => from(onTop(type, id))),
        map(({ shown, count }) => shown && { ...shown, pendingChanges: count }),
      )
    },
  }
}
