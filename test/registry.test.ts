/** Holds the declarations to their promises: whatever stands in records/index.ts is reachable, readable and named in both languages. It counts
 *  what it walked and fails on an empty walk. */
import { describe, expect, it } from 'vitest'
import { codeLists } from '#protocols/codes.ts'
import { roles } from '#protocols/record/access.ts'
import type { RecordDef, Track } from '#protocols/record/define.ts'
import { rightsTable } from '#protocols/record/rights.ts'
import { recordDefs } from '#protocols/records/index.ts'

const defs = [...recordDefs.values()]
const tracks = defs.flatMap((def) => Object.entries(def.tracks).map(([name, track]) => ({ def, name, track })))

const reachable = (track: Track): Set<string> => {
  const found = new Set([track.initial, ...(track.born ?? [])])
  for (let grew = true; grew; ) {
    grew = false
    for (const transition of Object.values(track.transitions))
      if (transition.from.some((state) => found.has(state)) && !found.has(transition.to)) {
        found.add(transition.to)
        grew = true
      }
  }
  return found
}
const mayRead = (def: RecordDef, role: string) => def.access.read.some((row) => row.role === role)

describe('the registry of record types', () => {
  it('walks every type, track and transition', () => {
    expect(defs.map((def) => def.type).sort()).toEqual(
      [
        'account',
        'code-list',
        'device',
        'handling-record',
        'intake',
        'invitation',
        'notification',
        'person',
        'post',
        'rating',
        'shift',
        'task',
        'unit',
        'visit',
      ].sort(),
    )
    expect(tracks.length).toBe(15)
    expect(tracks.flatMap(({ track }) => Object.keys(track.transitions)).length).toBeGreaterThan(60)
  })

  it.each(tracks.map(({ def, name, track }) => [`${def.type}.${name}`, track] as const))('%s: every state can be reached and none but a final one is a dead end', (_, track) => {
    expect([...reachable(track)].sort()).toEqual([...track.states].sort())
    for (const state of track.states) {
      const leaves = Object.values(track.transitions).some((transition) => transition.from.includes(state))
      if (!track.final.includes(state)) expect({ state, leaves }).toEqual({ state, leaves: true })
    }
  })

  it.each(defs.map((def) => [def.type, def] as const))('%s: whoever may act may read, and every ref and code list exists', (_, def) => {
    const actors = [
      ...def.access.create,
      ...Object.values(def.access.update).flat(),
      ...Object.values(def.tracks).flatMap((track) => Object.values(track.transitions).flatMap((transition) => transition.by)),
    ]
    for (const { role } of actors) {
      expect(roles).toContain(role)
      if (role !== 'gateway') expect({ type: def.type, role, reads: mayRead(def, role) }).toEqual({ type: def.type, role, reads: true })
    }
    for (const field of Object.values(def.allFields)) {
      const { type } = field
      if (type.kind === 'ref' || type.kind === 'refs') expect(recordDefs.has(type.to)).toBe(true)
      if (type.kind === 'code' || type.kind === 'codes') expect({ list: type.list, known: codeLists.has(type.list) }).toEqual({ list: type.list, known: true })
    }
    for (const [type, field] of Object.entries(def.relations ?? {})) {
      const other = recordDefs.get(type)?.allFields[field]?.type
      expect(other).toEqual({ kind: 'ref', to: def.type })
    }
  })

  it('puts no sensitive field into a list, and names everything in both languages', () => {
    for (const def of defs) {
      expect(def.title.zh && def.title.en).toBeTruthy()
      for (const name of def.views.list) expect({ type: def.type, name, sensitive: def.allFields[name]?.sensitive }).toEqual({ type: def.type, name, sensitive: false })
      for (const track of Object.values(def.tracks))
        for (const transition of Object.values(track.transitions)) expect(transition.title.zh && transition.title.en).toBeTruthy()
    }
  })

  it('keeps upgrades unbroken from version 1 to the present one', () => {
    for (const def of defs)
      expect(Object.keys(def.upgrades ?? {}).map(Number)).toEqual(Array.from({ length: def.version - 1 }, (_, index) => index + 2))
  })

  it('prints the rights as a table with a row for every right', () => {
    const table = rightsTable(defs)
    expect(table.length).toBeGreaterThan(300)
    for (const row of table) expect(row).toHaveLength(5)
  })
})
