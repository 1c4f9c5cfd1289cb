/** The fuzzing loop and its targets: seeded, so that a finding comes back with its seed. */
import { toHex } from '#crypto/bytes.ts'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { decodeChange } from '#protocols/change/change.ts'
import { Fault } from '#protocols/errors.ts'
import { parseCertificate } from '#protocols/identity/certificate.ts'
import { openGrant } from '#protocols/identity/grant.ts'
import { openLogCheckpoint } from '#protocols/sync/checkpoint.ts'
import { openManifest } from '#protocols/sync/manifest.ts'
import { openReceipt } from '#protocols/sync/receipt.ts'
import { samples } from './samples.ts'
import { bundleSeeds, fuzzBundle } from './targets/bundle.ts'
import { cborSeeds, fuzzCbor } from './targets/cbor.ts'

export type Target = (bytes: Uint8Array) => unknown

const anyKey = new Uint8Array(32).fill(9)

/** Whatever the bytes are: a value or a Fault. */
export const targets: Readonly<Record<string, Target>> = {
  cbor: fuzzCbor,
  lane: fuzzBundle,
  change: decodeChange,
  certificate: parseCertificate,
  grant: (bytes) => openGrant(bytes, anyKey),
  receipt: (bytes) => openReceipt(bytes, anyKey),
  manifest: (bytes) => openManifest(bytes, anyKey),
  checkpoint: (bytes) => openLogCheckpoint(bytes, anyKey),
}

export interface Finding {
  readonly error: string
  readonly hex: string
}

export function runFuzz(name: string, cases: number, seed: string): Finding[] {
  const target = targets[name]
  if (!target) throw new Error(`no target "${name}"; there are: ${Object.keys(targets).join(', ')}`)
  const random = createSeededRandom(`${name} ${seed}`)
  const number = (below: number): number => {
    const bytes = random.bytes(4)
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % below
  }
  const good = name === 'lane' ? [...bundleSeeds] : name === 'cbor' ? [...cborSeeds, ...samples()] : samples()
  const findings: Finding[] = []
  for (let at = 0; at < cases; at++) {
    const bytes = at % 4 === 0 ? random.bytes(number(200)) : mutate(good[number(good.length)] as Uint8Array, number, (n) => random.bytes(n))
    try {
      target(bytes)
    } catch (error) {
      if (!(error instanceof Fault)) findings.push({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), hex: toHex(bytes) })
    }
  }
  return findings
}

/** Flips, cuts, repeats, inserts: one to four times. */
function mutate(bytes: Uint8Array, number: (below: number) => number, some: (n: number) => Uint8Array): Uint8Array {
  let out = bytes.slice()
  for (let left = 1 + number(4); left > 0; left--) {
    const at = number(Math.max(1, out.length))
    const act = number(5)
    if (act === 0 && out.length > 0) out[at] = (out[at] as number) ^ (1 << number(8))
    else if (act === 1) out = out.slice(0, at)
    else if (act === 2) out = Uint8Array.from([...out.slice(0, at), ...some(number(8)), ...out.slice(at)])
    else if (act === 3) out = Uint8Array.from([...out.slice(0, at), ...out.slice(at, at + number(16)), ...out.slice(at)])
    else if (out.length > 0) out[at] = some(1)[0] as number
  }
  return out
}
