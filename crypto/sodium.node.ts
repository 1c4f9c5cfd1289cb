/** libsodium in Node: sodium-native, or the WASM build where the native add-on cannot load (no binary for the platform, add-ons switched off).
 *  Which one runs is `sodium.backEnd`; both give equal bytes (test/unit/crypto/back-ends.test.ts). It must never be imported by page code. */
import { createRequire } from 'node:module'
import type { Sodium, SodiumState } from './sodium.ts'
import type { SodiumNative } from './sodium-native.ts'

const load = (): SodiumNative | null => {
  try {
    return createRequire(import.meta.url)('sodium-native') as SodiumNative
  } catch {
    return null
  }
}

const raw = (held: SodiumState): Uint8Array => held.state as Uint8Array

/** sodium-native throws an assertion for a wrong call and a plain Error for a failed check. */
const nullIfRefused = (run: () => Uint8Array): Uint8Array | null => {
  try {
    return run()
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ERR_ASSERTION') throw cause
    return null
  }
}

/** Runs a call that fills its first argument and hands that back. */
const filled = (length: number, fill: (out: Uint8Array) => unknown): Uint8Array => {
  const out = new Uint8Array(length)
  fill(out)
  return out
}

const pair = (secretLength: number, fill: (publicKey: Uint8Array, secretKey: Uint8Array) => void) => {
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(secretLength)
  fill(publicKey, secretKey)
  return { publicKey, secretKey }
}

const fromNative = (native: SodiumNative): Sodium => ({
  backEnd: 'native',
  crypto_generichash: (length, message, key) =>
    filled(length, (out) => native.crypto_generichash(out, message, key ?? undefined)),
  crypto_generichash_init: (length, key) => ({
    state: filled(native.crypto_generichash_STATEBYTES, (state) =>
      native.crypto_generichash_init(state, key ?? undefined, length),
    ),
  }),
  crypto_generichash_update: (state, message) => native.crypto_generichash_update(raw(state), message),
  crypto_generichash_final: (state, length) =>
    filled(length, (out) => native.crypto_generichash_final(raw(state), out)),
  crypto_sign_seed_keypair: (seed) => pair(64, (pk, sk) => native.crypto_sign_seed_keypair(pk, sk, seed)),
  crypto_sign_detached: (message, secretKey) =>
    filled(64, (out) => native.crypto_sign_detached(out, message, secretKey)),
  crypto_sign_verify_detached: (signature, message, publicKey) =>
    native.crypto_sign_verify_detached(signature, message, publicKey),
  crypto_box_seed_keypair: (seed) => pair(32, (pk, sk) => native.crypto_box_seed_keypair(pk, sk, seed)),
  crypto_box_seal: (message, publicKey) =>
    filled(message.length + 48, (out) => native.crypto_box_seal(out, message, publicKey)),
  crypto_box_seal_open: (sealed, publicKey, secretKey) => {
    const message = new Uint8Array(sealed.length - 48)
    return native.crypto_box_seal_open(message, sealed, publicKey, secretKey) ? message : null
  },
  crypto_scalarmult: (secretKey, publicKey) =>
    nullIfRefused(() => filled(32, (out) => native.crypto_scalarmult(out, secretKey, publicKey))),
  crypto_aead_xchacha20poly1305_ietf_encrypt: (message, ad, nonce, key) =>
    filled(message.length + 16, (out) =>
      native.crypto_aead_xchacha20poly1305_ietf_encrypt(out, message, ad, null, nonce, key),
    ),
  crypto_aead_xchacha20poly1305_ietf_decrypt: (ciphertext, ad, nonce, key) =>
    nullIfRefused(() =>
      filled(ciphertext.length - 16, (out) =>
        native.crypto_aead_xchacha20poly1305_ietf_decrypt(out, null, ciphertext, ad, nonce, key),
      ),
    ),
  crypto_secretstream_xchacha20poly1305_init: (header, key) => ({
    state: filled(native.crypto_secretstream_xchacha20poly1305_STATEBYTES, (state) =>
      native.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key),
    ),
  }),
  crypto_secretstream_xchacha20poly1305_push: (state, message, ad, tag) =>
    filled(message.length + 17, (out) =>
      native.crypto_secretstream_xchacha20poly1305_push(raw(state), out, message, ad, tag),
    ),
  crypto_secretstream_xchacha20poly1305_pull: (state, chunk, ad) => {
    const tag = new Uint8Array(1)
    const message = nullIfRefused(() =>
      filled(chunk.length - 17, (out) =>
        native.crypto_secretstream_xchacha20poly1305_pull(raw(state), out, tag, chunk, ad),
      ),
    )
    return message === null ? null : { message, tag: tag[0] as number }
  },
  crypto_secretstream_xchacha20poly1305_free: (state) => native.sodium_memzero(raw(state)),
  crypto_kdf_derive_from_key: (length, id, context, master) =>
    filled(length, (out) => native.crypto_kdf_derive_from_key(out, id, context, master)),
  crypto_pwhash: (length, password, salt, ops, memBytes) =>
    filled(length, (out) =>
      native.crypto_pwhash(out, password, salt, ops, memBytes, native.crypto_pwhash_ALG_ARGON2ID13),
    ),
  crypto_pwhash_async: async (length, password, salt, ops, memBytes) => {
    const out = new Uint8Array(length)
    await native.crypto_pwhash_async(out, password, salt, ops, memBytes, native.crypto_pwhash_ALG_ARGON2ID13)
    return out
  },
  memzero: (bytes) => native.sodium_memzero(bytes),
  memcmp: (a, b) => native.sodium_memcmp(a, b),
})

const native = load()
const fallback = native === null ? await import('./sodium.browser.ts') : null

export const ready: Promise<void> = fallback?.ready ?? Promise.resolve()
export const sodium: Sodium = native === null ? (fallback as { sodium: Sodium }).sodium : fromNative(native)
