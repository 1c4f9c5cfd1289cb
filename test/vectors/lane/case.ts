/** What a vector of the lane is. Files are named once and may be edited by a case, so that a large one stands here once. */
export type Edit =
  | readonly ['set', offset: number, hex: string]
  | readonly ['cut', sizeBytes: number]
  | readonly ['append', hex: string]
  | readonly ['swap-chunks', first: number, second: number]
  | readonly ['drop-chunk', index: number]
  /** Replaces the last 96 bytes: payloadHash and signature. */
  | readonly ['trailer', hex: string]

export interface BundleCase {
  readonly name: string
  readonly file: string
  readonly edits?: readonly Edit[]
  /** Names of files that were imported before. */
  readonly before: readonly string[]
  readonly nowMs?: number
  readonly expected:
    | {
        readonly verdict: 'new'
        readonly bundleHash: string
        readonly contentHash: string
        readonly kinds: readonly number[]
        readonly waiting: number
      }
    | { readonly verdict: 'duplicate' }
    | { readonly code: string }
}

/** Plain content given to the second check alone: what reaches it in a bundle has passed the first. */
export interface SecondCase {
  readonly name: string
  readonly content: string
  readonly recordCount: number
  readonly expected: { readonly openSlots: number; readonly closedSlots: number } | { readonly code: string }
}

/** All bytes as hex; policies, grants and certificates as they are encoded. */
export interface VectorContext {
  readonly laneNumber: string
  readonly sender: string
  readonly recipient: string
  readonly senderPublicKey: string
  readonly senderNotBeforeMs: number
  readonly senderNotAfterMs: number
  readonly recipientPublicKey: string
  readonly recipientSecretKey: string
  readonly issuerPublicKey: string
  readonly policies: readonly string[]
  readonly grants: readonly string[]
  readonly certificates: readonly string[]
  readonly nowMs: number
  readonly expiryGraceMs: number
}

export interface LaneVectors {
  readonly about: string
  readonly context: VectorContext
  /** base64. */
  readonly files: Readonly<Record<string, string>>
  readonly bundles: readonly BundleCase[]
  readonly second: readonly SecondCase[]
}
