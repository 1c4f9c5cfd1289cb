/** Compression as an argument: the lane's judging code must run without Node. The real one stands in edge/shell/zstd.ts. */
export interface Compressor {
  /** One frame, no dictionary. */
  compress(bytes: Uint8Array): Uint8Array
  /** Exactly one frame that unfolds to exactly `plainLen` bytes and fills all of `bytes`; never allocates more than plainLen.
   *  Throws for everything else. */
  decompress(bytes: Uint8Array, plainLen: number): Uint8Array
}
