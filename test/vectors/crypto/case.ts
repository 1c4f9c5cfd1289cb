/** What a vector is, and small helpers to write one. */
export type Bytes = Uint8Array
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value }
/** cannot-open: throws CannotOpen. bad-bytes: throws BadBytes. false: the answer is false. */
export type Failure = 'cannot-open' | 'bad-bytes' | 'false'
export interface Case {
  readonly name: string
  readonly op: string
  readonly in: { readonly [name: string]: Value }
  readonly out?: Value
  readonly fails?: Failure
}

export const hex = (bytes: Bytes): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
/** n bytes that differ by place and start: easy to read in a dump, easy to make elsewhere. */
export const ramp = (n: number, start: number): Bytes =>
  Uint8Array.from({ length: n }, (_, i) => (start + i * 7) & 0xff)
export const flip = (bytes: Bytes, at: number, bit = 1): Bytes => bytes.map((byte, i) => (i === at ? byte ^ bit : byte))

export const ok = (name: string, op: string, input: Case['in'], out: Value): Case => ({ name, op, in: input, out })
export const fail = (name: string, op: string, input: Case['in'], fails: Failure): Case => ({
  name,
  op,
  in: input,
  fails,
})
