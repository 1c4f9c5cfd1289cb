/** Steps 11 (form) to 12 of the check, which sealer and receiver both make on the plain content: shapes, policy, withheld list, labels and
 *  approvals (lane/SPEC.md, "Verify order"). It knows no key. */
import { equalBytes } from '#crypto/bytes.ts'
import { Fault } from '../errors.ts'
import type { BundleHeader } from './bundle.ts'
import { type Content, decodeContent } from './content.ts'
import type { ReleasePolicy } from './policy.ts'
import { checkApprovals, checkRelease, checkWithheld, type LabelOf } from './release.ts'

export interface ContentContext {
  /** The policy that the header's policyHash names, if this side holds it. */
  readonly policyOf: (policyHash: Uint8Array) => ReleasePolicy | undefined
  readonly laneId: Uint8Array
  readonly labelOf: LabelOf
}

/** plain: content after decompression. Throws Fault 'lane/content-form', 'lane/schema', 'lane/unsupported', 'lane/policy', 'lane/approval',
 *  'lane/withheld'. */
export function judgeContent(plain: Uint8Array, header: BundleHeader, context: ContentContext): Content {
  const content = decodeContent(plain, header.type, header.recordCount)
  if (!equalBytes(content.approvalHash, header.approvalHash))
    throw new Fault('lane/approval', { reason: 'unlike-header' })
  if (header.type !== 'data') return content
  const policy = context.policyOf(header.policyHash)
  if (!policy) throw new Fault('lane/policy', { reason: 'policy-unknown' })
  for (const entry of content.entries) if (entry.kind === 1) checkRelease(entry, policy)
  checkWithheld(content.entries)
  checkApprovals(content.entries, {
    policy,
    policyHash: header.policyHash,
    contentHash: content.contentHash,
    laneId: context.laneId,
    labelOf: context.labelOf,
  })
  return content
}
