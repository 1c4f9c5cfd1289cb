import { describe, expect, it } from 'vitest'
import { deskActs, isPanelAct } from '../../../../client/desk/logic/visit-acts.ts'
import { lists } from '../../../../client/desk/logic/visit-lists.ts'
import { zhCN } from '../../../../client/desk/text/zh-CN.ts'
import { keysOf } from '../../../../client/shared/i18n/catalogue.ts'

const keys = new Set(keysOf(zhCN))

describe('words that are put together', () => {
  it('every act has its name, and what its panel says', () => {
    for (const act of deskActs) {
      expect(keys.has(`acts.${act}.name`), act).toBe(true)
      if (isPanelAct(act)) expect(keys.has(`acts.${act}.text`), act).toBe(true)
    }
  })

  it('every list says what will stand there', () => {
    for (const list of lists)
      expect(
        [`lists.${list}`, `visits.none.${list}`, `visits.noneText.${list}`].filter((key) => !keys.has(key)),
      ).toEqual([])
  })
})
