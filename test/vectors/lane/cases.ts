/** Makes the vectors of the lane: valid bundles and, for every step of the check, bundles that must end there. Sealed by the twin, so that they
 *  are no echo of the product. Needs `ready`. */
import { toHex } from '#crypto/bytes.ts'
import { encodePolicy } from '#protocols/lane/policy.ts'
import { createBook } from './book.ts'
import type { LaneVectors } from './case.ts'
import { contentCases } from './cases-content.ts'
import { frameCases } from './cases-frame.ts'
import { passCases } from './cases-pass.ts'
import { secondCases } from './cases-second.ts'
import { dayMs, rigNowMs } from './rig.ts'

export function laneVectors(): LaneVectors {
  const book = createBook('lane vectors')
  const samples = passCases(book)
  frameCases(book, samples)
  contentCases(book, samples)
  secondCases(book, samples)
  const { rig, files, bundles, second } = book
  return {
    about:
      'Bundles OWB1 from the twin of lane/SPEC.md. A case says what was imported before, how the file is edited, and what must come of it.',
    context: {
      laneNumber: toHex(rig.lane.laneNumber),
      sender: toHex(rig.lane.sender),
      recipient: toHex(rig.lane.recipient),
      senderPublicKey: toHex(rig.senderKey.publicKey),
      senderNotBeforeMs: rigNowMs - dayMs,
      senderNotAfterMs: rigNowMs + 60 * dayMs,
      recipientPublicKey: toHex(rig.recipientKey.publicKey),
      recipientSecretKey: toHex(rig.recipientKey.secretKey),
      issuerPublicKey: toHex(rig.stationKey.publicKey),
      policies: [rig.policy, rig.openPolicy].map((policy) => toHex(encodePolicy(policy))),
      grants: [toHex(rig.grantBytes), toHex(rig.approverGrantBytes)],
      certificates: [toHex(rig.gatewayBytes)],
      nowMs: rigNowMs,
      expiryGraceMs: 2 * dayMs,
    },
    files,
    bundles,
    second,
  }
}
