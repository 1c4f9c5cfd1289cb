/** Types of the part of sodium-native that `sodium.node.ts` calls; the package has none. Outputs are filled in place and come first. */
type Bytes = Uint8Array

export interface SodiumNative {
  readonly crypto_generichash_STATEBYTES: number
  readonly crypto_secretstream_xchacha20poly1305_STATEBYTES: number
  readonly crypto_pwhash_ALG_ARGON2ID13: number
  crypto_generichash(out: Bytes, message: Bytes, key?: Bytes): void
  crypto_generichash_init(state: Bytes, key: Bytes | undefined, length: number): void
  crypto_generichash_update(state: Bytes, message: Bytes): void
  crypto_generichash_final(state: Bytes, out: Bytes): void
  crypto_sign_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void
  crypto_sign_detached(signature: Bytes, message: Bytes, secretKey: Bytes): void
  crypto_sign_verify_detached(signature: Bytes, message: Bytes, publicKey: Bytes): boolean
  crypto_box_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void
  crypto_box_seal(sealed: Bytes, message: Bytes, publicKey: Bytes): void
  crypto_box_seal_open(message: Bytes, sealed: Bytes, publicKey: Bytes, secretKey: Bytes): boolean
  crypto_scalarmult(out: Bytes, secretKey: Bytes, publicKey: Bytes): void
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    c: Bytes,
    m: Bytes,
    ad: Bytes,
    none: null,
    nonce: Bytes,
    key: Bytes,
  ): number
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    m: Bytes,
    none: null,
    c: Bytes,
    ad: Bytes,
    nonce: Bytes,
    key: Bytes,
  ): number
  crypto_secretstream_xchacha20poly1305_init_pull(state: Bytes, header: Bytes, key: Bytes): void
  crypto_secretstream_xchacha20poly1305_push(state: Bytes, c: Bytes, m: Bytes, ad: Bytes, tag: number): number
  crypto_secretstream_xchacha20poly1305_pull(state: Bytes, m: Bytes, tag: Bytes, c: Bytes, ad: Bytes): number
  crypto_kdf_derive_from_key(out: Bytes, id: number, context: Bytes, master: Bytes): void
  crypto_pwhash(out: Bytes, password: Bytes, salt: Bytes, ops: number, memBytes: number, algorithm: number): void
  crypto_pwhash_async(
    out: Bytes,
    password: Bytes,
    salt: Bytes,
    ops: number,
    memBytes: number,
    algorithm: number,
  ): Promise<void>
  sodium_memzero(bytes: Bytes): void
  sodium_memcmp(a: Bytes, b: Bytes): boolean
}
