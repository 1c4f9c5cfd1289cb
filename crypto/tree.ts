/** Hash tree of the station's log: RFC 6962 section 2.1 with BLAKE2b under the labels log-leaf and log-node in place of SHA-256 under 00 and 01.
 *  Every function takes the hash last, so that the same code answers for the vectors of the RFC. Sizes and indexes are whole numbers below 2^53.
 *  A tree here never holds its leaves: it knows its size and its frontier, the roots of the complete subtrees from left to right. */
import { abytes, BadBytes, equalBytes } from './bytes.ts'
import { hash } from './hash.ts'
import { sizes } from './sodium.ts'

export interface TreeHash {
  leaf(bytes: Uint8Array): Uint8Array
  node(left: Uint8Array, right: Uint8Array): Uint8Array
  empty(): Uint8Array
}

/** No node has an empty input, so the root of an empty log is equal to no other. */
export const logTree: TreeHash = {
  leaf: (bytes) => hash('log-leaf', bytes),
  node: (left, right) => hash('log-node', left, right),
  empty: () => hash('log-node'),
}

/** Hash of one log entry: what trees and proofs call a leaf. Returns 32 bytes. */
export const leafHash = (bytes: Uint8Array, h: TreeHash = logTree): Uint8Array => h.leaf(bytes)

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const checkSize = (value: number, label: string): number => {
  if (!isSize(value)) throw new BadBytes(label, 'a whole number from 0', 'another')
  return value
}
const checkHash = (value: Uint8Array): Uint8Array => abytes(value, sizes.hash, 'tree hash')

const bitsSet = (size: number): number => {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/** Root over neighbouring subtrees, left to right, each at most as large as the one before. */
const foldRight = (roots: readonly Uint8Array[], h: TreeHash): Uint8Array => {
  if (roots.length === 0) return h.empty()
  return roots.reduceRight((right, left) => h.node(left, right))
}

export interface TreeState {
  readonly size: number
  /** 32 bytes each, largest subtree first; as many as `size` has one-bits. */
  readonly frontier: readonly Uint8Array[]
}

export interface Tree extends TreeState {
  /** leaf: a leaf hash of 32 bytes. */
  append(leaf: Uint8Array): void
  /** Appends 2^level leaves of which only the subtree's root is known. `size` must be a multiple of 2^level. */
  appendSubtree(level: number, root: Uint8Array): void
  root(): Uint8Array
}

/** Grows a tree, from nothing or from a stored state. */
export const createTree = (from: TreeState = { size: 0, frontier: [] }, h: TreeHash = logTree): Tree => {
  let size = checkSize(from.size, 'tree size')
  const frontier = from.frontier.map(checkHash)
  if (frontier.length !== bitsSet(size)) throw new BadBytes('frontier', `${bitsSet(size)} hashes`, `${frontier.length}`)
  const appendSubtree = (level: number, root: Uint8Array): void => {
    const width = 2 ** checkSize(level, 'subtree level')
    checkHash(root)
    if (size % width !== 0) throw new BadBytes('subtree', 'a place at a multiple of its size', 'another')
    checkSize(size + width, 'tree size')
    let carried = root
    for (let place = size / width; place % 2 === 1; place = Math.floor(place / 2))
      carried = h.node(frontier.pop() as Uint8Array, carried)
    frontier.push(carried)
    size += width
  }
  return {
    get size() {
      return size
    },
    get frontier() {
      return [...frontier]
    },
    append: (leaf) => appendSubtree(0, leaf),
    appendSubtree,
    root: () => foldRight(frontier, h),
  }
}

/** leaves: leaf hashes. */
export const rootOf = (leaves: readonly Uint8Array[], h: TreeHash = logTree): Uint8Array => {
  const tree = createTree(undefined, h)
  for (const leaf of leaves) tree.append(leaf)
  return tree.root()
}

/** A run of leaves as complete subtrees: [level, index], where the subtree holds leaves index·2^level to (index+1)·2^level - 1. So a sender names
 *  leaves that it leaves out by few hashes, and a receiver feeds them to `appendSubtree` in this order. */
export const subtreesOf = (start: number, count: number): [level: number, index: number][] => {
  const subtrees: [number, number][] = []
  const end = checkSize(checkSize(start, 'start') + checkSize(count, 'count'), 'end')
  for (let at = start; at < end; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++
    subtrees.push([level, at / 2 ** level])
    at += 2 ** level
  }
  return subtrees
}

/** Root of one complete subtree, from a store of nodes or from all leaves. */
export type NodeAt = (level: number, index: number) => Uint8Array
export type TreeSource = readonly Uint8Array[] | NodeAt

const nodesOf = (source: TreeSource, h: TreeHash): NodeAt =>
  typeof source === 'function'
    ? source
    : (level, index) => rootOf(source.slice(index * 2 ** level, (index + 1) * 2 ** level), h)

const sizeOf = (source: TreeSource, size: number | undefined): number => {
  const known = typeof source === 'function' ? undefined : source.length
  const wanted = checkSize(size ?? known ?? Number.NaN, 'tree size')
  if (known !== undefined && wanted > known) throw new BadBytes('tree size', `at most ${known}`, `${wanted}`)
  return wanted
}

/** The greatest power of two below n; n from 2. */
const splitOf = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

type Range = readonly [start: number, end: number]

/** RFC 6962, 2.1.1: PATH(m, D[n]) as ranges of leaves. */
const inclusionRanges = (index: number, start: number, end: number): Range[] => {
  if (end - start === 1) return []
  const middle = start + splitOf(end - start)
  return index < middle
    ? [...inclusionRanges(index, start, middle), [middle, end]]
    : [...inclusionRanges(index, middle, end), [start, middle]]
}

/** RFC 6962, 2.1.2: SUBPROOF(m, D[n], b) as ranges of leaves. */
const consistencyRanges = (old: number, start: number, end: number, isWhole: boolean): Range[] => {
  if (old === end) return isWhole ? [] : [[start, end]]
  const middle = start + splitOf(end - start)
  return old <= middle
    ? [...consistencyRanges(old, start, middle, isWhole), [middle, end]]
    : [...consistencyRanges(old, middle, end, false), [start, middle]]
}

const hashRanges = (ranges: readonly Range[], source: TreeSource, h: TreeHash): Uint8Array[] => {
  const nodeAt = nodesOf(source, h)
  return ranges.map(([start, end]) =>
    foldRight(
      subtreesOf(start, end - start).map(([level, index]) => nodeAt(level, index)),
      h,
    ),
  )
}

/** Proof that leaf `index` stands in the tree of the first `size` leaves (all, for an array). Throws BadBytes for an index outside. */
export const inclusionProof = (
  source: TreeSource,
  index: number,
  size?: number,
  h: TreeHash = logTree,
): Uint8Array[] => {
  const whole = sizeOf(source, size)
  if (checkSize(index, 'leaf index') >= whole) throw new BadBytes('leaf index', `below ${whole}`, `${index}`)
  return hashRanges(inclusionRanges(index, 0, whole), source, h)
}

/** Proof that the tree of `oldSize` leaves is a prefix of the tree of `size`. Empty for oldSize 0 and for equal sizes. */
export const consistencyProof = (
  source: TreeSource,
  oldSize: number,
  size?: number,
  h: TreeHash = logTree,
): Uint8Array[] => {
  const whole = sizeOf(source, size)
  if (checkSize(oldSize, 'old size') > whole) throw new BadBytes('old size', `at most ${whole}`, `${oldSize}`)
  return oldSize === 0 ? [] : hashRanges(consistencyRanges(oldSize, 0, whole, true), source, h)
}

/** A tree below 2^53 has no longer path: a longer list is refused before it is walked. */
const proofHashesMax = 54
const isHash = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === sizes.hash
const isProof = (value: unknown): value is readonly Uint8Array[] =>
  Array.isArray(value) && value.length <= proofHashesMax && value.every(isHash)

export interface Inclusion {
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** Never throws on what came from outside: anything malformed is false. A root does not bind its size: both must come from one signed checkpoint. */
export const verifyInclusion = (claim: Inclusion, h: TreeHash = logTree): boolean => {
  const { leaf, index, size, proof, root } = claim
  if (!isHash(leaf) || !isHash(root) || !isProof(proof) || !isSize(index) || !isSize(size) || index >= size)
    return false
  const climb = (at: number, width: number, used: number): Uint8Array | null => {
    if (width === 1) return used === 0 ? leaf : null
    if (used === 0) return null
    const middle = splitOf(width)
    const sibling = proof[used - 1] as Uint8Array
    const below = at < middle ? climb(at, middle, used - 1) : climb(at - middle, width - middle, used - 1)
    if (below === null) return null
    return at < middle ? h.node(below, sibling) : h.node(sibling, below)
  }
  const found = climb(index, size, proof.length)
  return found !== null && equalBytes(found, root)
}

export interface Consistency {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly newSize: number
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Never throws on what came from outside: anything malformed is false. An empty old tree is a prefix of every tree. */
export const verifyConsistency = (claim: Consistency, h: TreeHash = logTree): boolean => {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim
  if (!isHash(oldRoot) || !isHash(newRoot) || !isProof(proof) || !isSize(oldSize) || !isSize(newSize)) return false
  if (oldSize > newSize) return false
  if (oldSize === 0)
    return proof.length === 0 && equalBytes(oldRoot, h.empty()) && (newSize > 0 || equalBytes(newRoot, oldRoot))
  /** The roots of the old and the new tree, as far as they lie in this subtree. */
  const climb = (old: number, width: number, isWhole: boolean, used: number): [Uint8Array, Uint8Array] | null => {
    if (old === width && isWhole) return used === 0 ? [oldRoot, oldRoot] : null
    if (old === width) return used === 1 ? [proof[0] as Uint8Array, proof[0] as Uint8Array] : null
    if (used === 0) return null
    const middle = splitOf(width)
    const sibling = proof[used - 1] as Uint8Array
    const below =
      old <= middle ? climb(old, middle, isWhole, used - 1) : climb(old - middle, width - middle, false, used - 1)
    if (below === null) return null
    const [before, after] = below
    return old <= middle ? [before, h.node(after, sibling)] : [h.node(sibling, before), h.node(sibling, after)]
  }
  const found = climb(oldSize, newSize, true, proof.length)
  return found !== null && equalBytes(found[0], oldRoot) && equalBytes(found[1], newRoot)
}
