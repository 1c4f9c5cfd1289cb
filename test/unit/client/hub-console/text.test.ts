import { describe, expect, it } from 'vitest'
import { forkReasons } from '#protocols/lane/sequence.ts'
import { zhCN } from '../../../../client/hub-console/text/zh-CN.ts'
import { keysOf } from '../../../../client/shared/i18n/catalogue.ts'

const keys = new Set(keysOf(zhCN))

describe('words that are put together', () => {
  it('every way in which two stories can contradict has its words', () => {
    for (const reason of forkReasons) expect(keys.has(`stations.forkReason.${reason}`), reason).toBe(true)
  })
})
