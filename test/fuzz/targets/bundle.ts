/** Any bytes as a bundle, as a plain content behind an honest header, and as a change of a valid bundle: a Fault or what was sealed, never
 *  anything else, and never a changed content. */
import { ready } from '#crypto/sodium'
import { type CborValue, decodeSequence, encodeCanonical } from '#protocols/cbor.ts'
import { Fault } from '#protocols/errors.ts'
import { encodeHeader, fileNameOf, readHeader } from '#protocols/lane/bundle.ts'
import { decodeContent, encodeContent } from '#protocols/lane/content.ts'
import { judgeContent } from '#protocols/lane/judge.ts'
import { labelOfSlots } from '#protocols/lane/release.ts'
import { secondCheck } from '#protocols/lane/second-check.ts'
import { checkSignatures } from '#protocols/lane/signatures.ts'
import { createLaneRig } from '../../vectors/lane/rig.ts'
import { faultOr } from './cbor.ts'
import { reshape } from './reshape.ts'

await ready

const rig = createLaneRig('fuzz')
const sender = rig.createSender()
const receiver = rig.createReceiver()
receiver.take(sender.begin().bytes)
const entries = rig.withList([
  rig.entryOf(rig.change({ slipCode: 'ab', visitor: '王芳' })),
  rig.entryOf(rig.change({}, 'gateway')),
  ...rig.keyEntries,
  rig.checkpointEntry(),
])
const content = encodeContent(entries)
const restricted = rig.withList([rig.entryOf(rig.change({ label: 'restricted' }))])
const approved = [...restricted, rig.approvalEntry(restricted, rig.policy, 'restricted')]
const sealed = sender.send(entries)
const folded = sender.send(approved, { compressor: rig.zstd })

/** Valid bundles and contents, for the fuzzer to change. */
export const bundleSeeds: readonly Uint8Array[] = [
  sealed.bytes,
  folded.bytes,
  content.bytes,
  encodeContent(approved).bytes,
]

export function fuzzBundle(bytes: Uint8Array): void {
  asFile(bytes)
  asContent(bytes)
  asChange(bytes)
  asShape(bytes)
}

function asFile(bytes: Uint8Array): void {
  const isSealed = [sealed, folded].some((each) => Buffer.compare(each.bytes, bytes) === 0)
  const opened = faultOr(() => receiver.open(bytes))
  if (opened instanceof Fault === isSealed)
    throw new Error(isSealed ? 'a sealed bundle was refused' : 'a bundle nobody sealed was opened')
  const name = faultOr(() => fileNameOf(bytes))
  if (!(name instanceof Fault) && !/^[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{16}\.owb$/.test(name))
    throw new Error('a name of another form')
  const header = bytes.length < 256 ? null : faultOr(() => readHeader(bytes))
  if (header && !(header instanceof Fault) && Buffer.compare(encodeHeader(header), bytes.subarray(0, 256)) !== 0)
    throw new Error('a header does not encode to its own bytes')
}

/** What passes the first check passes the second, and is written in the same way again. */
function asContent(bytes: Uint8Array): void {
  for (const recordCount of [1, entries.length, approved.length]) {
    const header = { ...sealed.header, recordCount }
    const judged = faultOr(() =>
      judgeContent(bytes, header, { policyOf: () => rig.policy, laneId: rig.laneId, labelOf: labelOfSlots }),
    )
    const second = faultOr(() => secondCheck(bytes, recordCount, rig.policy))
    if (judged instanceof Fault) continue
    if (second instanceof Fault) throw new Error('the two checks do not agree')
    if (Buffer.compare(encodeContent(judged.entries).bytes, bytes) !== 0)
      throw new Error('a content does not encode to its own bytes')
  }
}

/** The first two bytes choose a place in a valid bundle, the rest is written there. */
function asChange(bytes: Uint8Array): void {
  if (bytes.length < 3) return
  const changed = sealed.bytes.slice()
  const place = (((bytes[0] as number) << 8) | (bytes[1] as number)) % changed.length
  changed.set(bytes.subarray(2, 2 + changed.length - place), place)
  asFile(changed)
}

/** The first byte chooses a content and an entry of it, the rest reshapes that: past form, into schema, policy, approvals and signatures. */
function asShape(bytes: Uint8Array): void {
  if (bytes.length < 3) return
  const first = bytes[0] as number
  const values = decodeSequence(first % 2 === 0 ? content.bytes : encodeContent(approved).bytes)
  const at = first % values.length
  values[at] = reshape(values[at] as CborValue, bytes.subarray(1))
  const encoded = values.map((value) => ({ kind: kindOf(value), bytes: encodeCanonical(value) }))
  encoded.sort((a, b) => a.kind - b.kind || Buffer.compare(a.bytes, b.bytes))
  const plain = new Uint8Array(Buffer.concat(encoded.map((each) => each.bytes)))
  asContent(plain)
  // An honest header names the approvals that are there: else nothing would come past that check.
  const decoded = faultOr(() => decodeContent(plain, 'data', values.length))
  if (decoded instanceof Fault) return
  const header = { ...sealed.header, recordCount: values.length, approvalHash: decoded.approvalHash }
  const context = { policyOf: () => rig.policy, laneId: rig.laneId, labelOf: labelOfSlots }
  const judged = faultOr(() => judgeContent(plain, header, context))
  if (!(judged instanceof Fault)) faultOr(() => checkSignatures(judged.entries, receiver.context.knownKeys))
}

const kindOf = (value: CborValue): number => (Array.isArray(value) && typeof value[0] === 'number' ? value[0] : 0)
