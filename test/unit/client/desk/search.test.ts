import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalized, numberEnding, personSearch, visitSearch } from '../../../../client/desk/logic/search.ts'

const patterns = (typed: string) => (personSearch(typed)?.selector?.['$or'] ?? []) as Record<string, unknown>[]
const fields = (typed: string) => patterns(typed).flatMap((part) => Object.keys(part))

describe('what is typed into the one box', () => {
  it.each([
    ['0014', '0014$'],
    ['14', '0014$'],
    ['261121-0014', '202611210014$'],
    ['v261121-0014', '202611210014$'],
    ['V2611210014', '202611210014$'],
    ['000000010000V202611210014', '^000000010000V202611210014$'],
    ['林小满', null],
    ['404X', null],
    ['', null],
  ])('%s ends a number with %s', (typed, ending) => {
    expect(numberEnding(typed)).toBe(ending)
  })

  it('an ending finds the number it was read from', () => {
    for (const typed of ['14', '0014', '261121-0014', 'V261121-0014'])
      expect(new RegExp(numberEnding(typed) ?? 'x').test('000000010000V202611210014'), typed).toBe(true)
    expect(new RegExp(numberEnding('14') ?? 'x').test('000000010000V202611210114')).toBe(false)
  })

  it('four characters look at the end of the masked number, more at the whole one, fewer at neither', () => {
    expect(fields('404x')).toEqual(['fields.name', 'fields.numberMasked'])
    expect(fields('00000019881222404x')).toEqual(['fields.name', 'fields.documentNumber'])
    expect(fields('404')).toEqual(['fields.name'])
    expect(fields('林小满')).toEqual(['fields.name'])
    expect(personSearch('  ')).toBeNull()
  })

  it('wide letters of a Chinese keyboard are the same letters', () => {
    expect(normalized('４０４Ｘ ')).toBe('404X')
  })

  it('no text is a pattern: what was typed is found as it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (typed) => {
        const text = normalized(typed)
        if (text === '') return
        const [name] = patterns(typed)
        const pattern = (name?.['fields.name'] as { $regex: string }).$regex
        expect(new RegExp(pattern, 'i').test(`a${text}b`)).toBe(true)
      }),
    )
  })

  it('visits are asked for by visitor or number, and not at all when neither is known', () => {
    expect(visitSearch('林', [])).toBeNull()
    expect(visitSearch('林', ['p'])?.selector).toEqual({ $or: [{ 'fields.visitor': { $in: ['p'] } }] })
    expect(visitSearch('0014', ['p'])?.selector).toEqual({
      $or: [{ 'fields.visitor': { $in: ['p'] } }, { 'fields.number': { $regex: '0014$' } }],
    })
  })
})
