/** libsodium in WebAssembly: the back-end of browsers, and of Node where the native one cannot load (see `sodium.node.ts`).
 *  It and its twin are the only files that import libsodium. Everything but `ready` must wait for `ready`.
 *  The WASM heap keeps copies of keys and passwords after a call and never shrinks: only the end of the worker clears it. */
import wasm, * as module from 'libsodium-wrappers-sumo'
import type { Sodium, SodiumState } from './sodium.ts'

type WasmState = Parameters<typeof wasm.crypto_generichash_update>[0]
const raw = (held: SodiumState): WasmState => held.state as WasmState

/** The wrapper throws an Error for a failed check, a TypeError for a wrong call and a plain object when memory is short. */
const nullIfRefused = <T>(run: () => T): T | null => {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof Error && !(cause instanceof TypeError)) return null
    throw cause
  }
}

/** The wrapper frees a hash state at its end but a stream state never: 52 bytes with the key in them for each file. */
const free = (held: SodiumState): void => {
  const { libsodium } = module as unknown as { libsodium: { _free(address: unknown): void; HEAPU8: Uint8Array } }
  const address = held.state as number
  libsodium.HEAPU8.fill(0, address, address + 52)
  libsodium._free(address)
}

export const ready: Promise<void> = wasm.ready

export const sodium: Sodium = {
  backEnd: 'wasm',
  crypto_generichash: (length, message, key) => wasm.crypto_generichash(length, message, key),
  crypto_generichash_init: (length, key) => ({ state: wasm.crypto_generichash_init(key, length) }),
  crypto_generichash_update: (state, message) => wasm.crypto_generichash_update(raw(state), message),
  crypto_generichash_final: (state, length) => wasm.crypto_generichash_final(raw(state), length),
  crypto_sign_seed_keypair: (seed) => {
    const { publicKey, privateKey } = wasm.crypto_sign_seed_keypair(seed)
    return { publicKey, secretKey: privateKey }
  },
  crypto_sign_detached: (message, secretKey) => wasm.crypto_sign_detached(message, secretKey),
  crypto_sign_verify_detached: (signature, message, publicKey) =>
    wasm.crypto_sign_verify_detached(signature, message, publicKey),
  crypto_box_seed_keypair: (seed) => {
    const { publicKey, privateKey } = wasm.crypto_box_seed_keypair(seed)
    return { publicKey, secretKey: privateKey }
  },
  crypto_box_seal: (message, publicKey) => wasm.crypto_box_seal(message, publicKey),
  crypto_box_seal_open: (sealed, publicKey, secretKey) =>
    nullIfRefused(() => wasm.crypto_box_seal_open(sealed, publicKey, secretKey)),
  crypto_scalarmult: (secretKey, publicKey) => nullIfRefused(() => wasm.crypto_scalarmult(secretKey, publicKey)),
  crypto_aead_xchacha20poly1305_ietf_encrypt: (message, ad, nonce, key) =>
    wasm.crypto_aead_xchacha20poly1305_ietf_encrypt(message, ad, null, nonce, key),
  crypto_aead_xchacha20poly1305_ietf_decrypt: (ciphertext, ad, nonce, key) =>
    nullIfRefused(() => wasm.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, ad, nonce, key)),
  crypto_secretstream_xchacha20poly1305_init: (header, key) => ({
    state: wasm.crypto_secretstream_xchacha20poly1305_init_pull(header, key),
  }),
  crypto_secretstream_xchacha20poly1305_push: (state, message, ad, tag) =>
    wasm.crypto_secretstream_xchacha20poly1305_push(raw(state), message, ad, tag),
  crypto_secretstream_xchacha20poly1305_pull: (state, chunk, ad) =>
    wasm.crypto_secretstream_xchacha20poly1305_pull(raw(state), chunk, ad) || null,
  crypto_secretstream_xchacha20poly1305_free: free,
  crypto_kdf_derive_from_key: (length, id, context, master) =>
    wasm.crypto_kdf_derive_from_key(length, id, String.fromCharCode(...context), master),
  crypto_pwhash: (length, password, salt, ops, memBytes) =>
    wasm.crypto_pwhash(length, password, salt, ops, memBytes, wasm.crypto_pwhash_ALG_ARGON2ID13),
  crypto_pwhash_async: async (length, password, salt, ops, memBytes) =>
    wasm.crypto_pwhash(length, password, salt, ops, memBytes, wasm.crypto_pwhash_ALG_ARGON2ID13),
  memzero: (bytes) => wasm.memzero(bytes),
  memcmp: (a, b) => wasm.memcmp(a, b),
}
