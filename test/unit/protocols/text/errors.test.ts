import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorCodes } from '#protocols/errors.ts'
import { errorText, errorWords } from '#protocols/text/errors.ts'
import { t, textOf } from '#protocols/text/text.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

describe('the words of errors', () => {
  it('every code has words and no words are left over', () => {
    expect(codes.length).toBeGreaterThan(40)
    expect(codes.filter((code) => !Object.hasOwn(errorWords, code))).toEqual([])
    expect(Object.keys(errorWords).filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([])
  })

  it('each says in both languages what happened, what was kept and what to do, in whole sentences', () => {
    for (const [code, words] of Object.entries(errorWords))
      for (const [part, text] of Object.entries(words)) {
        expect(text.zh, `${code} ${part}`).toMatch(/^[^a-z]*\p{Script=Han}.*。$/u)
        expect(text.en, `${code} ${part}`).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u)
      }
  })

  it('no two codes are told alike', () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const told = codes.map((code) => errorText(code, locale).happened)
      expect(told.filter((text, index) => told.indexOf(text) !== index)).toEqual([])
    }
  })

  it('the words never show the code, a type or a stack to a person', () => {
    for (const code of codes)
      expect(Object.values(errorText(code, 'en')).join(' ')).not.toMatch(
        /\w+\/\w+-\w+|Error\b|undefined|null|exception/i,
      )
  })

  it('a code of another version is told as an inner fault', () => {
    expect(errorText('later/code', 'en')).toEqual(errorText('internal/fault', 'en'))
    expect(errorText('constructor', 'en')).toEqual(errorText('internal/fault', 'en'))
  })
})

describe('texts', () => {
  it('are taken in the language asked for', () => {
    expect(textOf(t('来访', 'Visit'), 'zh-CN')).toBe('来访')
    expect(textOf(t('来访', 'Visit'), 'en')).toBe('Visit')
  })
})
