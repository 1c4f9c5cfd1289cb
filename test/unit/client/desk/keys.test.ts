import { describe, expect, it } from 'vitest'
import { type Command, matchCommands } from '../../../../client/desk/logic/commands.ts'
import { capOf, deskActKeys, generalKeys, keyGroups, listKeys, placeKeys } from '../../../../client/desk/logic/keys.ts'
import { deskActs } from '../../../../client/desk/logic/visit-acts.ts'
import { zhCN } from '../../../../client/desk/text/zh-CN.ts'
import { keyOf } from '../../../../client/shared/ui/keyboard.ts'

describe('the keys of the desk', () => {
  it('no key has two meanings, but stepping out and coming back, which never stand together', () => {
    const all = [
      ...Object.values(listKeys),
      ...Object.values(placeKeys),
      ...Object.values(generalKeys),
      ...Object.values(deskActKeys),
    ]
    const twice = all.filter((key, index) => all.indexOf(key) !== index)
    expect(twice).toEqual([deskActKeys.stepOut])
    expect(deskActKeys.stepOut).toBe(deskActKeys.comeBack)
  })

  it('the help names every key of the front desk once, in words that exist', () => {
    const words = zhCN.keys as Readonly<Record<string, unknown>>
    const named = keyGroups.flatMap((group) => group.rows.flatMap((row) => row.keys))
    expect(new Set(named).size).toBe(named.length)
    for (const group of keyGroups) for (const row of group.rows) expect(words[row.text], row.text).toBeTypeOf('string')
    const leaders = ['close', 'reopen', 'cancel', 'arrive']
    for (const act of deskActs) if (!leaders.includes(act)) expect(named, act).toContain(deskActKeys[act])
    for (const key of [...Object.values(placeKeys), ...Object.values(generalKeys), ...Object.values(listKeys)])
      expect(named, key).toContain(key)
  })

  it.each([
    ['a', 'A'],
    ['ArrowUp', '↑'],
    ['Enter', '↵'],
    [' ', 'Space'],
    ['Ctrl+k', 'Ctrl K'],
    ['?', '?'],
  ])('%s stands as %s on its cap', (key, cap) => {
    expect(capOf(key)).toBe(cap)
  })

  it.each([
    [{ key: 'A', ctrlKey: false, metaKey: false, altKey: false }, 'a'],
    [{ key: '?', ctrlKey: false, metaKey: false, altKey: false }, '?'],
    [{ key: 'K', ctrlKey: true, metaKey: false, altKey: false }, 'Ctrl+k'],
    [{ key: 'k', ctrlKey: false, metaKey: true, altKey: false }, 'Ctrl+k'],
    [{ key: 'a', ctrlKey: false, metaKey: false, altKey: true }, null],
    [{ key: 'ArrowDown', ctrlKey: false, metaKey: false, altKey: false }, 'ArrowDown'],
  ])('%o is %s', (event, key) => {
    expect(keyOf(event)).toBe(key)
  })
})

describe('the palette', () => {
  const command = (title: string, about = '', key: string | null = null): Command => ({
    id: title,
    title,
    about,
    key,
    run: () => {},
  })
  const all = [command('分配', '林小满', 'a'), command('列表: 等候', '3 条', '1'), command('锁定', '', 'l')]

  it('every typed word must stand in title, key or what the command is about', () => {
    const titles = (typed: string) => matchCommands(all, typed).map((each) => each.title)
    expect(titles('')).toEqual(['分配', '列表: 等候', '锁定'])
    expect(titles('分配 小满')).toEqual(['分配'])
    expect(titles(' A ')).toEqual(['分配'])
    expect(titles('分配 等候')).toEqual([])
  })
})
