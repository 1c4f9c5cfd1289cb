import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import type { ShownRecord } from '../../../../client/shared/data/api.ts'
import type { Actor } from '#protocols/record/rights.ts'
import { firstValueFrom, filter } from 'rxjs'
import { visitActs } from '../../../../client/handheld/logic/visit-acts.ts'
import { makeStation } from '../../../fixtures/handheld-page/station.ts'

const clock = { nowMs: () => Date.UTC(2026, 10, 21, 6, 5) }
let data: ReturnType<typeof makeStation>
let actor: Actor
beforeAll(async () => {
  await ready
  data = makeStation(clock)
  const found = await firstValueFrom(data.actor$)
  if (!found) throw new Error('no actor')
  actor = found
})
const shown = async (index: number): Promise<ShownRecord> => {
  const record = await firstValueFrom(
    data.watchOne('visit', data.sampleVisits[index] ?? '').pipe(filter((each) => each !== null)),
  )
  if (!record) throw new Error('no visit')
  return record
}
const standings = (record: ShownRecord, by: Actor) => {
  const acts = visitActs(record, by)
  return [
    acts.main.sign.standing,
    acts.main.begin.standing,
    acts.main.feedback.standing,
    acts.main.finish.standing,
    acts.other.join(),
  ]
}

describe('the four buttons', () => {
  it.each([
    [0, 'assigned', ['next', 'notYet', 'notYet', 'notYet', 'handBack,transfer']],
    [1, 'signed', ['done', 'next', 'open', 'notYet', 'handBack,transfer']],
    [2, 'handling', ['done', 'done', 'open', 'next', 'refer']],
    [3, 'handled', ['done', 'done', 'open', 'done', '']],
    [4, 'closed', ['done', 'done', 'done', 'done', '']],
  ])('visit %d, %s', async (index, state, expected) => {
    const record = await shown(index)
    expect(record.tracks['handling']).toBe(state)
    expect(standings(record, actor)).toEqual(expected)
  })

  it('without feedback the feedback is next, and the finish stays open with it', async () => {
    const record = await shown(2)
    const bare = { ...record, fields: { ...record.fields, feedback: [] } }
    expect(standings(bare, actor).slice(0, 4)).toEqual(['done', 'done', 'next', 'open'])
  })

  it('a visit of another officer offers nothing', async () => {
    const record = await shown(0)
    const acts = visitActs({ ...record, fields: { ...record.fields, officer: '0'.repeat(32) } }, actor)
    expect(acts.any).toBe(false)
  })

  it('the time of an act is the time of its press', async () => {
    const record = await shown(1)
    const press = record.history.find((line) => line.kind === 'do:sign')?.pressedMs
    expect(visitActs(record, actor).main.sign.doneAtMs).toBe(press)
  })

  it('an act offline changes the buttons at once', async () => {
    const own = makeStation(clock)
    own.set({ online: false })
    const id = own.sampleVisits[0] ?? ''
    expect(await own.commit({ type: 'visit', record: id, kind: 'do:sign', values: {} })).toMatchObject({ ok: true })
    const record = await firstValueFrom(own.watchOne('visit', id).pipe(filter((each) => each !== null)))
    const by = await firstValueFrom(own.actor$)
    if (!record || !by) throw new Error('no visit')
    expect(record.pendingChanges).toBe(1)
    expect(standings(record, by).slice(0, 2)).toEqual(['done', 'next'])
  })
})
