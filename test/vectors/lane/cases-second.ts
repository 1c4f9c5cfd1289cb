/** Step 14 alone: what reaches it in a bundle has passed the first check. */
import { toHex } from '#crypto/bytes.ts'
import type { Part, VectorBook } from './book.ts'
import type { SecondCase } from './case.ts'
import type { Samples } from './cases-pass.ts'
import { contentOf } from './loose.ts'

export function secondCases(book: VectorBook, samples: Samples): void {
  const { rig, second, listed, none } = book
  const { one, oneContent, closed, leaky, undeclared } = samples
  // ---- 14 second check, alone
  const judge = (name: string, parts: readonly Part[], expected: SecondCase['expected'], count = parts.length) =>
    second.push({ name, content: toHex(contentOf(parts).content), recordCount: count, expected })
  judge('open and closed slots are counted', listed([closed]), { openSlots: 3, closedSlots: 1 })
  const code = 'lane/second-check'
  judge(
    'an open slot that the policy withholds',
    listed([rig.entryOf(rig.change({ slipCode: 'abcdef0123' }), leaky)]),
    { code },
  )
  judge('a name that the type does not have', [{ ...closed, slots: undeclared.slots }, none], { code })
  judge('a closed slot that is not announced', [closed, none], { code })
  judge('an entry more than announced', one, { code }, 1)
  judge('an entry less than announced', one, { code }, 3)
  judge('a cut content', [oneContent.slice(0, -1)], { code }, 2)
  judge('a closed slot without a reason', [{ ...closed, reasons: [] }, none], { code })
}
