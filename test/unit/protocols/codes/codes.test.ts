import { describe, expect, it } from 'vitest'
import { documentTypes } from '#protocols/codes/document-type.ts'
import { incidentGroups, incidentTypes } from '#protocols/codes/incident-type.ts'
import { defineCodes } from '#protocols/codes/list.ts'
import { purposes } from '#protocols/codes/purpose.ts'
import { ratingDimensions, ratingGrades } from '#protocols/codes/rating.ts'
import { roleCodes } from '#protocols/codes/role.ts'
import { visitReasons } from '#protocols/codes/visit-reason.ts'
import { codeList, codeLists, codeTitle } from '#protocols/codes.ts'
import { roles } from '#protocols/record/access.ts'
import type { FieldKind } from '#protocols/record/field.ts'
import { recordDefs } from '#protocols/records/index.ts'
import { t } from '#protocols/text/text.ts'

describe('shipped code lists', () => {
  it('every list that a record type names is shipped', () => {
    const named = new Set<string>()
    const walk = (kind: FieldKind) => {
      if (kind.kind === 'code' || kind.kind === 'codes') named.add(kind.list)
      if (kind.kind === 'rows') Object.values(kind.columns).forEach(walk)
    }
    for (const def of recordDefs.values()) for (const field of Object.values(def.allFields)) walk(field.type)
    expect(named.size).toBeGreaterThan(5)
    expect([...named].filter((key) => !codeLists.has(key))).toEqual([])
  })

  it('a code is shown in the language asked for, an unknown one as it is', () => {
    expect(codeTitle('visit-reason', 'mediation', 'zh-CN')).toBe('调解')
    expect(codeTitle('visit-reason', 'mediation', 'en')).toBe('Mediation')
    expect(codeTitle('visit-reason', 'fromALaterEdition', 'en')).toBe('fromALaterEdition')
    expect(() => codeList('nothing')).toThrow('not shipped')
  })

  it('the lists have the length the domain gives them', () => {
    expect(documentTypes.rows).toHaveLength(17)
    expect(visitReasons.rows).toHaveLength(12)
    expect(purposes.rows).toHaveLength(12)
    expect(ratingDimensions.rows).toHaveLength(4)
    expect(ratingGrades.rows.map((row) => row.code)).toEqual(['5', '4', '3', '2', '1'])
    expect(incidentGroups.rows).toHaveLength(12)
    expect(incidentTypes.rows).toHaveLength(89)
  })

  it('each incident type has six digits and a group, and each group has a type for the rest', () => {
    for (const row of incidentTypes.rows) expect(row.code).toMatch(new RegExp(`^${row.group}[0-9]{2}00$`))
    for (const group of incidentGroups.rows)
      expect(incidentTypes.rows.map((row) => row.code)).toContain(`${group.code}9900`)
  })

  it('each role has words, and no other code stands among them', () => {
    expect(roleCodes.rows.map((row) => row.code).sort()).toEqual([...roles].sort())
  })
})

describe('a code list that cannot stand', () => {
  const list = (rows: { code: string; zh: string; en: string }[]) => () =>
    defineCodes({ key: 'some', edition: 1, title: t('甲', 'a'), rows })
  it.each([
    ['is empty', list([]), 'is empty'],
    [
      'has a code twice',
      list([
        { code: 'a', zh: '甲', en: 'a' },
        { code: 'a', zh: '乙', en: 'b' },
      ]),
      'stands twice',
    ],
    ['lacks a language', list([{ code: 'a', zh: '', en: 'a' }]), 'no words'],
    ['has a code with a blank', list([{ code: 'a b', zh: '甲', en: 'a' }]), 'code "a b"'],
  ])('one that %s never starts', (_what, define, message) => {
    expect(define).toThrow(message)
  })
})
