import { filter, firstValueFrom } from 'rxjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import type { RecordDoc } from '#protocols/record/doc.ts'
import { timelineOf } from '../../../../client/shared/ui/timeline-entries.ts'
import { makeStation } from '../../../fixtures/handheld-page/station.ts'

const nowMs = Date.UTC(2026, 10, 21, 6, 5)
let data: ReturnType<typeof makeStation>
beforeAll(async () => {
  await ready
  data = makeStation({ nowMs: () => nowMs })
})
const shown = async (id: string): Promise<RecordDoc> => {
  const record = await firstValueFrom(data.watchOne('visit', id).pipe(filter((each) => each !== null)))
  if (!record) throw new Error('no visit')
  return record
}

describe('the course of a record', () => {
  it('has one line for each line of the history, newest first', async () => {
    const record = await shown(data.sampleVisits[2] ?? '')
    const entries = timelineOf(record)
    expect(entries.map((entry) => entry.id)).toEqual(record.history.map((line) => line.change).reverse())
    expect(entries[0]).toMatchObject({ kind: 'update', fields: ['feedback'], by: { kind: 'account' }, delivered: true })
    expect(entries[0]?.texts).toEqual(['14:20 到灯塔巷现场, 双方同意周一再谈, 已留联系方式。'])
  })

  it('names the device the gateway acted for, and the gateway where it acted of itself', async () => {
    const entries = timelineOf(await shown(data.sampleVisits[4] ?? ''))
    expect(entries.find((entry) => entry.kind === 'create')?.by).toEqual({ kind: 'device', via: 'kiosk' })
    expect(entries.find((entry) => entry.kind === 'do:close')?.by).toEqual({ kind: 'gateway' })
  })

  it('an own act that is not delivered says so, with its reason', async () => {
    const id = data.sampleVisits[0] ?? ''
    await data.commit({ type: 'visit', record: id, kind: 'do:handBack', values: { backReason: '不属本人业务' } })
    const first = timelineOf(await shown(id))[0]
    expect(first).toMatchObject({
      kind: 'do:handBack',
      state: { track: 'handling', to: 'queued' },
      delivered: false,
      texts: ['不属本人业务'],
    })
  })

  it('a line taken in much later keeps both times; one taken in at once has one', async () => {
    const record = await shown(data.sampleVisits[1] ?? '')
    const [line] = record.history
    if (!line) throw new Error('no line')
    const late = { ...record, history: [{ ...line, takenMs: line.pressedMs + 3_600_000 }] }
    expect(timelineOf(late)[0]?.takenLaterMs).toBe(line.pressedMs + 3_600_000)
    expect(timelineOf(record).every((entry) => entry.takenLaterMs === null)).toBe(true)
  })

  it('a reason that a later act replaced is not put into the mouth of the earlier one', async () => {
    const record = await shown(data.sampleVisits[0] ?? '')
    const handBack = record.history.find((line) => line.kind === 'do:handBack')
    if (!handBack) throw new Error('no line')
    const replaced = { ...record, meta: { ...record.meta, backReason: { seq: 0, change: 'f'.repeat(64), order: '' } } }
    expect(timelineOf(replaced).find((entry) => entry.kind === 'do:handBack')?.texts).toEqual([])
  })
})
