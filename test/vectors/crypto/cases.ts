/** The vectors of `crypto/` as the twin computes them. Each case is an operation, its inputs and what must come out, or how it must fail and why.
 *  `make.ts` writes them down; a change of a byte here is a change of a format. */
import type { Case } from './case.ts'
import { keyCases, linkCases, pinCases } from './cases-key.ts'
import { hashCases, signCases, treeCases, wordCases } from './cases-proof.ts'
import { bundleCases, fileCases, lockCases, sealCases } from './cases-sealed.ts'

export type VectorFiles = Record<string, { about: string; cases: Case[] }>

export const vectorFiles = (): VectorFiles => ({
  hash: { about: 'BLAKE2b under the label rule (security.md, 2.4)', cases: hashCases() },
  sign: { about: 'Ed25519 under the label rule (security.md, 2.4)', cases: signCases() },
  seal: { about: 'sealed boxes that begin with their label (security.md, 2.4)', cases: sealCases() },
  lock: { about: 'XChaCha20-Poly1305 with label and additional data (security.md, 2.4 and 3)', cases: lockCases() },
  keys: { about: 'sub-keys and wraps (security.md, 3 and 4)', cases: keyCases() },
  pin: { about: 'Argon2id and the key-encryption key (security.md, 4)', cases: pinCases() },
  file: { about: 'attachments: secretstream in chunks of 64 KiB (security.md, 7)', cases: fileCases() },
  bundle: { about: 'sealing of a bundle (lane.md, 2)', cases: bundleCases() },
  link: { about: 'link key and datagram MAC (lane.md, 6)', cases: linkCases() },
  tree: { about: 'the log tree: RFC 6962, 2.1 with BLAKE2b (security.md, 5)', cases: treeCases() },
  words: { about: 'six words of a hash (security.md, 4)', cases: wordCases() },
})
