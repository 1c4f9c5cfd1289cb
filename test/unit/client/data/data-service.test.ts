import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { toHex } from '#crypto/bytes.ts'
import { systemRandom } from '#crypto/random.ts'
import type { Status } from '../../../../client/shared/data/api.ts'
import { createDataDevice, createProfile, type DataDevice, type DeviceOptions } from '../../../fixtures/data-device.ts'
import { type LiveGateway, type LivePerson, startLiveGateway } from '../../../fixtures/live-gateway.ts'

let gateway: LiveGateway
let officer: LivePerson
let leader: LivePerson
const devices: DataDevice[] = []

beforeAll(async () => {
  await ready
  gateway = await startLiveGateway()
  officer = await gateway.addPerson('100300', ['officer'])
  leader = await gateway.addPerson('100301', ['unit-leader'])
})
afterEach(async () => {
  for (const device of devices.splice(0)) await device.stop()
})
afterAll(() => gateway.stop())

const start = async (options: Partial<DeviceOptions> = {}): Promise<DataDevice> => {
  const device = createDataDevice({ origin: gateway.origin, ...options })
  devices.push(device)
  await device.service.start()
  return device
}
const stop = async (device: DataDevice): Promise<void> => {
  devices.splice(devices.indexOf(device), 1)
  await device.stop()
}
const statusOf = (device: DataDevice, fits: (status: Status) => boolean): Promise<Status> =>
  device.until(device.service.status$, fits)
const complete = (device: DataDevice): Promise<Status> => statusOf(device, (status) => status.complete !== null)
const enrolled = async (person = officer, options: Partial<DeviceOptions> = {}): Promise<DataDevice> => {
  const device = await start(options)
  await device.service.enrolDemo()
  await device.service.logon(person.policeNumber, person.pin)
  await complete(device)
  return device
}
const taskDraft = (title: string) => ({
  type: 'task',
  record: null,
  kind: 'create',
  values: {
    title,
    responsible: officer.account,
    copied: { add: [officer.account, leader.account] },
    unit: gateway.unit,
    label: 'internal',
    born: { task: 'issued' },
  },
})
const create = async (device: DataDevice, title: string): Promise<string> => {
  const result = await device.service.commit(taskDraft(title))
  if (!result.ok) throw new Error(result.code)
  return result.record
}

describe('a device', () => {
  it('is unenrolled at first, locked after enrolment, open after log-on, and knows its station', async () => {
    const device = await start()
    await statusOf(device, (status) => status.phase === 'unenrolled' && status.demo)
    await device.service.enrolDemo()
    const locked = await statusOf(device, (status) => status.phase === 'locked')
    expect(locked.station?.name).toBe('听潮派出所')
    await device.service.logon(officer.policeNumber, officer.pin)
    const open = await complete(device)
    expect(open).toMatchObject({
      phase: 'open',
      online: true,
      trouble: null,
      pending: 0,
      account: { id: officer.account },
    })
    expect(open.complete?.have).toBe(open.complete?.of)
    expect(await device.service.officers()).toEqual([
      { account: officer.account, name: '员100300', policeNumber: '100300' },
    ])
  })

  it('refuses a ticket that was used', async () => {
    const device = await start()
    const answer = await fetch(`${gateway.origin}/api/demo/ticket`, {
      method: 'POST',
      headers: { 'x-outpost-face': 'handheld', 'content-type': 'application/json' },
      body: JSON.stringify({ face: 'handheld' }),
    })
    const { ticket } = (await answer.json()) as { ticket: string }
    await device.service.enrol(ticket)
    const other = await start()
    await expect(other.service.enrol(ticket)).rejects.toMatchObject({ code: 'enrol/ticket-unknown' })
    expect((await statusOf(other, () => true)).phase).toBe('unenrolled')
  })

  it('refuses a wrong PIN at log-on and keeps nothing of it', async () => {
    const device = await start()
    await device.service.enrolDemo()
    await expect(device.service.logon(leader.policeNumber, '11112222')).rejects.toMatchObject({ code: 'logon/failed' })
    expect(await device.service.officers()).toEqual([])
  })
})

describe('writing', () => {
  it('an edit is shown at once, goes up, and leaves the list of own changes when the record is here', async () => {
    const device = await enrolled()
    const id = await create(device, '巡逻')
    await device.until(device.service.watchOne('task', id), (task) => task?.pendingChanges === 0 && task.version !== '')
    expect(gateway.store.records.find(id)?.fields['title']).toBe('巡逻')
    expect(await device.until(device.service.own$, (own) => own.length === 0)).toEqual([])
    expect((await statusOf(device, (status) => status.pending === 0)).refused).toBe(0)
  })

  it('without a network it is shown as pending, survives a restart, and goes up when the network is back', async () => {
    const device = await enrolled()
    device.wire.isCut = true
    const id = await create(device, '断网')
    const shown = await device.until(device.service.watchOne('task', id), (task) => task !== null)
    expect(shown?.pendingChanges).toBe(1)
    expect((await statusOf(device, (status) => status.pending === 1)).pending).toBe(1)
    const { profile } = device
    await stop(device)

    const again = await start({ profile })
    expect((await statusOf(again, (status) => status.phase === 'locked')).pending).toBe(1)
    await again.service.unlock(officer.account, officer.pin)
    const list = await again.until(
      again.service.watch({ type: 'task', selector: { 'fields.title': '断网' } }),
      (found) => found.some((task) => task.pendingChanges === 0),
    )
    expect(list).toHaveLength(1)
    expect(gateway.store.records.find(id)?.fields['title']).toBe('断网')
  })

  it('unlocks and reads without a network', async () => {
    const device = await enrolled()
    const id = await create(device, '离线可读')
    await device.until(device.service.watchOne('task', id), (task) => task?.pendingChanges === 0)
    const { profile } = device
    await stop(device)
    const again = createDataDevice({ origin: gateway.origin, profile })
    devices.push(again)
    again.wire.isCut = true
    await again.service.start()
    await again.service.unlock(officer.account, officer.pin)
    const task = await again.until(again.service.watchOne('task', id), (found) => found !== null)
    expect(task?.fields['title']).toBe('离线可读')
    expect((await statusOf(again, () => true)).online).toBe(false)
  })

  it('what the rules refuse here is refused at once and nothing is kept of it', async () => {
    const device = await enrolled()
    const result = await device.service.commit({
      type: 'post',
      record: null,
      kind: 'create',
      values: { name: 'x', role: 'officer', level: 1, of: gateway.unit },
    })
    expect(result).toMatchObject({ ok: false, code: 'change/denied' })
    expect((await statusOf(device, () => true)).pending).toBe(0)
  })

  it('a session that the gateway has forgotten is opened again without a word', async () => {
    const device = await enrolled()
    gateway.store.database.prepare('delete from session').run()
    const id = await create(device, '会话')
    await device.until(device.service.own$, (own) => own.length === 0)
    expect(gateway.store.records.find(id)).not.toBeNull()
    expect((await statusOf(device, () => true)).trouble).toBeNull()
  })

  it('two who act at once: the first is admitted, the other sees the refusal and can dismiss it', async () => {
    const first = await enrolled(officer)
    const second = await enrolled(leader)
    const id = await create(first, '抢办')
    await second.until(second.service.watchOne('task', id), (task) => task !== null)
    await first.until(first.service.watchOne('task', id), (task) => task?.pendingChanges === 0)
    const act = { type: 'task', record: id, kind: 'do:takeUp', values: {} }
    second.wire.isCut = true
    expect(await second.service.commit(act)).toMatchObject({ ok: true })
    expect(await first.service.commit(act)).toMatchObject({ ok: true })
    await first.until(first.service.own$, (own) => own.length === 0)
    second.wire.isCut = false
    second.service.networkChanged(true)
    const own = await second.until(second.service.own$, (list) => list[0]?.state === 'refused')
    expect(own[0]).toMatchObject({ code: 'change/transition-stale', kind: 'do:takeUp', record: id })
    expect((await statusOf(second, (status) => status.refused === 1)).pending).toBe(0)
    await second.service.dismissRefused(own[0]?.id ?? '')
    expect(await second.until(second.service.own$, (list) => list.length === 0)).toEqual([])
    // The chain goes on after it.
    await create(second, '之后')
    await second.until(second.service.own$, (list) => list.length === 0)
  })

  it('a poke brings what another device wrote without waiting for the next look', async () => {
    const first = await enrolled(officer)
    const second = await enrolled(leader)
    const id = await create(first, '即时')
    const task = await second.until(second.service.watchOne('task', id), (found) => found !== null)
    expect(task?.fields['title']).toBe('即时')
  })
})

describe('one writer', () => {
  it('two clocks set back and forth between starts skip no change', async () => {
    const offset = { ms: 0 }
    const clock = { nowMs: () => Date.now() + offset.ms }
    let device = await enrolled(officer, { clock })
    const { profile } = device
    const ids = [await create(device, '起')]
    for (const ms of [-3_600_000, 3_600_000, -86_400_000]) {
      await stop(device)
      offset.ms = ms
      device = await start({ profile, clock })
      await device.service.unlock(officer.account, officer.pin)
      ids.push(await create(device, `偏 ${ms}`))
    }
    // A year ahead the grant has ended: it takes a log-on, which also puts the clock right.
    await stop(device)
    offset.ms = 365 * 86_400_000
    device = await start({ profile, clock })
    await expect(device.service.unlock(officer.account, officer.pin)).rejects.toMatchObject({
      code: 'identity/expired',
    })
    await device.service.logon(officer.policeNumber, officer.pin)
    ids.push(await create(device, '一年之后'))
    await device.until(device.service.own$, (own) => own.length === 0)
    for (const id of ids) expect(gateway.store.records.find(id), id).not.toBeNull()
  })

  it('a second window stands aside, and may take over; the first one ends', async () => {
    const first = await enrolled()
    const second = createDataDevice({ origin: gateway.origin, profile: first.profile })
    devices.push(second)
    await second.service.start()
    expect((await statusOf(second, () => true)).phase).toBe('elsewhere')
    await second.service.takeOver()
    expect((await statusOf(second, () => true)).phase).toBe('locked')
    expect((await statusOf(first, () => true)).phase).toBe('elsewhere')
    expect(first.ends()).toBe(1)
    await expect(first.service.commit(taskDraft('x'))).rejects.toMatchObject({ code: 'session/none' })
  })
})

describe('enrolling again', () => {
  it('is refused while changes wait that only this device has', async () => {
    const device = await enrolled()
    device.wire.isCut = true
    await create(device, '未送')
    await device.service.lock()
    device.wire.isCut = false
    await expect(device.service.enrolDemo()).rejects.toMatchObject({ code: 'enrol/refused', detail: { pending: 1 } })
  })

  it('makes another device and leaves nothing of the first', async () => {
    const device = await enrolled()
    const before = (await statusOf(device, () => true)).device
    await device.service.lock()
    await device.service.enrolDemo()
    const after = await statusOf(device, (status) => status.phase === 'locked')
    expect(after.device).not.toBe(before)
    expect(await device.service.officers()).toEqual([])
    await device.service.logon(officer.policeNumber, officer.pin)
    await complete(device)
  })

  it('is offered when a demo folder was made anew, and only when nothing would be lost', async () => {
    const profile = createProfile()
    const first = await enrolled(officer, { profile })
    await stop(first)
    const other = await startLiveGateway()
    const device = await start({ profile, origin: other.origin })
    expect(await statusOf(device, (status) => status.phase === 'unenrolled')).toMatchObject({
      trouble: 'identity/forged',
    })
    await device.service.enrolDemo()
    expect((await statusOf(device, (status) => status.phase === 'locked')).station?.id).not.toBe('')
    await stop(device)
    await other.stop()
  })
})

describe('locking', () => {
  it('clears what was open and asks for the page to be loaded anew', async () => {
    const device = await enrolled()
    await device.service.lock()
    expect(device.ends()).toBe(1)
    expect(await statusOf(device, () => true)).toMatchObject({ phase: 'locked', account: null })
    await expect(device.service.commit(taskDraft('x'))).rejects.toMatchObject({ code: 'session/none' })
  })

  it('another officer on the same device gets a session and a replica of their own', async () => {
    const device = await enrolled(officer)
    const id = await create(device, '私有')
    await device.until(device.service.own$, (own) => own.length === 0)
    await device.service.commit({
      type: 'task',
      record: id,
      kind: 'update',
      values: { copied: { remove: [leader.account] } },
    })
    await device.until(device.service.own$, (own) => own.length === 0)
    await device.service.lock()
    await device.service.logon(leader.policeNumber, leader.pin)
    await complete(device)
    expect(
      await device.until(device.service.watch({ type: 'task', selector: { 'fields.title': '私有' } }), () => true),
    ).toEqual([])
    await device.service.lock()
    await device.service.unlock(officer.account, officer.pin)
    await complete(device)
    const mine = await device.until(device.service.watchOne('task', id), (task) => task !== null)
    expect(mine?.fields['title']).toBe('私有')
  })

  it('a key log-on with the same PIN keeps the replica, and nothing is pulled twice', async () => {
    const device = await enrolled()
    const id = await create(device, '留存')
    await device.until(device.service.own$, (own) => own.length === 0)
    await device.service.lock()
    device.wire.requests.length = 0
    await device.service.logon(officer.policeNumber, officer.pin)
    const task = await device.until(device.service.watchOne('task', id), (found) => found !== null)
    expect(task?.fields['title']).toBe('留存')
  })
})

describe('drafts and files', () => {
  it('a draft outlives a restart, an empty one is gone', async () => {
    const device = await enrolled()
    await device.service.saveDraft('visit 1', '正在写')
    const { profile } = device
    await stop(device)
    const again = await start({ profile })
    await again.service.unlock(officer.account, officer.pin)
    expect(await again.service.draft('visit 1')).toBe('正在写')
    await again.service.saveDraft('visit 1', '')
    expect(await again.service.draft('visit 1')).toBeNull()
  })

  it('a file is on this device at once, at the gateway in the end, and opens at both', async () => {
    const device = await enrolled()
    const bytes = systemRandom.bytes(200_000)
    device.wire.isCut = true
    const row = await device.service.addFile(bytes, 'image/jpeg')
    expect(await device.service.openFile(row)).toEqual(bytes)
    device.wire.isCut = false
    await device.service.syncNow()
    await expect
      .poll(() => gateway.store.database.prepare('select count(*) from file where hash = ?').pluck().get(row.file))
      .toBe(1)
    const other = await enrolled(leader)
    expect(await other.service.openFile(row)).toEqual(bytes)
    expect(await other.service.openFile({ ...row, file: toHex(systemRandom.bytes(32)) })).toBeNull()
    await expect(other.service.openFile({ ...row, key: toHex(systemRandom.bytes(32)) })).rejects.toMatchObject({
      code: 'crypto/cannot-open',
    })
  })
})

describe('the disk', () => {
  it('that fails a commit fails the edit; nothing is shown and nothing is sent', async () => {
    let isFull = false
    const device = await enrolled(officer, {
      beforeCommit: () => {
        if (isFull) throw Object.assign(new (class extends Error {})(), {})
      },
    })
    isFull = true
    await expect(device.service.commit(taskDraft('满'))).rejects.toBeDefined()
    isFull = false
    expect(await device.until(device.service.own$, () => true)).toEqual([])
    const id = await create(device, '又有空间')
    await device.until(device.service.own$, (own) => own.length === 0)
    expect(gateway.store.records.find(id)).not.toBeNull()
  })

  it('holds no text of a record in the clear', async () => {
    const profile = createProfile()
    const device = await enrolled(officer, { profile })
    const marker = 'MARKER-7c1f'
    await create(device, marker)
    await device.service.saveDraft('k', marker)
    await device.until(device.service.own$, (own) => own.length === 0)
    const all = Buffer.concat([
      ...[...profile.disk.pages.values()].map((page) => Buffer.from(page.bytes)),
      ...[...profile.disk.rows.values()].flatMap((rows) =>
        [...rows.values()].map((value) => Buffer.from(value instanceof Uint8Array ? value : JSON.stringify(value))),
      ),
    ])
    expect(all.length).toBeGreaterThan(1000)
    expect(all.includes(marker)).toBe(false)
    expect(all.includes('员100300')).toBe(false)
    expect(all.includes(officer.policeNumber)).toBe(false)
  })
})
