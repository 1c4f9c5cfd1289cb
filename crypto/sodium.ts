/** The part of libsodium that Outpost uses (security.md, 2.8), as one interface with two back-ends: `sodium.node.ts` (sodium-native) and
 *  `sodium.browser.ts` (WASM). Construction modules know only this interface and take a value from `#crypto/sodium`.
 *  Rules of the interface: bytes in, fresh bytes out; a failed check is `null` or `false`, an exception means a wrong call or no memory. The
 *  caller has checked every length. It must never offer anything that draws random bytes, except `crypto_box_seal`, which cannot do without:
 *  keys, nonces and salts come from the `Random` that was passed in, so that a simulated world can be run again. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

/** State of a running hash or stream. Only the back-end that made it can read it. */
export interface SodiumState {
  readonly state: unknown
}

export interface Sodium {
  readonly backEnd: 'native' | 'wasm'

  /** BLAKE2b. length 16..64, key null or 16..64 bytes. */
  crypto_generichash(length: number, message: Uint8Array, key: Uint8Array | null): Uint8Array
  crypto_generichash_init(length: number, key: Uint8Array | null): SodiumState
  crypto_generichash_update(state: SodiumState, message: Uint8Array): void
  /** Ends the state: it must not be used again. */
  crypto_generichash_final(state: SodiumState, length: number): Uint8Array

  /** Ed25519. seed 32, public key 32, secret key 64 (seed then public key), signature 64 bytes. */
  crypto_sign_seed_keypair(seed: Uint8Array): KeyPair
  crypto_sign_detached(message: Uint8Array, secretKey: Uint8Array): Uint8Array
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean

  /** X25519. All keys 32 bytes. The sealed box is 48 bytes longer than its message. */
  crypto_box_seed_keypair(seed: Uint8Array): KeyPair
  crypto_box_seal(message: Uint8Array, publicKey: Uint8Array): Uint8Array
  crypto_box_seal_open(sealed: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | null
  /** null when the result would be all zero (a point of small order). */
  crypto_scalarmult(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null

  /** XChaCha20-Poly1305, IETF form. Nonce 24, key 32, ciphertext 16 bytes longer than its message. */
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    message: Uint8Array,
    ad: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): Uint8Array
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    ciphertext: Uint8Array,
    ad: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): Uint8Array | null

  /** Secretstream. Header 24, key 32, each chunk 17 bytes longer than its message. One state serves either pushing or pulling: libsodium derives
   *  both from header and key in the same way, so the header can come from our own `Random`. Free every state. */
  crypto_secretstream_xchacha20poly1305_init(header: Uint8Array, key: Uint8Array): SodiumState
  crypto_secretstream_xchacha20poly1305_push(
    state: SodiumState,
    message: Uint8Array,
    ad: Uint8Array,
    tag: number,
  ): Uint8Array
  crypto_secretstream_xchacha20poly1305_pull(
    state: SodiumState,
    chunk: Uint8Array,
    ad: Uint8Array,
  ): { message: Uint8Array; tag: number } | null
  crypto_secretstream_xchacha20poly1305_free(state: SodiumState): void

  /** id 0..2^31-1 (the WASM build takes no more), context 8 bytes, master 32 bytes. */
  crypto_kdf_derive_from_key(length: number, id: number, context: Uint8Array, master: Uint8Array): Uint8Array

  /** Argon2id 1.3, one lane. salt 16 bytes. Blocks its thread for the whole time. */
  crypto_pwhash(length: number, password: Uint8Array, salt: Uint8Array, ops: number, memBytes: number): Uint8Array
  /** The same off the event loop where the back-end can (native); the WASM build blocks. */
  crypto_pwhash_async(
    length: number,
    password: Uint8Array,
    salt: Uint8Array,
    ops: number,
    memBytes: number,
  ): Promise<Uint8Array>

  memzero(bytes: Uint8Array): void
  /** Constant time. Both of one length. */
  memcmp(a: Uint8Array, b: Uint8Array): boolean
}

/** Sizes of suite 1, in bytes. They are part of our formats and so stand here, not in a library. */
export const sizes = {
  hash: 32,
  mac: 16,
  signPublicKey: 32,
  signSecretKey: 64,
  signature: 64,
  boxKey: 32,
  boxOverhead: 48,
  key: 32,
  nonce: 24,
  tag: 16,
  streamHeader: 24,
  streamOverhead: 17,
  salt: 16,
  context: 8,
  seed: 32,
  id: 16,
} as const
