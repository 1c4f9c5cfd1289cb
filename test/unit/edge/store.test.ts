import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { fromHex, utf8 } from '#crypto/bytes.ts'
import { openLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { createCheckpointer } from '../../../edge/checkpoint.ts'
import { openStore } from '../../../edge/store/store.ts'
import { addStaff, createGatewayCore, createTestDevice } from '../../fixtures/gateway-core.ts'

await ready
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, 'station.db')

describe('the store on disk', () => {
  it('is set to flush before it says committed, and says so itself', () => {
    const core = createGatewayCore({ path: path() })
    expect(core.store.database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(core.store.database.pragma('synchronous', { simple: true })).toBe(2)
    expect(core.store.database.pragma('secure_delete', { simple: true })).toBe(1)
    core.close()
  })

  it('holds nothing readable, opens with its key alone and gives back what was written', async () => {
    const core = createGatewayCore({ path: path() })
    const { unit } = await addStaff(core, ['officer'])
    const marker = 'MARKER-七棵树-MARKER'
    await core
      .make('person', { name: marker, documentType: 'none', source: 'desk', unit, label: 'internal' })
      .catch(() => {})
    const visit = await core.committer.act(
      () => [{ type: 'visit', record: null, kind: 'create', values: { unit, label: 'internal', reasonText: marker } }],
      { kind: 'kiosk', device: 'aa'.repeat(16) },
    )
    expect(visit.ok).toBe(true)
    core.close()
    for (const name of ['station.db', 'station.db-wal']) {
      const bytes = (() => {
        try {
          return readFileSync(join(folder, name))
        } catch {
          return Buffer.alloc(0)
        }
      })()
      expect(bytes.includes(Buffer.from(marker))).toBe(false)
      expect(bytes.includes(Buffer.from('change_log'))).toBe(false)
    }
    expect(() => openStore(path(), new Uint8Array(32).fill(1), recordDefs)).toThrow('store/wrong-key')
    const again = openStore(path(), core.keys.storeKey, recordDefs)
    expect(again.records.all('visit')[0]?.fields['reasonText']).toBe(marker)
    again.close()
  })

  it('notices one flipped byte in a page instead of reading past it', async () => {
    const core = createGatewayCore({ path: path() })
    await addStaff(core, ['officer', 'front-desk', 'duty-leader'])
    core.store.database.pragma('wal_checkpoint(TRUNCATE)')
    core.close()
    const bytes = readFileSync(path())
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] as number) ^ 1
    writeFileSync(path(), bytes)
    expect(() => {
      const store = openStore(path(), core.keys.storeKey, recordDefs)
      store.database.pragma('integrity_check')
      for (const type of recordDefs.keys()) store.records.all(type)
      store.log.after(0, 10_000)
      store.close()
    }).toThrow()
  })

  it('writes nothing at all when one of a group fails, and the others go through alone', async () => {
    const core = createGatewayCore({ path: path() })
    const { unit, accounts } = await addStaff(core, ['front-desk'])
    const desk = createTestDevice(core, accounts['front-desk'] as string, 'desk')
    const good = core.committer.push([
      { change: desk.sign('visit', null, 'create', { unit, label: 'internal' }), signed: true },
    ])
    const bad = core.committer.act(() => {
      throw new Error('planted')
    }, null)
    await expect(bad).rejects.toThrow('planted')
    expect((await good)[0]?.outcome).toBe('admitted')
    expect(core.store.log.size()).toBe(core.store.log.lastSeq())
    expect(core.store.records.all('visit')).toHaveLength(1)
    core.close()
  })

  it('goes on after a restart where it was: log, tree and numbers', async () => {
    const first = createGatewayCore({ path: path(), seed: 'restart' })
    await addStaff(first, ['officer'])
    const [root, seq, feed] = [first.store.log.root(), first.store.log.lastSeq(), first.store.members.headSeq()]
    first.close()
    const again = openStore(path(), first.keys.storeKey, recordDefs)
    expect([again.log.root(), again.log.lastSeq(), again.members.headSeq()]).toEqual([root, seq, feed])
    again.close()
  })
})

describe('the signed checkpoint', () => {
  it('names size and root of the log, and is not signed over leaves that the disk does not hold', async () => {
    const core = createGatewayCore({ path: path() })
    const checkpointer = createCheckpointer(core.store, core.keys, '00000001aabbccdd')
    await addStaff(core, ['officer'])
    const checkpoint = openLogCheckpoint(checkpointer.take(core.clock.ms) as Uint8Array, core.keys.sign.publicKey)
    expect(checkpoint.size).toBe(core.store.log.size())
    expect(checkpoint.root).toEqual(core.store.log.root())
    expect(checkpoint.epoch).toEqual(fromHex('00000001aabbccdd'))
    expect(checkpointer.take(core.clock.ms)).toBeNull()
    await addStaff(core, ['front-desk'])
    core.store.database
      .prepare('update log_leaf set leaf = ? where seq = ?')
      .run(utf8('x'.repeat(32)), core.store.log.lastSeq())
    expect(() => checkpointer.take(core.clock.ms)).toThrow('store/corrupt')
    core.close()
  })
})
