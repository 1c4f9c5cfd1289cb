/** Collects vectors: one rig, one loose sender, and short ways to say what must come of a bundle. */
import { toHex } from '#crypto/bytes.ts'
import { type CborInput, encodeCanonical } from '#protocols/cbor.ts'
import type { ChangeEntry, Entry } from '#protocols/lane/entry.ts'
import type { BundleCase, Edit, SecondCase } from './case.ts'
import { contentOf, createLooseSender, type LooseInput } from './loose.ts'
import { createLaneRig } from './rig.ts'
import { twinBundleHash, twinHash } from './twin.ts'

export type Part = Entry | readonly CborInput[] | Uint8Array
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
export const zero32 = new Uint8Array(32)

export type VectorBook = ReturnType<typeof createBook>

export function createBook(seed: string) {
  const rig = createLaneRig(seed)
  const sender = createLooseSender(rig)
  const files: Record<string, string> = { epoch: base64(sender.first) }
  const bundles: BundleCase[] = []
  const second: SecondCase[] = []

  const add = (
    name: string,
    file: Uint8Array,
    expected: BundleCase['expected'],
    more: Partial<BundleCase> = {},
  ): Uint8Array => {
    files[name] = base64(file)
    bundles.push({ name, file: name, before: ['epoch'], expected, ...more })
    return file
  }
  const kindOf = (part: Part): number => (part instanceof Uint8Array ? 0 : 'kind' in part ? part.kind : Number(part[0]))
  const passed = (file: Uint8Array, parts: readonly Part[], waiting = 0): BundleCase['expected'] => ({
    verdict: 'new',
    bundleHash: toHex(twinBundleHash(file)),
    contentHash: toHex(twinHash('content', contentOf(parts.filter((part) => kindOf(part) !== 12)).content)),
    kinds: parts.map(kindOf),
    waiting,
  })
  const pass = (
    name: string,
    parts: readonly Part[],
    input: Partial<LooseInput> = {},
    more: Partial<BundleCase> = {},
  ): Uint8Array => {
    const file = sender.data({ ...contentOf(parts), ...input })
    return add(name, file, passed(file, parts), more)
  }
  const fail = (
    code: string,
    name: string,
    parts: readonly Part[],
    input: Partial<LooseInput> = {},
    more: Partial<BundleCase> = {},
  ): Uint8Array => add(name, sender.data({ ...contentOf(parts), ...input }), { code }, more)
  const edited = (code: string, name: string, file: string, edits: readonly Edit[], before = ['epoch']): void =>
    void bundles.push({ name, file, edits, before, expected: { code } })

  const sorted = (entries: readonly Entry[]): Entry[] =>
    entries
      .map((entry) => ({ entry, bytes: contentOf([entry]).content }))
      .sort((a, b) => a.entry.kind - b.entry.kind || Buffer.compare(a.bytes, b.bytes))
      .map(({ entry }) => entry)
  const listed = (entries: readonly Entry[]): Entry[] => sorted(rig.withList(entries))
  const none: Entry = { kind: 11, rows: [] }
  const plainChange = () => rig.entryOf(rig.change({ visitor: '王芳' }))

  return { rig, sender, files, bundles, second, add, passed, pass, fail, edited, sorted, listed, none, plainChange }
}

/** The leaf of an open slot, as the twin hashes it. */
export function leafIn(entry: ChangeEntry, name: string): Uint8Array {
  const slot = entry.slots.get(name)
  if (!slot || !('salt' in slot)) throw new Error(`no open slot ${name}`)
  return twinHash('leaf', encodeCanonical([slot.salt, name, slot.value]))
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
