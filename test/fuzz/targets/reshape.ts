/** Changes the shape of a decoded value as instructed by bytes: still canonical when encoded, so that it reaches what lies behind the scanner. */
import type { CborValue } from '#protocols/cbor.ts'

/** Two bytes an instruction: where, and what. */
export function reshape(value: CborValue, instructions: Uint8Array): CborValue {
  let reshaped = value
  for (let i = 0; i + 1 < instructions.length && i < 16; i += 2) {
    const left = 1 + ((instructions[i] as number) % nodesOf(reshaped))
    reshaped = replaceAt(reshaped, instructions[i + 1] as number, { left })
  }
  return reshaped
}

const nodesOf = (value: CborValue): number => {
  const items = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : []
  return items.reduce<number>((sum, item) => sum + nodesOf(item), 1)
}

/** Walks the tree and replaces the node at which the count runs out. */
function replaceAt(value: CborValue, what: number, walk: { left: number }): CborValue {
  if (--walk.left === 0) return replacement(value, what)
  if (Array.isArray(value)) return value.map((item) => (walk.left > 0 ? replaceAt(item, what, walk) : item))
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [key, walk.left > 0 ? replaceAt(item, what, walk) : item]))
  return value
}

function replacement(value: CborValue, what: number): CborValue {
  if (what % 16 === 15 && Array.isArray(value)) return value.slice(1)
  if (what % 16 === 14 && Array.isArray(value)) return [...value, value[0] ?? null]
  if (what % 16 === 13 && value instanceof Uint8Array)
    return value.map((byte, i) => (i === what % value.length ? byte ^ 1 : byte))
  if (what % 16 === 12 && value instanceof Map) return new Map([...value].slice(1))
  if (what % 16 === 11 && value instanceof Map) return new Map([...value, ['extra', 1]])
  const values: CborValue[] = [
    null,
    true,
    0,
    -1,
    12,
    2 ** 40,
    '',
    'restricted',
    new Uint8Array(0),
    new Uint8Array(32),
    [],
  ]
  return values[what % values.length] ?? new Map()
}
