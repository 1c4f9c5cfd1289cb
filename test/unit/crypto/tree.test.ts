import { sha256 } from '@noble/hashes/sha2.js'
import { BadBytes, concat, fromHex, toHex } from '#crypto/bytes.ts'
import { ready } from '#crypto/sodium'
import {
  consistencyProof,
  createTree,
  inclusionProof,
  leafHash,
  logTree,
  type NodeAt,
  rootOf,
  subtreesOf,
  type TreeHash,
  verifyConsistency,
  verifyInclusion,
} from '#crypto/tree.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mth, path, proof } from '../../vectors/crypto/twin.ts'

await ready
fc.configureGlobal({ seed: 20 })

/** RFC 6962 as it stands: SHA-256 under 00 and 01. */
const rfc: TreeHash = {
  leaf: (bytes) => sha256(concat(Uint8Array.of(0), bytes)),
  node: (left, right) => sha256(concat(Uint8Array.of(1), left, right)),
  empty: () => sha256(new Uint8Array(0)),
}
/** Entries, roots and proofs that implementations of the RFC have shared since its first one. */
const rfcEntries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const rfcRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const n = {
  leaf0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  from0to2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  from2to4: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  from0to4: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  from4to6: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  from6to8: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  from4to8: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
}
const rfcLeaves = rfcEntries.map((entry) => leafHash(fromHex(entry), rfc))

test('in SHA-256 mode the roots are those of RFC 6962', () => {
  rfcRoots.forEach((root, size) => {
    expect(toHex(rootOf(rfcLeaves.slice(0, size), rfc)), `${size}`).toBe(root)
  })
})

test.each([
  [0, 1, []],
  [0, 8, [n.leaf1, n.from2to4, n.from4to8]],
  [5, 8, [n.leaf4, n.from6to8, n.from0to4]],
  [2, 3, [n.from0to2]],
  [1, 5, [n.leaf0, n.from2to4, n.leaf4]],
])('in SHA-256 mode the inclusion proof of %i in %i is that of RFC 6962', (index, size, expected) => {
  expect(inclusionProof(rfcLeaves, index, size, rfc).map(toHex)).toEqual(expected)
})

test.each([
  [1, 1, []],
  [1, 8, [n.leaf1, n.from2to4, n.from4to8]],
  [6, 8, [n.from4to6, n.from6to8, n.from0to4]],
  [2, 5, [n.from2to4, n.leaf4]],
])('in SHA-256 mode the consistency proof of %i and %i is that of RFC 6962', (oldSize, size, expected) => {
  expect(consistencyProof(rfcLeaves, oldSize, size, rfc).map(toHex)).toEqual(expected)
})

const sizeMax = 32
const entries = Array.from({ length: sizeMax + 1 }, (_, i) => Uint8Array.of(i, 7))
const leaves = entries.map((entry) => leafHash(entry))
const roots = Array.from({ length: sizeMax + 2 }, (_, size) => rootOf(leaves.slice(0, size)))
const rootAt = (size: number): Uint8Array => roots[size] as Uint8Array
const stranger = leafHash(Uint8Array.of(99))

/** Every change of a proof that keeps it well formed. */
const spoiled = (list: Uint8Array[]): Uint8Array[][] => [
  ...list.map((_, at) => list.filter((__, i) => i !== at)),
  ...list.map((_, at) => list.map((hash, i) => (i === at ? stranger : hash))),
  ...list
    .slice(1)
    .map((_, at) =>
      list.map((hash, i) => (i === at ? (list[at + 1] as Uint8Array) : i === at + 1 ? (list[at] as Uint8Array) : hash)),
    ),
  [...list, stranger],
  [stranger, ...list],
]

test('roots and proofs of every size up to 32 are the words of the RFC, written once more', () => {
  for (let size = 0; size <= sizeMax; size++) {
    const first = entries.slice(0, size)
    expect(toHex(rootAt(size))).toBe(toHex(mth(first)))
    for (let index = 0; index < size; index++)
      expect(inclusionProof(leaves, index, size).map(toHex)).toEqual(path(index, first).map(toHex))
    for (let old = 1; old <= size; old++)
      expect(consistencyProof(leaves, old, size).map(toHex)).toEqual(proof(old, first).map(toHex))
  }
})

test('every leaf of every size up to 32 is proved, and no other leaf, place, root or spoiled proof is', () => {
  let refusals = 0
  for (let size = 1; size <= sizeMax; size++)
    for (let index = 0; index < size; index++) {
      const claim = {
        leaf: leaves[index] as Uint8Array,
        index,
        size,
        proof: inclusionProof(leaves, index, size),
        root: rootAt(size),
      }
      expect(verifyInclusion(claim)).toBe(true)
      const lies = [
        { ...claim, leaf: stranger },
        { ...claim, root: rootAt(size + 1) },
        { ...claim, root: rootAt(size - 1) },
        ...Array.from({ length: size }, (_, other) => ({ ...claim, index: other })).filter(
          (lie) => lie.index !== index,
        ),
        ...spoiled(claim.proof).map((list) => ({ ...claim, proof: list })),
      ]
      for (const lie of lies) {
        if (verifyInclusion(lie)) expect.fail(`size ${size}, index ${index}: a lie was taken`)
        refusals++
      }
    }
  expect(refusals).toBeGreaterThan(15_000)
})

test('every pair of sizes up to 32 is consistent, and no other size, root or spoiled proof is', () => {
  let refusals = 0
  for (let newSize = 1; newSize <= sizeMax; newSize++)
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const list = consistencyProof(leaves, oldSize, newSize)
      const claim = { oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootAt(newSize), proof: list }
      expect(verifyConsistency(claim), `${oldSize} ${newSize}`).toBe(true)
      const lies = [
        { ...claim, oldRoot: stranger },
        { ...claim, newRoot: stranger },
        ...(oldSize === newSize ? [] : [{ ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot }]),
        ...Array.from({ length: newSize }, (_, i) => ({ ...claim, oldSize: i + 1 })).filter(
          (lie) => lie.oldSize !== oldSize,
        ),
        ...spoiled(list).map((altered) => ({ ...claim, proof: altered })),
      ]
      for (const lie of lies) {
        if (verifyConsistency(lie)) expect.fail(`${oldSize} of ${newSize}: a lie was taken`)
        refusals++
      }
    }
  expect(refusals).toBeGreaterThan(10_000)
})

test('a log whose past was altered, shortened or reordered has no consistency proof', () => {
  const histories = {
    altered: leaves.map((leaf, i) => (i === 3 ? stranger : leaf)),
    removed: leaves.filter((_, i) => i !== 3),
    inserted: [...leaves.slice(0, 3), stranger, ...leaves.slice(3)],
    exchanged: leaves.map((leaf, i) =>
      i === 3 ? (leaves[4] as Uint8Array) : i === 4 ? (leaves[3] as Uint8Array) : leaf,
    ),
  }
  for (const [name, other] of Object.entries(histories))
    for (let oldSize = 5; oldSize < 30; oldSize++) {
      const newRoot = rootOf(other.slice(0, 30))
      const claim = {
        oldSize,
        oldRoot: rootAt(oldSize),
        newSize: 30,
        newRoot,
        proof: consistencyProof(other, oldSize, 30),
      }
      expect(verifyConsistency(claim), `${name} ${oldSize}`).toBe(false)
    }
})

test('an empty log is a prefix of every log, and only with its own root and no proof', () => {
  const claim = { oldSize: 0, oldRoot: rootAt(0), newSize: 5, newRoot: rootAt(5), proof: [] as Uint8Array[] }
  expect(consistencyProof(leaves, 0, 5)).toEqual([])
  expect(verifyConsistency(claim)).toBe(true)
  expect(verifyConsistency({ ...claim, newSize: 0, newRoot: rootAt(0) })).toBe(true)
  expect(verifyConsistency({ ...claim, newSize: 0 })).toBe(false)
  expect(verifyConsistency({ ...claim, oldRoot: rootAt(1) })).toBe(false)
  expect(verifyConsistency({ ...claim, proof: [stranger] })).toBe(false)
})

test('a proof in any malformed shape is false and never throws', () => {
  const inclusion = {
    leaf: leaves[1] as Uint8Array,
    index: 1,
    size: 4,
    proof: inclusionProof(leaves, 1, 4),
    root: rootAt(4),
  }
  const consistency = {
    oldSize: 3,
    oldRoot: rootAt(3),
    newSize: 4,
    newRoot: rootAt(4),
    proof: consistencyProof(leaves, 3, 4),
  }
  expect(verifyInclusion(inclusion) && verifyConsistency(consistency)).toBe(true)
  const badNumbers = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, undefined]
  const badHashes = [null, undefined, 'x', new Uint8Array(31), new Uint8Array(33), []]
  const badProofs = [null, undefined, 'x', {}, [null], [new Uint8Array(31)], Array.from({ length: 55 }, () => stranger)]
  const spoil = (claim: object, names: string[], values: unknown[]): unknown[] =>
    names.flatMap((name) => values.map((value) => ({ ...claim, [name]: value })))
  for (const lie of [
    ...spoil(inclusion, ['index', 'size'], badNumbers),
    ...spoil(inclusion, ['leaf', 'root'], badHashes),
    ...spoil(inclusion, ['proof'], badProofs),
  ])
    expect(verifyInclusion(lie as typeof inclusion)).toBe(false)
  for (const lie of [
    ...spoil(consistency, ['oldSize', 'newSize'], badNumbers),
    ...spoil(consistency, ['oldRoot', 'newRoot'], badHashes),
    ...spoil(consistency, ['proof'], badProofs),
  ])
    expect(verifyConsistency(lie as typeof consistency)).toBe(false)
  for (const huge of [2 ** 52, Number.MAX_SAFE_INTEGER]) {
    expect(verifyInclusion({ ...inclusion, size: huge, index: huge - 1 })).toBe(false)
    expect(verifyConsistency({ ...consistency, newSize: huge })).toBe(false)
  }
})

test('a tree goes on from its stored state as if it had never stopped', () => {
  for (let stop = 0; stop <= sizeMax; stop++) {
    const before = createTree()
    for (const leaf of leaves.slice(0, stop)) before.append(leaf)
    const after = createTree({ size: before.size, frontier: before.frontier })
    for (const leaf of leaves.slice(stop, sizeMax)) after.append(leaf)
    expect(after.size).toBe(sizeMax)
    expect(after.root()).toEqual(rootAt(sizeMax))
    expect(before.root()).toEqual(rootAt(stop))
  }
})

test('what a tree hands out does not change it', () => {
  const tree = createTree()
  for (const leaf of leaves.slice(0, 3)) tree.append(leaf)
  ;(tree.frontier as Uint8Array[]).pop()
  expect(tree.root()).toEqual(rootAt(3))
})

test('a run of leaves of which only subtree hashes are known gives the same root', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(12), (start, count) => {
      const tree = createTree()
      for (const leaf of leaves.slice(0, start)) tree.append(leaf)
      const skipped = subtreesOf(start, count)
      expect(skipped.reduce((sum, [level]) => sum + 2 ** level, 0)).toBe(count)
      for (const [level, index] of skipped)
        tree.appendSubtree(level, rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)))
      for (const leaf of leaves.slice(start + count, sizeMax)) tree.append(leaf)
      expect(toHex(tree.root())).toBe(toHex(rootAt(sizeMax)))
    }),
  )
})

test('proofs from a store of nodes are the proofs from all leaves, and ask for complete subtrees only', () => {
  const asked: [number, number][] = []
  const nodeAt: NodeAt = (level, index) => {
    asked.push([level, index])
    return rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))
  }
  for (let size = 1; size <= sizeMax; size++)
    for (let i = 0; i < size; i++) {
      asked.length = 0
      expect(inclusionProof(nodeAt, i, size)).toEqual(inclusionProof(leaves, i, size))
      expect(consistencyProof(nodeAt, i, size)).toEqual(consistencyProof(leaves, i, size))
      for (const [level, index] of asked) expect((index + 1) * 2 ** level).toBeLessThanOrEqual(size)
    }
})

test('a log of a billion entries needs a few hashes, not its leaves', () => {
  const size = 1_234_567_890
  const same = logTree.empty()
  let asked = 0
  const nodeAt: NodeAt = (level) => {
    asked++
    let node = same
    for (let i = 0; i < level; i++) node = logTree.node(node, node)
    return node
  }
  const frontier = subtreesOf(0, size).map(([level]) => nodeAt(level, 0))
  const root = createTree({ size, frontier }).root()
  asked = 0
  expect(
    verifyInclusion({ leaf: same, index: 777_777_777, size, proof: inclusionProof(nodeAt, 777_777_777, size), root }),
  ).toBe(true)
  const old = 1_000_000_007
  const oldRoot = createTree({ size: old, frontier: subtreesOf(0, old).map(([level]) => nodeAt(level, 0)) }).root()
  expect(
    verifyConsistency({
      oldSize: old,
      oldRoot,
      newSize: size,
      newRoot: root,
      proof: consistencyProof(nodeAt, old, size),
    }),
  ).toBe(true)
  expect(asked).toBeLessThan(150)
})

test('a leaf, a node and an empty log never have one hash', () => {
  const pair = concat(stranger, stranger)
  expect(
    new Set(
      [logTree.leaf(pair), logTree.node(stranger, stranger), logTree.leaf(new Uint8Array(0)), logTree.empty()].map(
        toHex,
      ),
    ).size,
  ).toBe(4)
})

test.each([
  ['a leaf of another length', () => createTree().append(new Uint8Array(31))],
  ['a frontier that does not fit its size', () => createTree({ size: 3, frontier: [stranger] })],
  ['a frontier with a short hash', () => createTree({ size: 1, frontier: [new Uint8Array(31)] })],
  ['a negative size', () => createTree({ size: -1, frontier: [] })],
  ['a subtree beside its place', () => createTree({ size: 1, frontier: [stranger] }).appendSubtree(1, stranger)],
  ['a subtree of a broken level', () => createTree().appendSubtree(-1, stranger)],
  ['a size beyond 2^53', () => createTree().appendSubtree(53, stranger)],
  ['a run that begins before the log', () => subtreesOf(-1, 2)],
  ['an index outside', () => inclusionProof(leaves, 5, 5)],
  ['a size beyond the leaves', () => inclusionProof(leaves, 0, leaves.length + 1)],
  ['a store of nodes without a size', () => inclusionProof(() => stranger, 0)],
  ['an old size beyond the new', () => consistencyProof(leaves, 6, 5)],
])('%s is refused with BadBytes', (_, run) => {
  expect(run).toThrow(BadBytes)
})
